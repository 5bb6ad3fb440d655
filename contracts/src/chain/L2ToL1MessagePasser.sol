// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title L2ToL1MessagePasser
/// @notice Predeploy 0x4200000000000000000000000000000000000016: records withdrawals, whose storage trie is part of
///         every output root. The ETH sent stays here; the portal pays it out of what it holds on the parent.
contract L2ToL1MessagePasser {
    event MessagePassed(
        uint256 indexed nonce,
        address indexed sender,
        address indexed target,
        uint256 value,
        uint256 gasLimit,
        bytes data,
        bytes32 withdrawalHash
    );

    string public constant version = "1.1.2-mezz";

    /// @notice Version of the withdrawal encoding, in the top 16 bits of each nonce.
    uint16 public constant MESSAGE_VERSION = 1;
    /// @dev Gas on the parent for a withdrawal by plain transfer.
    uint256 private constant RECEIVE_GAS_LIMIT = 100_000;

    /// @notice Withdrawals made. The portal's proofs rely upon slot 0.
    mapping(bytes32 withdrawalHash => bool) public sentMessages;
    uint240 private nonce_;

    /// @notice Withdraws the value to the sender's address on the parent.
    receive() external payable {
        initiateWithdrawal(msg.sender, RECEIVE_GAS_LIMIT, "");
    }

    /// @notice Sends the value and a call to the parent.
    /// @param gasLimit  Least gas the target gets there.
    function initiateWithdrawal(address target, uint256 gasLimit, bytes memory data) public payable {
        uint256 nonce = messageNonce();
        bytes32 withdrawalHash = keccak256(abi.encode(nonce, msg.sender, target, msg.value, gasLimit, data));
        sentMessages[withdrawalHash] = true;
        ++nonce_;
        emit MessagePassed(nonce, msg.sender, target, msg.value, gasLimit, data, withdrawalHash);
    }

    /// @notice Nonce of the next withdrawal, version included.
    function messageNonce() public view returns (uint256) {
        return (uint256(MESSAGE_VERSION) << 240) | nonce_;
    }
}
