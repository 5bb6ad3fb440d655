// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {L2ToL1MessagePasser} from "src/chain/L2ToL1MessagePasser.sol";

/// @title FeeVault
/// @notice Predeploys 0x4200000000000000000000000000000000000011 (priority fees), ...0019 (base fees) and ...001A (fees
///         for parent bytes): keeps fees until anybody sends them to the recipient on the parent.
contract FeeVault {
    /// @notice The genesis names no recipient.
    error NoRecipient();
    /// @notice The vault is empty.
    error NothingToWithdraw();

    event Withdrawal(uint256 value, address to, address from);

    string public constant version = "1.0.0-mezz";

    L2ToL1MessagePasser private constant PASSER =
        L2ToL1MessagePasser(payable(0x4200000000000000000000000000000000000016));
    /// @dev Gas on the parent: enough for a recipient that is a small contract.
    uint256 private constant WITHDRAWAL_GAS_LIMIT = 400_000;

    /// @notice Who gets the fees on the parent. Slot 0, which the genesis writes.
    address public recipient;
    /// @notice Fees sent so far (wei).
    uint256 public totalProcessed;

    receive() external payable {}

    /// @notice Starts the withdrawal of everything held.
    function withdraw() external returns (uint256 value) {
        address to = recipient;
        value = address(this).balance;
        if (to == address(0)) revert NoRecipient();
        if (value == 0) revert NothingToWithdraw();
        totalProcessed += value;
        emit Withdrawal(value, to, msg.sender);
        PASSER.initiateWithdrawal{value: value}(to, WITHDRAWAL_GAS_LIMIT, "");
    }
}
