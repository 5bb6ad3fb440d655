// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title L1Block
/// @notice Predeploy 0x4200000000000000000000000000000000000015: what the chain knows about the parent block its current
///         block was built upon. The node writes it with the first transaction of every block and reads it by slot, so
///         the layout below is part of the chain's rules (OP Stack, Isthmus).
contract L1Block {
    /// @notice The caller is not the depositor.
    error NotDepositor();
    /// @notice The call is not 164 bytes long.
    error BadLength();

    string public constant version = "1.6.0-mezz";

    /// @notice Sender of the block's first transaction.
    address public constant DEPOSITOR_ACCOUNT = 0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001;

    /// @notice Number of the parent block. Slot 0.
    uint64 public number;
    /// @notice Its time (seconds). Slot 0.
    uint64 public timestamp;
    /// @notice Its base fee (wei a gas). Slot 1.
    uint256 public basefee;
    /// @notice Its hash. Slot 2.
    bytes32 public hash;
    /// @notice Blocks of the chain before this one with the same parent block. Slot 3.
    uint64 public sequenceNumber;
    /// @notice Weight of the blob base fee (millionths). Slot 3.
    uint32 public blobBaseFeeScalar;
    /// @notice Weight of the base fee (millionths). Slot 3.
    uint32 public baseFeeScalar;
    /// @notice Batcher, left-padded. Slot 4.
    bytes32 public batcherHash;
    /// @notice Unused since Ecotone. Slot 5.
    uint256 public l1FeeOverhead;
    /// @notice Unused since Ecotone. Slot 6.
    uint256 public l1FeeScalar;
    /// @notice Blob base fee of the parent block (wei a gas). Slot 7.
    uint256 public blobBaseFee;
    /// @notice Constant part of the operator fee (wei). Slot 8.
    uint64 public operatorFeeConstant;
    /// @notice Weight of gas in the operator fee (millionths). Slot 8.
    uint32 public operatorFeeScalar;

    /// @notice Sets the values of a block. Behind the selector, packed: baseFeeScalar (4) ‖ blobBaseFeeScalar (4) ‖
    ///         sequenceNumber (8) ‖ timestamp (8) ‖ number (8) ‖ basefee (32) ‖ blobBaseFee (32) ‖ hash (32) ‖
    ///         batcherHash (32).
    function setL1BlockValuesEcotone() external {
        if (msg.sender != DEPOSITOR_ACCOUNT) revert NotDepositor();
        if (msg.data.length != 164) revert BadLength();
        // The packed halves of a word stand in the call as they do in storage. Written field by field, in every block,
        // they would cost five stores instead of two; the plain twin is in test/Chain.t.sol.
        assembly ("memory-safe") {
            sstore(sequenceNumber.slot, shr(128, calldataload(4)))
            sstore(number.slot, shr(128, calldataload(20)))
        }
        basefee = uint256(bytes32(msg.data[36:68]));
        blobBaseFee = uint256(bytes32(msg.data[68:100]));
        hash = bytes32(msg.data[100:132]);
        batcherHash = bytes32(msg.data[132:164]);
    }
}
