// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title ChunkHash
/// @notice The commitment to batch bytes: keccak256 over the keccak256 of each 16 KiB chunk, so that a proof never has
///         to open a preimage larger than one chunk. The last chunk may be short; empty data has no chunk at all, and
///         so hashes to keccak256("").
library ChunkHash {
    /// @notice Size of every chunk but the last, in bytes.
    uint256 internal constant CHUNK_BYTES = 16_384;

    /// @notice Chunked hash of `data`.
    /// @dev Hashes each chunk in place of the one before, so memory stays at one chunk plus 32 bytes a chunk. The plain
    ///      twin is in test/ChunkHash.t.sol.
    function hash(bytes calldata data) internal pure returns (bytes32 dataHash) {
        assembly ("memory-safe") {
            let hashes := mload(0x40)
            let size := data.length
            let hashesBytes := mul(div(add(size, sub(CHUNK_BYTES, 1)), CHUNK_BYTES), 32)
            let scratch := add(hashes, hashesBytes)
            let out := hashes
            for { let done := 0 } lt(done, size) { done := add(done, CHUNK_BYTES) } {
                let chunk := sub(size, done)
                if gt(chunk, CHUNK_BYTES) { chunk := CHUNK_BYTES }
                calldatacopy(scratch, add(data.offset, done), chunk)
                mstore(out, keccak256(scratch, chunk))
                out := add(out, 32)
            }
            dataHash := keccak256(hashes, hashesBytes)
        }
    }
}
