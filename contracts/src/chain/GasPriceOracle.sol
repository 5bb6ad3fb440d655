// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {L1Block} from "src/chain/L1Block.sol";

/// @title GasPriceOracle
/// @notice Predeploy 0x420000000000000000000000000000000000000F: what a transaction pays for its bytes on the parent.
///         The rule, which the node's must equal, is that of OP Stack Ecotone:
///             gas = 4 * zero bytes + 16 * other bytes of the signed transaction
///             fee = gas * (16 * baseFeeScalar * l1BaseFee + blobBaseFeeScalar * blobBaseFee) / (16 * 10^6)
///         rounded down once, at the end. Estimates here are for an unsigned transaction, and add 68 * 16 gas for its
///         signature.
contract GasPriceOracle {
    string public constant version = "1.4.0-mezz";

    /// @notice Decimals of the two scalars.
    uint256 public constant decimals = 6;
    /// @notice Rules that clients ask about: Ecotone's formula, and none of the later ones.
    bool public constant isEcotone = true;
    bool public constant isFjord = false;
    bool public constant isIsthmus = false;
    bool public constant isJovian = false;

    L1Block private constant L1_BLOCK = L1Block(0x4200000000000000000000000000000000000015);
    uint256 private constant SIGNATURE_BYTES = 68;

    /// @notice Fee of an unsigned transaction's bytes (wei).
    function getL1Fee(bytes calldata data) external view returns (uint256) {
        uint256 weighted = 16 * uint256(baseFeeScalar()) * l1BaseFee() + uint256(blobBaseFeeScalar()) * blobBaseFee();
        return getL1GasUsed(data) * weighted / (16 * 10 ** decimals);
    }

    /// @notice Gas that an unsigned transaction's bytes use on the parent, with its signature.
    function getL1GasUsed(bytes calldata data) public pure returns (uint256 gas) {
        gas = 16 * (data.length + SIGNATURE_BYTES);
        for (uint256 i = 0; i < data.length; ++i) {
            if (data[i] == 0) gas -= 12;
        }
    }

    /// @notice Fee of the operator (wei): none.
    function getOperatorFee(uint256) external pure returns (uint256) {
        return 0;
    }

    /// @notice Base fee of this block (wei a gas).
    function gasPrice() external view returns (uint256) {
        return block.basefee;
    }

    /// @notice Base fee of this block (wei a gas).
    function baseFee() external view returns (uint256) {
        return block.basefee;
    }

    /// @notice Base fee of the parent (wei a gas).
    function l1BaseFee() public view returns (uint256) {
        return L1_BLOCK.basefee();
    }

    /// @notice Blob base fee of the parent (wei a gas).
    function blobBaseFee() public view returns (uint256) {
        return L1_BLOCK.blobBaseFee();
    }

    /// @notice Weight of the parent's base fee (millionths).
    function baseFeeScalar() public view returns (uint32) {
        return L1_BLOCK.baseFeeScalar();
    }

    /// @notice Weight of the parent's blob base fee (millionths).
    function blobBaseFeeScalar() public view returns (uint32) {
        return L1_BLOCK.blobBaseFeeScalar();
    }
}
