// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {History} from "src/lib/History.sol";

/// @notice Histories of 2^18 leaves that can be written down: some leaves, then one value, then from some leaf on another.
library Traces {
    /// @param head      The first leaves.
    /// @param middle    Value of the leaves behind them.
    /// @param switchAt  First leaf with the value `tail`; none if that is 2^18.
    struct Trace {
        bytes32[] head;
        bytes32 middle;
        uint256 switchAt;
        bytes32 tail;
    }

    uint256 internal constant HEIGHT = 18;

    function leafAt(Trace memory t, uint256 index) internal pure returns (bytes32) {
        if (index >= t.switchAt) return t.tail;
        return index < t.head.length ? t.head[index] : t.middle;
    }

    /// @dev Node `index` of those `height` levels above the leaves.
    function node(Trace memory t, uint256 height, uint256 index) internal pure returns (bytes32) {
        uint256 from = index << height;
        uint256 to = from + (1 << height);
        if (height == 0) return leafAt(t, index);
        if (from >= t.switchAt) return constant_(t.tail, height);
        if (from >= t.head.length && to <= t.switchAt) return constant_(t.middle, height);
        return pair(node(t, height - 1, 2 * index), node(t, height - 1, 2 * index + 1));
    }

    function constant_(bytes32 value, uint256 height) internal pure returns (bytes32) {
        for (uint256 i = 0; i < height; ++i) value = pair(value, value);
        return value;
    }

    /// @dev keccak256(abi.encode(left, right)), without memory of its own: a run hashes millions of pairs.
    function pair(bytes32 left, bytes32 right) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0, left)
            mstore(32, right)
            hash := keccak256(0, 64)
        }
    }

    function root(Trace memory t) internal pure returns (bytes32) {
        return node(t, HEIGHT, 0);
    }

    /// @dev Height of the nodes at a depth of moves.
    function heightAt(uint256 depth) internal pure returns (uint256) {
        return depth == 5 ? 0 : HEIGHT - 4 * depth;
    }

    function children(Trace memory t, uint256 depth, uint256 index) internal pure returns (bytes32[] memory out) {
        uint256 count = depth == 4 ? 4 : 16;
        out = new bytes32[](count);
        for (uint256 k = 0; k < count; ++k) out[k] = node(t, heightAt(depth + 1), count * index + k);
    }

    /// @dev Siblings of a leaf, upwards.
    function path(Trace memory t, uint256 index) internal pure returns (bytes memory out) {
        for (uint256 h = 0; h < HEIGHT; ++h) out = abi.encodePacked(out, node(t, h, (index >> h) ^ 1));
    }

    /// @dev Subtrees left of the way from height `top` to node `index` at height `bottom`, the highest first.
    function leftOf(Trace memory t, uint256 top, uint256 bottom, uint256 index) internal pure returns (bytes memory out) {
        for (uint256 h = top; h > bottom; --h) {
            uint256 at = index >> (h - 1 - bottom);
            if (at % 2 == 1) out = abi.encodePacked(out, node(t, h - 1, at - 1));
        }
    }

    /// @dev Place of node `index` at `depth`, below a root at `place`.
    function placeAt(Trace memory t, bytes32 place, uint256 depth, uint256 index) internal pure returns (bytes32) {
        for (uint256 d = 0; d < depth; ++d) {
            uint256 at = index >> (heightAt(d + 1) - heightAt(depth));
            uint256 k = at % (d == 4 ? 4 : 16);
            place = keccak256(abi.encodePacked(place, k, leftOf(t, heightAt(d), heightAt(d + 1), at)));
        }
        return place;
    }

    function predecessor(Trace memory t, uint256 index) internal pure returns (History.Predecessor memory p) {
        p.index = index;
        p.subtrees = leftOf(t, HEIGHT, 0, index);
        if (index == 0) return p;
        p.leaf = leafAt(t, index - 1);
        for (uint256 h = 0; (index >> h) % 2 == 0; ++h) {
            p.path = abi.encodePacked(p.path, node(t, h, ((index - 1) >> h) ^ 1));
        }
    }
}
