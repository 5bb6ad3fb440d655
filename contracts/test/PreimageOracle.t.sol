// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Kzg} from "src/lib/Kzg.sol";
import {PreimageOracle} from "src/parent/PreimageOracle.sol";
import {Asserts} from "test/Base.sol";

contract PreimageOracleTest is Asserts {
    uint256 internal constant R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;
    bytes internal constant INFINITY =
        hex"c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";
    bytes internal constant G1 =
        hex"97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
    /// @dev Commitment to p(x) = x: the second point of the ceremony's output.
    bytes internal constant TAU_G1 =
        hex"ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81";

    PreimageOracle internal oracle = new PreimageOracle();

    function absent(bytes32 key, uint64 offset) internal {
        vm.expectRevert(abi.encodeWithSelector(PreimageOracle.PreimageAbsent.selector, key, offset));
        oracle.read(key, offset);
    }

    function wordAt(bytes32 key, uint64 offset, bytes32 word, uint256 lengthBytes) internal view {
        (bytes32 given, uint64 givenBytes) = oracle.read(key, offset);
        assertEq(given, word);
        assertEq(givenBytes, lengthBytes);
    }

    function testFuzz_load_everyWord_succeeds(bytes calldata preimage, uint64 offset, bool sha) external {
        bytes32 digest = sha ? sha256(preimage) : keccak256(preimage);
        bytes32 key = bytes32((uint256(sha ? 4 : 2) << 248) | (uint256(digest) % 2 ** 248));
        absent(key, offset);
        offset = uint64(bound(offset, 0, preimage.length + 40));
        bytes memory padded = bytes.concat(preimage, new bytes(80));
        bytes32 word;
        assembly ("memory-safe") {
            word := mload(add(add(padded, 32), offset))
        }
        for (uint256 i = 0; i < 2; ++i) {
            assertEq(sha ? oracle.loadSha256(offset, preimage) : oracle.loadKeccak256(offset, preimage), key);
            wordAt(key, offset, word, preimage.length);
        }
        wordAt(key, uint64(preimage.length), 0, preimage.length);
        wordAt(key, type(uint64).max, 0, preimage.length);
    }

    function test_load_event_succeeds() external {
        bytes32 key = oracle.keyOf(2, keccak256("abc"));
        vm.expectEmit(address(oracle));
        emit PreimageOracle.PreimageLoaded(key, 1, bytes2("bc"), 3);
        oracle.loadKeccak256(1, "abc");
    }

    function test_load_zeroWord_succeeds() external {
        bytes memory zeros = new bytes(64);
        bytes32 key = oracle.loadKeccak256(0, zeros);
        wordAt(key, 0, 0, 64);
        // Known to be zero is not the same as not known.
        absent(key, 32);
        oracle.loadKeccak256(32, zeros);
        wordAt(key, 32, 0, 64);
    }

    function test_load_kinds_differ_succeeds() external {
        bytes32 key = oracle.loadKeccak256(0, "abc");
        absent(oracle.keyOf(4, keccak256("abc")), 0);
        absent(bytes32(uint256(key) & ~(uint256(0xff) << 248)), 0);
    }

    // ---- blobs

    function versioned(bytes memory commitment) internal pure returns (bytes32) {
        return bytes32((uint256(sha256(commitment)) % 2 ** 248) | (1 << 248));
    }

    /// @dev 7^((r-1)/4096 * reversed index): the point of an element, by the definition of EIP-4844.
    function pointOf(uint256 index) internal pure returns (uint256 z) {
        uint256 reversed;
        for (uint256 bit = 0; bit < 12; ++bit) reversed |= ((index >> bit) & 1) << (11 - bit);
        uint256 exponent = (R - 1) / 4096 * reversed;
        z = 1;
        for (uint256 bit = 256; bit > 0; --bit) {
            z = mulmod(z, z, R);
            if ((exponent >> (bit - 1)) & 1 != 0) z = mulmod(z, 7, R);
        }
    }

    function testFuzz_loadBlobElement_order_succeeds(uint256 index) external {
        index %= 4096;
        bytes32 blob = versioned(TAU_G1);
        // p(x) = x, whose quotient is 1: the element is the point itself.
        bytes32 key = oracle.loadBlobElement(blob, index, bytes.concat(bytes32(pointOf(index)), TAU_G1, G1));
        assertEq(key, bytes32((uint256(5) << 248) | (uint256(blob) % 2 ** 248)));
        wordAt(key, uint64(32 * index), bytes32(pointOf(index)), 131_072);
        absent(key, uint64(32 * ((index + 1) % 4096)));
        wordAt(key, 131_072, 0, 131_072);
    }

    function test_loadBlobElement_firstElements_succeeds() external {
        bytes32 blob = versioned(TAU_G1);
        oracle.loadBlobElement(blob, 0, bytes.concat(bytes32(uint256(1)), TAU_G1, G1));
        // The second element stands at omega^2048 = -1.
        oracle.loadBlobElement(blob, 1, bytes.concat(bytes32(R - 1), TAU_G1, G1));
    }

    function test_loadBlobElement_zero_succeeds() external {
        bytes32 key = oracle.loadBlobElement(versioned(INFINITY), 9, bytes.concat(bytes32(0), INFINITY, INFINITY));
        wordAt(key, 32 * 9, 0, 131_072);
        absent(key, 0);
    }

    function loadRefused(bytes32 blob, uint256 index, bytes memory opening, bytes memory reason) internal {
        vm.expectRevert(reason);
        // The precompile burns all it gets when it refuses.
        oracle.loadBlobElement{gas: 1_000_000}(blob, index, opening);
    }

    function test_loadBlobElement_opening_reverts() external {
        bytes32 blob = versioned(TAU_G1);
        bytes memory reason = abi.encodeWithSelector(Kzg.InvalidOpening.selector);
        bytes memory good = bytes.concat(bytes32(R - 1), TAU_G1, G1);
        loadRefused(blob, 2, good, reason);
        loadRefused(blob, 1, bytes.concat(bytes32(R - 2), TAU_G1, G1), reason);
        loadRefused(blob, 1, bytes.concat(bytes32(2 * R - 1), TAU_G1, G1), reason);
        loadRefused(blob, 1, bytes.concat(bytes32(R - 1), TAU_G1, INFINITY), reason);
        loadRefused(versioned(G1), 1, good, reason);
        loadRefused(blob, 1, bytes.concat(good, hex"00"), reason);
        loadRefused(blob, 1, "", reason);
        loadRefused(blob, 4096, good, abi.encodeWithSelector(Kzg.ElementOutOfRange.selector, 4096));
        oracle.loadBlobElement(blob, 1, good);
    }

    function test_loadBlobElement_noPrecompile_reverts() external {
        vm.mockCall(address(0x0a), "", "");
        bytes memory opening = bytes.concat(bytes32(0), INFINITY, INFINITY);
        loadRefused(versioned(INFINITY), 0, opening, abi.encodeWithSelector(Kzg.PointEvaluationAbsent.selector));
    }
}
