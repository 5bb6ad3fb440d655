// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChunkHash} from "src/lib/ChunkHash.sol";
import {Asserts} from "test/Base.sol";

contract ChunkHashTest is Asserts {
    function test_hash_knownSizes_succeeds() external view {
        assertEq(this.fast(""), keccak256(""));
        assertEq(this.fast("abc"), keccak256(abi.encode(keccak256("abc"))));
        uint24[7] memory sizes = [1, 16_383, 16_384, 16_385, 32_767, 32_768, 120_000];
        for (uint256 i = 0; i < sizes.length; ++i) {
            bytes memory data = pattern(sizes[i], i);
            assertEq(this.fast(data), this.plain(data));
        }
    }

    function test_hash_twoChunks_succeeds() external view {
        bytes memory first = pattern(16_384, 1);
        bytes memory second = pattern(5, 2);
        assertEq(
            this.fast(bytes.concat(first, second)), keccak256(abi.encode(keccak256(first), keccak256(second)))
        );
    }

    function testFuzz_hash_equalsPlainTwin_succeeds(uint256 size, uint256 seed) external view {
        bytes memory data = pattern(bound(size, 0, 50_000), seed);
        assertEq(this.fast(data), this.plain(data));
    }

    function fast(bytes calldata data) external pure returns (bytes32) {
        return ChunkHash.hash(data);
    }

    /// @dev The definition, without assembly.
    function plain(bytes calldata data) external pure returns (bytes32) {
        bytes memory hashes;
        for (uint256 at = 0; at < data.length; at += 16_384) {
            uint256 end = at + 16_384 < data.length ? at + 16_384 : data.length;
            hashes = bytes.concat(hashes, keccak256(data[at:end]));
        }
        return keccak256(hashes);
    }

    function pattern(uint256 size, uint256 seed) internal pure returns (bytes memory data) {
        data = new bytes(size);
        for (uint256 at = 32; at <= size; at += 32) {
            bytes32 word = keccak256(abi.encode(seed, at));
            assembly ("memory-safe") {
                mstore(add(data, at), word)
            }
        }
    }
}
