// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Multicall3
/// @notice Many calls in one, with the interface that clients expect at 0xcA11bde05977b3631167028862bE2a173976CA11, for
///         parents of our own. No constructor state: the code may be put there by a genesis.
contract Multicall3 {
    struct Call {
        address target;
        bytes callData;
    }

    struct Call3 {
        address target;
        bool allowFailure;
        bytes callData;
    }

    struct Call3Value {
        address target;
        bool allowFailure;
        uint256 value;
        bytes callData;
    }

    struct Result {
        bool success;
        bytes returnData;
    }

    /// @notice Call number `index` failed and was not allowed to.
    error CallFailed(uint256 index);
    /// @notice The values of the calls do not add up to the value sent.
    error ValueMismatch(uint256 usedWei, uint256 sentWei);

    /// @notice Calls that must all succeed.
    function aggregate(Call[] calldata calls)
        external
        payable
        returns (uint256 blockNumber, bytes[] memory returnData)
    {
        blockNumber = block.number;
        returnData = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            returnData[i] = _call(i, calls[i].target, false, 0, calls[i].callData).returnData;
        }
    }

    /// @notice Calls that must all succeed, or none of which has to.
    function tryAggregate(bool requireSuccess, Call[] calldata calls)
        external
        payable
        returns (Result[] memory results)
    {
        results = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            results[i] = _call(i, calls[i].target, !requireSuccess, 0, calls[i].callData);
        }
    }

    /// @notice Calls each of which says whether it may fail.
    function aggregate3(Call3[] calldata calls) external payable returns (Result[] memory results) {
        results = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            results[i] = _call(i, calls[i].target, calls[i].allowFailure, 0, calls[i].callData);
        }
    }

    /// @notice Calls with values (wei), which must add up to the value sent.
    function aggregate3Value(Call3Value[] calldata calls) external payable returns (Result[] memory results) {
        results = new Result[](calls.length);
        uint256 usedWei;
        for (uint256 i = 0; i < calls.length; ++i) {
            usedWei += calls[i].value;
            results[i] = _call(i, calls[i].target, calls[i].allowFailure, calls[i].value, calls[i].callData);
        }
        if (usedWei != msg.value) revert ValueMismatch(usedWei, msg.value);
    }

    function getBlockHash(uint256 blockNumber) external view returns (bytes32) {
        return blockhash(blockNumber);
    }

    function getBlockNumber() external view returns (uint256) {
        return block.number;
    }

    function getCurrentBlockTimestamp() external view returns (uint256) {
        return block.timestamp;
    }

    function getBasefee() external view returns (uint256) {
        return block.basefee;
    }

    function getChainId() external view returns (uint256) {
        return block.chainid;
    }

    function getEthBalance(address account) external view returns (uint256) {
        return account.balance;
    }

    function _call(uint256 index, address target, bool allowFailure, uint256 value, bytes calldata data)
        private
        returns (Result memory result)
    {
        (result.success, result.returnData) = target.call{value: value}(data);
        if (!result.success && !allowFailure) revert CallFailed(index);
    }
}
