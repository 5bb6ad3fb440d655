// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A small Merkle-Patricia trie of distinct 32-byte paths, built anew for every question.
library TrieBuilder {
    function root(bytes32[] memory paths, bytes[] memory values) internal pure returns (bytes32) {
        return keccak256(encode(paths, values, 0));
    }

    /// @dev Nodes from the root to the leaf of `path`; those inside their parents are left out.
    function proof(bytes32[] memory paths, bytes[] memory values, bytes32 path)
        internal
        pure
        returns (bytes[] memory nodes)
    {
        nodes = new bytes[](65);
        uint256 count;
        uint256 depth;
        while (true) {
            bytes memory node = encode(paths, values, depth);
            if (count == 0 || node.length >= 32) nodes[count++] = node;
            if (paths.length == 1) break;
            uint256 shared = sharedNibbles(paths);
            if (shared > depth) {
                depth = shared;
            } else {
                (paths, values) = filter(paths, values, depth, nibble(path, depth));
                ++depth;
            }
        }
        assembly ("memory-safe") {
            mstore(nodes, count)
        }
    }

    function encode(bytes32[] memory paths, bytes[] memory values, uint256 depth)
        internal
        pure
        returns (bytes memory)
    {
        if (paths.length == 1) {
            return list(bytes.concat(str(hexPrefix(paths[0], depth, 64, true)), str(values[0])));
        }
        uint256 shared = sharedNibbles(paths);
        if (shared > depth) {
            bytes memory below = encode(paths, values, shared);
            return list(bytes.concat(str(hexPrefix(paths[0], depth, shared, false)), link(below)));
        }
        bytes memory items;
        for (uint256 i = 0; i < 16; ++i) {
            (bytes32[] memory p, bytes[] memory v) = filter(paths, values, depth, i);
            items = bytes.concat(items, p.length == 0 ? bytes(hex"80") : link(encode(p, v, depth + 1)));
        }
        return list(bytes.concat(items, hex"80"));
    }

    function link(bytes memory node) internal pure returns (bytes memory) {
        return node.length < 32 ? node : bytes.concat(hex"a0", keccak256(node));
    }

    function nibble(bytes32 path, uint256 depth) internal pure returns (uint256) {
        return uint256(path << (4 * depth)) >> 252;
    }

    function sharedNibbles(bytes32[] memory paths) internal pure returns (uint256 shared) {
        for (; shared < 64; ++shared) {
            for (uint256 i = 1; i < paths.length; ++i) {
                if (nibble(paths[i], shared) != nibble(paths[0], shared)) return shared;
            }
        }
    }

    function filter(bytes32[] memory paths, bytes[] memory values, uint256 depth, uint256 wanted)
        internal
        pure
        returns (bytes32[] memory p, bytes[] memory v)
    {
        p = new bytes32[](paths.length);
        v = new bytes[](paths.length);
        uint256 count;
        for (uint256 i = 0; i < paths.length; ++i) {
            if (nibble(paths[i], depth) == wanted) {
                p[count] = paths[i];
                v[count++] = values[i];
            }
        }
        assembly ("memory-safe") {
            mstore(p, count)
            mstore(v, count)
        }
    }

    function hexPrefix(bytes32 path, uint256 from, uint256 to, bool leaf) internal pure returns (bytes memory out) {
        uint256 flag = leaf ? 2 : 0;
        if ((to - from) % 2 == 1) {
            out = abi.encodePacked(uint8(((flag + 1) << 4) | nibble(path, from++)));
        } else {
            out = abi.encodePacked(uint8(flag << 4));
        }
        for (; from < to; from += 2) {
            out = abi.encodePacked(out, uint8((nibble(path, from) << 4) | nibble(path, from + 1)));
        }
    }

    function str(bytes memory payload) internal pure returns (bytes memory) {
        if (payload.length == 1 && uint8(payload[0]) < 0x80) return payload;
        return bytes.concat(sized(payload.length, 0x80), payload);
    }

    function list(bytes memory payload) internal pure returns (bytes memory) {
        return bytes.concat(sized(payload.length, 0xc0), payload);
    }

    function sized(uint256 size, uint256 offset) private pure returns (bytes memory) {
        if (size <= 55) return abi.encodePacked(uint8(offset + size));
        if (size < 256) return abi.encodePacked(uint8(offset + 56), uint8(size));
        return abi.encodePacked(uint8(offset + 57), uint16(size));
    }
}
