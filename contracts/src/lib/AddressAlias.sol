// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title AddressAlias
/// @notice Senders of deposits: an account keeps its address, a contract gets another one, because a contract at the
///         same address of the other chain may belong to somebody else.
library AddressAlias {
    /// @notice Added to a contract's address, modulo 2^160.
    uint160 internal constant OFFSET = uint160(0x1111000000000000000000000000000000001111);

    /// @notice Sender that the chain sees for this call.
    /// @dev An account with an EIP-7702 delegation (23 bytes 0xef0100 ‖ address) is still an account; no contract can
    ///      have such code (EIP-3541). A contract under construction has no code, hence the question about the origin.
    function ofCaller() internal view returns (address) {
        if (msg.sender == tx.origin) return msg.sender;
        if (msg.sender.code.length == 23 && bytes3(bytes(msg.sender.code)) == 0xef0100) return msg.sender;
        return apply_(msg.sender);
    }

    /// @notice Alias of a contract's address.
    function apply_(address account) internal pure returns (address) {
        unchecked {
            return address(uint160(account) + OFFSET);
        }
    }
}
