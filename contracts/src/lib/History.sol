// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BinaryTree} from "src/lib/BinaryTree.sol";

/// @title History
/// @notice One level of a trace as a tree of 2^18 leaves, and the moves that walk down it: four of 16 children, then one
///         of 4.
/// @dev A place is a position in a tree together with everything left of it: child `k` of a place has the place
///      keccak256(place ‖ k ‖ the subtrees left of it inside this move, the largest first). Two nodes of one place
///      therefore have equal leaves before them, and differ in what follows: they are rivals. Whoever holds a Merkle path
///      can compute the place of its leaf, so that nobody has to store what lies left of an edge.
library History {
    /// @notice The path is not the one of the leaf, or not as long.
    error PathMismatch();
    /// @notice The subtrees do not match the place of the leaf.
    error PrefixMismatch();

    /// @notice Height of a level's tree.
    uint256 internal constant HEIGHT = 18;
    /// @notice Last leaf of a level.
    uint256 internal constant LAST = (1 << HEIGHT) - 1;
    /// @notice Moves from the root to a leaf.
    uint256 internal constant MOVES = 5;

    /// @notice What shows the leaf before leaf `index`.
    /// @param subtrees  Roots of the subtrees left of the path to leaf `index`, the highest first.
    /// @param leaf      Leaf `index - 1`: the last one of the last of these subtrees.
    /// @param path      Its siblings there, upwards.
    struct Predecessor {
        uint256 index;
        bytes subtrees;
        bytes32 leaf;
        bytes path;
    }

    /// @notice Levels of the tree that the move from `depth` walks down.
    function bitsOf(uint256 depth) internal pure returns (uint256) {
        return depth + 1 == MOVES ? 2 : 4;
    }

    /// @notice The tree above a move's children: the root at 1, the children of node `i` at `2 i` and `2 i + 1`.
    function nodesAbove(bytes32[] calldata children) internal pure returns (bytes32[] memory nodes) {
        nodes = new bytes32[](2 * children.length);
        assembly ("memory-safe") {
            let at := add(nodes, 32)
            let size := mul(children.length, 32)
            calldatacopy(add(at, size), children.offset, size)
            for { let i := sub(size, 32) } i { i := sub(i, 32) } {
                mstore(add(at, i), keccak256(add(at, mul(i, 2)), 64))
            }
        }
    }

    /// @notice First child in which two moves from one place differ; their roots do.
    function firstDifference(bytes32[] memory nodes, bytes32[] memory others) internal pure returns (uint256 k) {
        uint256 count = nodes.length / 2;
        uint256 node = 1;
        while (node < count) node = nodes[2 * node] != others[2 * node] ? 2 * node : 2 * node + 1;
        return node - count;
    }

    /// @notice Place of child `k` of a move from `place`.
    function placeOf(bytes32 place, bytes32[] memory nodes, uint256 k) internal pure returns (bytes32 child) {
        uint256 count = nodes.length / 2;
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, place)
            mstore(add(buffer, 32), k)
            let end := add(buffer, 64)
            let at := add(nodes, 32)
            let node := 1
            for { let bit := div(count, 2) } bit { bit := div(bit, 2) } {
                node := mul(node, 2)
                if and(k, bit) {
                    mstore(end, mload(add(at, mul(node, 32))))
                    end := add(end, 32)
                    node := add(node, 1)
                }
            }
            child := keccak256(buffer, sub(end, buffer))
        }
    }

    /// @notice Place of leaf `index` of the tree at `root`, and the leaf before it, which for leaf 0 is `start`.
    function predecessor(bytes32 root, bytes32 start, Predecessor calldata p)
        internal
        pure
        returns (bytes32 place, bytes32 leaf)
    {
        if (p.index > LAST) revert PathMismatch();
        place = root;
        uint256 used;
        uint256 shift = HEIGHT;
        for (uint256 depth = 0; depth < MOVES; ++depth) {
            uint256 bits = bitsOf(depth);
            shift -= bits;
            uint256 k = (p.index >> shift) & ((1 << bits) - 1);
            uint256 end = used;
            for (uint256 rest = k; rest != 0; rest &= rest - 1) end += 32;
            if (end > p.subtrees.length) revert PrefixMismatch();
            place = keccak256(abi.encodePacked(place, k, p.subtrees[used:end]));
            used = end;
        }
        if (used != p.subtrees.length) revert PrefixMismatch();
        if (p.index == 0) return (place, start);

        // The last subtree belongs to the lowest bit that is set, and ends with the leaf.
        uint256 size = p.index & (~p.index + 1);
        uint256 height;
        while (1 << height != size) ++height;
        if (p.path.length != 32 * height) revert PathMismatch();
        if (BinaryTree.rootOf(p.leaf, size - 1, p.path) != bytes32(p.subtrees[used - 32:])) revert PathMismatch();
        return (place, p.leaf);
    }

    /// @notice Reverts unless the tree of `root` ends with `leaf`.
    function checkLast(bytes32 root, bytes32 leaf, bytes calldata path) internal pure {
        if (path.length != 32 * HEIGHT || BinaryTree.rootOf(leaf, LAST, path) != root) revert PathMismatch();
    }
}
