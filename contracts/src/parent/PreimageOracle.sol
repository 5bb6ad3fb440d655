// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Kzg} from "src/lib/Kzg.sol";

/// @title PreimageOracle
/// @notice Words of preimages that somebody has shown, under their keys (docs/reference/machine.md, "Preimages").
///         Anybody may load; loading again changes nothing.
/// @dev Local values are not here: a dispute passes its own to the step. What is loaded is a flag of its own, so that a
///      word of zeros is not an absent word, and an empty preimage not an absent one.
contract PreimageOracle {
    /// @notice Nobody has loaded that word.
    error PreimageAbsent(bytes32 key, uint64 offset);

    event PreimageLoaded(bytes32 indexed key, uint64 indexed offset, bytes32 word, uint64 lengthBytes);

    /// @notice Length of a preimage.
    struct Length {
        bool known;
        uint64 lengthBytes;
    }

    string public constant version = "0.1.0";

    uint8 public constant KIND_KECCAK256 = 2;
    uint8 public constant KIND_SHA256 = 4;
    uint8 public constant KIND_BLOB = 5;

    mapping(bytes32 key => Length) private lengths_;
    mapping(bytes32 key => mapping(uint64 offset => bool)) private loaded_;
    mapping(bytes32 key => mapping(uint64 offset => bytes32)) private words_;

    /// @notice Loads the word at byte `offset` of a preimage under its keccak256.
    function loadKeccak256(uint64 offset, bytes calldata preimage) external returns (bytes32 key) {
        key = keyOf(KIND_KECCAK256, keccak256(preimage));
        _load(key, offset, _wordAt(offset, preimage), uint64(preimage.length));
    }

    /// @notice Loads the word at byte `offset` of a preimage under its SHA-256.
    function loadSha256(uint64 offset, bytes calldata preimage) external returns (bytes32 key) {
        key = keyOf(KIND_SHA256, sha256(preimage));
        _load(key, offset, _wordAt(offset, preimage), uint64(preimage.length));
    }

    /// @notice Loads element `index` of a blob, in the blob's order, which is the word at byte `32 * index`.
    /// @param opening  y (32) ‖ commitment (48) ‖ proof (48).
    function loadBlobElement(bytes32 versionedHash, uint256 index, bytes calldata opening)
        external
        returns (bytes32 key)
    {
        key = keyOf(KIND_BLOB, versionedHash);
        bytes32 word = Kzg.element(versionedHash, index, opening);
        _load(key, uint64(32 * index), word, uint64(32 * Kzg.ELEMENTS));
    }

    /// @notice The word at byte `offset` of a preimage, zeros past its end, and the preimage's length.
    function read(bytes32 key, uint64 offset) external view returns (bytes32 word, uint64 lengthBytes) {
        Length memory length = lengths_[key];
        if (length.known && offset >= length.lengthBytes) return (0, length.lengthBytes);
        if (!loaded_[key][offset]) revert PreimageAbsent(key, offset);
        return (words_[key][offset], length.lengthBytes);
    }

    /// @notice Key of that kind for a hash.
    function keyOf(uint8 kind, bytes32 digest) public pure returns (bytes32) {
        return bytes32((uint256(kind) << 248) | (uint256(digest) & (type(uint256).max >> 8)));
    }

    /// @dev 32 bytes from `offset`; a slice that is shorter is filled with zeros.
    function _wordAt(uint64 offset, bytes calldata preimage) private pure returns (bytes32) {
        if (offset >= preimage.length) return 0;
        uint256 left = preimage.length - offset;
        return bytes32(preimage[offset:offset + (left < 32 ? left : 32)]);
    }

    function _load(bytes32 key, uint64 offset, bytes32 word, uint64 lengthBytes) private {
        lengths_[key] = Length(true, lengthBytes);
        loaded_[key][offset] = true;
        words_[key][offset] = word;
        emit PreimageLoaded(key, offset, word, lengthBytes);
    }
}
