// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {OutputGame} from "src/parent/OutputGame.sol";
import {Portal} from "src/parent/Portal.sol";
import {Base} from "test/Base.sol";
import {TrieBuilder} from "test/TrieBuilder.sol";

/// @notice A stand-in for the chain: sets of withdrawals, their storage trie, and output roots over it.
abstract contract Withdrawals is Base {
    uint256 internal constant NONCE = uint256(1) << 240;

    function withdrawalOf(uint256 nonce, address target, uint256 valueWei, uint256 gasLimit, bytes memory data)
        internal
        pure
        returns (Portal.WithdrawalTransaction memory)
    {
        return Portal.WithdrawalTransaction(NONCE | nonce, ALICE, target, valueWei, gasLimit, data);
    }

    function hashOf(Portal.WithdrawalTransaction memory w) internal pure returns (bytes32) {
        return keccak256(abi.encode(w.nonce, w.sender, w.target, w.value, w.gasLimit, w.data));
    }

    function pathOf(Portal.WithdrawalTransaction memory w) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(hashOf(w), uint256(0)))));
    }

    function trieOf(Portal.WithdrawalTransaction[] memory set)
        internal
        pure
        returns (bytes32[] memory paths, bytes[] memory values)
    {
        paths = new bytes32[](set.length);
        values = new bytes[](set.length);
        for (uint256 i = 0; i < set.length; ++i) (paths[i], values[i]) = (pathOf(set[i]), hex"01");
    }

    function outputOf(Portal.WithdrawalTransaction[] memory set)
        internal
        pure
        returns (Portal.OutputRootProof memory output)
    {
        (bytes32[] memory paths, bytes[] memory values) = trieOf(set);
        output.stateRoot = keccak256("state");
        output.messagePasserStorageRoot = TrieBuilder.root(paths, values);
        output.latestBlockhash = keccak256("block");
    }

    function rootOf(Portal.OutputRootProof memory output) internal pure returns (bytes32) {
        return keccak256(abi.encode(output));
    }

    function proofOf(Portal.WithdrawalTransaction[] memory set, uint256 which)
        internal
        pure
        returns (bytes[] memory)
    {
        (bytes32[] memory paths, bytes[] memory values) = trieOf(set);
        return TrieBuilder.proof(paths, values, paths[which]);
    }

    /// @dev `w` among `others` more withdrawals, in first place.
    function setWith(Portal.WithdrawalTransaction memory w, uint256 others)
        internal
        pure
        returns (Portal.WithdrawalTransaction[] memory set)
    {
        set = new Portal.WithdrawalTransaction[](others + 1);
        set[0] = w;
        for (uint256 i = 1; i <= others; ++i) set[i] = withdrawalOf(1000 + i, BOB, i, 21_000, "");
    }
}
