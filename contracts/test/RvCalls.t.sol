// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PreimageOracle} from "src/parent/PreimageOracle.sol";
import {RvStep} from "src/parent/RvStep.sol";
import {Rv} from "test/Rv.sol";
import {RvReference} from "test/RvReference.sol";

contract RvCallsTest is Rv {
    using RvReference for RvReference.Cpu;

    uint256 internal constant PC = 64;
    bytes32 internal constant LOCAL_KEY = bytes32(uint256(1) << 248);

    function setUp() public override {
        super.setUp();
        program(PC, ECALL);
    }

    function calling(uint256 number, uint256 a0) internal returns (RvReference.Cpu memory c) {
        c = cpu(PC, a0);
        (c.x[17], c.x[10]) = (number, a0);
    }

    function both() internal view returns (bytes memory) {
        return bytes.concat(codePart, dataPart);
    }

    function test_setKey_leaf_succeeds() external {
        RvReference.Cpu memory c = calling(1, DATA + 96);
        bytes32 next = step(c, both());
        (c.key, c.offset) = (dataLeaf, 0);
        advance(c);
        assertEq(next, hashOf(c));
    }

    function test_call_addresses_traps() external {
        uint64[5] memory bad = [DATA - 32, DATA + 8, DATA + 1, 1 << 32, 0];
        for (uint256 i = 0; i < bad.length; ++i) {
            for (uint256 number = 1; number < 3; ++number) {
                RvReference.Cpu memory c = calling(number, bad[i]);
                assertEq(step(c, codePart), trapped(c));
            }
        }
        // The last leaf of all is data.
        RvReference.Cpu memory d = calling(1, (1 << 32) - 32);
        bytes32 next = step(d, both());
        (d.key, d.offset) = (dataLeaf, 0);
        advance(d);
        assertEq(next, hashOf(d));
    }

    /// @dev Reads once, and expects these 32 bytes and this length.
    function reads(bytes32 key, uint64 offset, bytes32 word, uint256 lengthBytes) internal {
        RvReference.Cpu memory c = calling(2, DATA + 32);
        (c.key, c.offset) = (key, offset);
        bytes32 next = step(c, both());
        c.memRoot = rootOf(word, DATA / 32 + 1, dataPath);
        c.x[10] = lengthBytes;
        unchecked {
            c.offset = offset + 32;
        }
        advance(c);
        assertEq(next, hashOf(c));
    }

    function test_read_local_succeeds() external {
        reads(LOCAL_KEY, 0, LOCAL, 32);
        reads(LOCAL_KEY, 32, 0, 32);
        // Nothing makes such an offset, but it has one meaning.
        reads(LOCAL_KEY, 30, LOCAL << 240, 32);
        reads(LOCAL_KEY, type(uint64).max - 31, 0, 32);
    }

    function test_read_keccak256_succeeds() external {
        bytes memory preimage = bytes.concat(siblings("preimage", 2), hex"0102");
        bytes32 key = oracle.loadKeccak256(0, preimage);
        assertEq(key, bytes32((uint256(2) << 248) | (uint256(keccak256(preimage)) % 2 ** 248)));
        reads(key, 0, keccak256(abi.encode("preimage", uint256(0))), 66);
        // Past the end nothing has to be loaded.
        reads(key, 96, 0, 66);
        absent(key, 32);
        oracle.loadKeccak256(64, preimage);
        reads(key, 64, bytes2(0x0102), 66);
    }

    function test_read_empty_succeeds() external {
        bytes32 key = oracle.loadSha256(0, "");
        reads(key, 0, 0, 0);
    }

    function absent(bytes32 key, uint64 offset) internal {
        RvReference.Cpu memory c = calling(2, DATA + 32);
        (c.key, c.offset) = (key, offset);
        bytes memory state = c.encode();
        bytes memory witness = bytes.concat(state, both());
        vm.expectRevert(abi.encodeWithSelector(PreimageOracle.PreimageAbsent.selector, key, offset));
        judge.step(keccak256(state), LOCAL, witness);
    }

    function test_read_absent_reverts() external {
        absent(0, 0);
        absent(bytes32(uint256(2) << 248), 0);
        absent(bytes32(uint256(3) << 248), 32);
    }

    function test_read_otherLocal_reverts() external {
        RvReference.Cpu memory c = calling(2, DATA + 32);
        c.key = bytes32(uint256(LOCAL_KEY) | 1);
        bytes memory state = c.encode();
        bytes memory witness = bytes.concat(state, both());
        vm.expectRevert(abi.encodeWithSelector(RvStep.LocalValueAbsent.selector, c.key));
        judge.step(keccak256(state), LOCAL, witness);
    }

    function testFuzz_exit_code_succeeds(uint64 a0) external {
        RvReference.Cpu memory c = calling(93, DATA);
        c.x[10] = a0;
        bytes32 next = step(c, codePart);
        (c.exited, c.exitCode) = (1, a0 % 256);
        advance(c);
        assertEq(next, hashOf(c));
    }

    function testFuzz_call_unknown_succeeds(uint64 number) external {
        vm.assume(number != 1 && number != 2 && number != 93);
        RvReference.Cpu memory c = calling(number, DATA);
        bytes32 next = step(c, codePart);
        c.x[10] = type(uint64).max;
        advance(c);
        assertEq(next, hashOf(c));
    }

    function test_step_counterWraps_succeeds() external {
        RvReference.Cpu memory c = calling(7, DATA);
        c.step = type(uint64).max;
        bytes32 next = step(c, codePart);
        (c.step, c.pc, c.x[10]) = (0, PC + 4, type(uint64).max);
        assertEq(next, hashOf(c));
    }
}
