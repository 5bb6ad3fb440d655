// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {RlpReader} from "src/lib/RlpReader.sol";

/// @title MerkleProof
/// @notice Opens a Merkle-Patricia trie of 32-byte paths. Total: any proof gives the value or an error.
/// @dev Spec: Yellow Paper, appendix D. A node shorter than 32 bytes stands inside its parent; a proof may leave it out,
///      as nodes' eth_getProof does, or repeat it as its next element, as OP Stack clients do.
library MerkleProof {
    /// @notice Element `element` of the proof is not the node its parent names.
    error ProofNodeMismatch(uint256 element);
    /// @notice A node is neither branch, extension nor leaf of a well-formed trie.
    error ProofNodeMalformed();
    /// @notice The trie holds no value at the path.
    error ProofPathAbsent();
    /// @notice The proof ends before the leaf.
    error ProofTooShort();
    /// @notice Elements follow the leaf.
    error ProofTooLong();

    /// @notice Nibbles of a path.
    uint256 private constant PATH_NIBBLES = 64;

    /// @notice Where a walk through the trie stands.
    struct Walk {
        uint256 depth;
        uint256 used;
    }

    /// @notice Value that the trie of `root` holds at `path`.
    /// @param path The key's keccak256 where the trie is a secure one.
    function get(bytes32 root, bytes32 path, bytes[] calldata proof) internal pure returns (bytes calldata node) {
        Walk memory walk;
        node = _byHash(root, proof, walk);
        while (true) {
            (uint256[17] memory items, uint256 count) = RlpReader.readList(node);
            uint256 child;
            if (count == 17) {
                if (walk.depth == PATH_NIBBLES) revert ProofPathAbsent();
                child = items[uint256(path << (4 * walk.depth++)) >> 252];
            } else if (count == 2) {
                bool isLeaf = _follow(RlpReader.readString(RlpReader.slice(node, items[0])), path, walk);
                child = items[1];
                if (isLeaf) {
                    if (walk.used != proof.length) revert ProofTooLong();
                    return RlpReader.readString(RlpReader.slice(node, child));
                }
            } else {
                revert ProofNodeMalformed();
            }
            node = _child(RlpReader.slice(node, child), proof, walk);
        }
    }

    /// @dev Walks the hex-prefix `encoded` nibbles of an extension or leaf; says which of the two it is.
    function _follow(bytes calldata encoded, bytes32 path, Walk memory walk) private pure returns (bool isLeaf) {
        if (encoded.length == 0 || encoded.length > 33) revert ProofNodeMalformed();
        uint256 first = uint8(encoded[0]);
        if (first > 0x3f || (first & 0x10 == 0 && first & 0x0f != 0)) revert ProofNodeMalformed();
        isLeaf = first & 0x20 != 0;

        uint256 nibbles = 2 * (encoded.length - 1);
        uint256 bits = uint256(bytes32(encoded[1:]));
        if (first & 0x10 != 0) {
            ++nibbles;
            bits = (first << 252) | (bits >> 4);
        }
        uint256 left = PATH_NIBBLES - walk.depth;
        if (nibbles == 0 && !isLeaf) revert ProofNodeMalformed();
        if (nibbles > left || (isLeaf && nibbles != left)) revert ProofPathAbsent();
        uint256 wanted = uint256(path << (4 * walk.depth));
        // A shift by 256 gives 0: a leaf without nibbles matches the end of the path.
        if ((bits ^ wanted) >> (256 - 4 * nibbles) != 0) revert ProofPathAbsent();
        walk.depth += nibbles;
    }

    /// @dev Node that the reference `item` in a branch or extension stands for.
    function _child(bytes calldata item, bytes[] calldata proof, Walk memory walk)
        private
        pure
        returns (bytes calldata)
    {
        if (uint8(item[0]) >= 0xc0) {
            if (item.length >= 32) revert ProofNodeMalformed();
            if (walk.used < proof.length && keccak256(proof[walk.used++]) != keccak256(item)) {
                revert ProofNodeMismatch(walk.used - 1);
            }
            return item;
        }
        bytes calldata childHash = RlpReader.readString(item);
        if (childHash.length == 0) revert ProofPathAbsent();
        if (childHash.length != 32) revert ProofNodeMalformed();
        return _byHash(bytes32(childHash), proof, walk);
    }

    /// @dev Next element of the proof, which must hash to `nodeHash`.
    function _byHash(bytes32 nodeHash, bytes[] calldata proof, Walk memory walk)
        private
        pure
        returns (bytes calldata node)
    {
        if (walk.used == proof.length) revert ProofTooShort();
        node = proof[walk.used];
        if (keccak256(node) != nodeHash) revert ProofNodeMismatch(walk.used);
        ++walk.used;
    }
}
