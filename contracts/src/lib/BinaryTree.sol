// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title BinaryTree
/// @notice Complete binary trees whose node is keccak256(left ‖ right) and whose leaf is its own 32 bytes: the memories
///         of the machine and the histories of its traces.
library BinaryTree {
    /// @notice Root of the tree that has `leaf` at `index` and these siblings, the leaf's first.
    /// @dev The height is the number of siblings: the caller checks it. Bits of `index` above it play no part. The plain
    ///      twin is in test/BinaryTree.t.sol.
    function rootOf(bytes32 leaf, uint256 index, bytes calldata siblings) internal pure returns (bytes32 node) {
        node = leaf;
        assembly ("memory-safe") {
            let end := add(siblings.offset, siblings.length)
            for { let at := siblings.offset } lt(at, end) { at := add(at, 32) } {
                // Both sides fit the scratch space: the node's own is given by the lowest bit.
                let side := shl(5, and(index, 1))
                mstore(side, node)
                mstore(xor(side, 32), calldataload(at))
                node := keccak256(0, 64)
                index := shr(1, index)
            }
        }
    }
}
