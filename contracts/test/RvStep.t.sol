// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {RvStates} from "src/lib/RvState.sol";
import {RvStep} from "src/parent/RvStep.sol";
import {Rv} from "test/Rv.sol";
import {RvReference} from "test/RvReference.sol";

/// @notice Instructions against the slow machine, and values by hand where both could misread the ISA alike.
contract RvStepTest is Rv {
    using RvReference for RvReference.Cpu;

    uint256 internal constant PC = 0x1234 * 4;

    /// @dev Executes one word on both.
    function compare(RvReference.Cpu memory c, uint256 word) internal {
        program(c.pc, word);
        RvReference.Cpu memory expected = copy(c);
        RvReference.Access memory access = expected.execute(word, dataLeaf);
        bytes memory rest = codePart;
        if (access.present) {
            place(c, access.at);
            rest = bytes.concat(codePart, dataPart);
            expected.memRoot = rootOf(access.leaf, access.at / 32, dataPath);
        }
        assertEq(step(c, rest), hashOf(expected));
    }

    /// @dev Value that `word` leaves in x1, of x2 and x3.
    function resultOf(uint256 word, uint64 a, uint64 b, uint64 expected) internal {
        RvReference.Cpu memory c = cpu(PC, DATA);
        (c.x[2], c.x[3]) = (a, b);
        program(PC, word);
        bytes32 next = step(c, codePart);
        c.x[1] = expected;
        advance(c);
        assertEq(next, hashOf(c));
    }

    function edge(uint256 seed) internal pure returns (uint64) {
        uint64[12] memory edges = [
            0, 1, 2, 31, 63, 0x7fffffff, 0x80000000, 0xffffffff, 1 << 63, (1 << 63) - 1, type(uint64).max, 1 << 32
        ];
        return seed % 3 == 0 ? uint64(seed >> 64) : edges[(seed >> 8) % 12];
    }

    function fuzzed(uint256 seed) internal returns (RvReference.Cpu memory c) {
        c = cpu(bound(seed >> 32, 0, 0x7ffff) * 4, DATA);
        for (uint256 i = 1; i < 32; ++i) c.x[i] = edge(uint256(keccak256(abi.encode(seed, i))));
        dataLeaf = keccak256(abi.encode(seed, "leaf"));
    }

    function testFuzz_step_anyWord_succeeds(uint32 word, uint256 seed) external {
        // Calls are tested one by one.
        vm.assume(word != ECALL);
        compare(fuzzed(seed), word);
    }

    /// @dev Every opcode of the ISA, with funct7 values that mostly mean something.
    function testFuzz_step_definedWord_succeeds(uint32 word, uint256 seed) external {
        uint8[13] memory opcodes = [0x03, 0x0f, 0x13, 0x17, 0x1b, 0x23, 0x33, 0x33, 0x37, 0x3b, 0x63, 0x67, 0x6f];
        uint8[4] memory functs = [0, 1, 0x20, 0x21];
        uint256 w = (word & 0x01ffff80) | opcodes[seed % 13];
        w |= seed & 0x100 == 0 ? uint256(functs[(seed >> 16) % 4]) << 25 : word & 0xfe000000;
        compare(fuzzed(seed), w);
    }

    /// @dev Loads and stores that mostly reach data.
    function testFuzz_step_memory_succeeds(uint256 seed, uint8 funct3, int16 displacement) external {
        RvReference.Cpu memory c = fuzzed(seed);
        uint256 f3 = funct3 % 8;
        int256 imm = int256(displacement) % 2048;
        c.x[2] = uint64(uint256(int256(bound(seed >> 16, DATA + 4096, (1 << 32) - 4096) & ~uint256(7)) - imm));
        if (seed % 5 != 0) c.x[2] = c.x[2] / 8 * 8 + (seed >> 200) % 8;
        compare(c, seed % 2 == 0 ? typeI(0x03, f3, 1, 2, imm) : typeS(f3, 2, 3, imm));
    }

    function test_step_allOperations_succeeds() external {
        for (uint256 f3 = 0; f3 < 8; ++f3) {
            for (uint256 f7 = 0; f7 < 128; f7 = f7 < 3 ? f7 + 1 : f7 * 2) {
                for (uint256 wide = 0; wide < 2; ++wide) {
                    RvReference.Cpu memory c = fuzzed(uint256(keccak256(abi.encode(f3, f7, wide))));
                    compare(c, typeR(wide == 0 ? 0x33 : 0x3b, f3, f7, 1, 2, 3));
                    compare(c, typeR(wide == 0 ? 0x13 : 0x1b, f3, f7, 1, 2, 3));
                }
            }
        }
    }

    // ---- values by hand

    function test_step_arithmetic_succeeds() external {
        uint64 minus1 = type(uint64).max;
        uint64 lowest = 1 << 63;
        resultOf(0x003100b3, minus1, 2, 1); // add
        resultOf(0x403100b3, 1, 2, minus1); // sub
        resultOf(0x003110b3, 1, 64 + 5, 32); // sll
        resultOf(0x003120b3, minus1, 0, 1); // slt
        resultOf(0x003130b3, minus1, 0, 0); // sltu
        resultOf(0x403150b3, lowest, 62, minus1 - 1); // sra
        resultOf(0x003150b3, lowest, 62, 2); // srl
        resultOf(0x023110b3, minus1, minus1, 0); // mulh
        resultOf(0x023120b3, minus1, minus1, minus1); // mulhsu
        resultOf(0x023130b3, minus1, minus1, minus1 - 1); // mulhu
        resultOf(0x023140b3, lowest, minus1, lowest); // div
        resultOf(0x023160b3, lowest, minus1, 0); // rem
        resultOf(0x023140b3, 7, 0, minus1); // div by zero
        resultOf(0x023150b3, 7, 0, minus1); // divu by zero
        resultOf(0x023160b3, uint64(uint256(int256(-7))), 0, uint64(uint256(int256(-7)))); // rem by zero
        resultOf(0x023170b3, 7, 0, 7); // remu by zero
        resultOf(0x003100bb, 0x7fffffff, 1, 0xffffffff80000000); // addw
        resultOf(0x403150bb, 0xf80000000, 31, minus1); // sraw
        resultOf(0x023140bb, 0x80000000, minus1, 0xffffffff80000000); // divw
        resultOf(0x023170bb, 0xffffffff, 0, minus1); // remuw by zero
        resultOf(0x800000b7, 0, 0, 0xffffffff80000000); // lui
        resultOf(0xfff00093, 0, 0, minus1); // addi -1
        resultOf(0x43f15093, lowest, 0, minus1); // srai 63
        resultOf(0x00001097, 0, 0, uint64(PC) + 0x1000); // auipc
    }

    function test_step_jumps_succeeds() external {
        RvReference.Cpu memory c = cpu(PC, DATA);
        program(PC, 0xff9ff06f); // jal x0, -8
        RvReference.Cpu memory d = copy(c);
        (d.pc, d.step) = (PC - 8, c.step + 1);
        assertEq(step(c, codePart), hashOf(d));
        // jalr x2, 3(x2): the link does not disturb the target, and bit 0 of the sum is cleared.
        program(PC, 0x00310167);
        c.x[2] = 100;
        d = copy(c);
        (d.pc, d.step, d.x[2]) = (102, c.step + 1, PC + 4);
        assertEq(step(c, codePart), hashOf(d));
        // From the last word of code, pc moves on to where it traps.
        c.pc = DATA - 4;
        program(c.pc, 0x13);
        d = copy(c);
        advance(d);
        assertEq(step(c, codePart), hashOf(d));
        assertEq(step(d, ""), trapped(d));
    }

    function test_step_memoryBytes_succeeds() external {
        RvReference.Cpu memory c = cpu(PC, DATA + 64);
        c.x[2] = DATA + 64;
        uint64[7] memory loaded = [
            0xffffffffffffffff, // lb 31
            0xffffffffffffff8e, // lh 30
            0xffffffffff8e8d8c, // lw 28
            0xff8e8d8c8b8a8988, // ld 24
            0xff, // lbu 31
            0xff8e, // lhu 30
            0xff8e8d8c // lwu 28
        ];
        int256[7] memory at = [int256(31), 30, 28, 24, 31, 30, 28];
        for (uint256 f3 = 0; f3 < 7; ++f3) {
            program(PC, typeI(0x03, f3, 1, 2, at[f3]));
            RvReference.Cpu memory d = copy(c);
            d.x[1] = loaded[f3];
            advance(d);
            assertEq(step(c, bytes.concat(codePart, dataPart)), hashOf(d));
        }
        c.x[3] = 0x1122334455667788;
        bytes32[4] memory stored = [
            bytes32(hex"000102030405060708090a0b0c0d0e0f808182838485868788898a8b8c8d8e88"),
            hex"000102030405060708090a0b0c0d0e0f808182838485868788898a8b8c8d8877",
            hex"000102030405060708090a0b0c0d0e0f808182838485868788898a8b88776655",
            hex"000102030405060708090a0b0c0d0e0f80818283848586878877665544332211"
        ];
        for (uint256 f3 = 0; f3 < 4; ++f3) {
            program(PC, typeS(f3, 2, 3, at[f3]));
            RvReference.Cpu memory d = copy(c);
            d.memRoot = rootOf(stored[f3], DATA / 32 + 2, dataPath);
            advance(d);
            assertEq(step(c, bytes.concat(codePart, dataPart)), hashOf(d));
        }
    }

    // ---- traps

    function trapsAt(uint256 pc, uint256 word) internal {
        RvReference.Cpu memory c = cpu(pc, DATA);
        program(pc, word);
        assertEq(step(c, codePart), trapped(c));
    }

    function test_step_undefinedWords_succeeds() external {
        uint32[19] memory words = [
            0x00100073, // ebreak
            0x10500073, // wfi
            0x00000f73, // ecall with a register
            0x0000100f, // fence.i
            0xc0002573, // csrr
            0x00000000,
            0xffffffff,
            0x00000001, // compressed nop
            0x04009093, // slli with bit 26
            0x0600d093, // srli with bit 26
            0x4200d09b, // sraiw 32
            0x0200909b, // slliw 32
            0x0000a09b, // opcode 0x1b, funct3 2
            0x00002063, // branch 2
            0x00001067, // jalr with funct3 1
            0x00007003, // load 7
            0x00004023, // store 4
            0x400010b3, // sll with funct7 0x20
            0x0200903b // opcode 0x3b, mulhw
        ];
        for (uint256 i = 0; i < words.length; ++i) trapsAt(PC, words[i]);
        // Bit 25 belongs to the amount of the 64-bit shifts: slli 32.
        RvReference.Cpu memory c = cpu(PC, DATA);
        program(PC, 0x02009093);
        RvReference.Cpu memory d = copy(c);
        d.x[1] = (c.x[1] << 32) % 2 ** 64;
        advance(d);
        assertEq(step(c, codePart), hashOf(d));
    }

    function test_step_fence_succeeds() external {
        program(PC, 0xfffc0f8f); // every other field set
        RvReference.Cpu memory c = cpu(PC, DATA);
        RvReference.Cpu memory d = copy(c);
        advance(d);
        assertEq(step(c, codePart), hashOf(d));
    }

    function test_step_fetch_traps() external {
        program(PC, 0x13);
        RvReference.Cpu memory c = cpu(PC, DATA);
        uint64[4] memory pcs = [uint64(PC + 1), uint64(PC + 2), DATA, type(uint64).max - 3];
        for (uint256 i = 0; i < 4; ++i) {
            RvReference.Cpu memory d = copy(c);
            d.pc = pcs[i];
            bytes32 next = step(d, "");
            assertEq(next, trapped(d));
        }
    }

    function test_step_addresses_traps() external {
        RvReference.Cpu memory c = cpu(PC, DATA);
        uint64[6] memory bad = [DATA - 8, DATA + 4, DATA + 1, 1 << 32, type(uint64).max - 7, 0];
        for (uint256 i = 0; i < bad.length; ++i) {
            c.x[2] = bad[i];
            bytes32 next = trapped(copy(c));
            program(PC, typeI(0x03, 3, 1, 2, 0));
            assertEq(step(c, codePart), next);
            program(PC, typeS(3, 2, 3, 0));
            assertEq(step(c, codePart), next);
        }
        // The sum wraps to 0, which is no data.
        c.x[2] = type(uint64).max - 7;
        program(PC, typeI(0x03, 3, 1, 2, 8));
        assertEq(step(c, codePart), trapped(copy(c)));
    }

    // ---- witnesses

    function test_step_exited_succeeds() external {
        program(PC, 0x13);
        RvReference.Cpu memory c = cpu(PC, DATA);
        (c.exited, c.exitCode) = (1, 3);
        assertEq(step(c, ""), hashOf(c));
        bytes memory state = c.encode();
        vm.expectRevert(abi.encodeWithSelector(RvStep.WitnessLength.selector, 352, 896));
        judge.step(keccak256(state), LOCAL, bytes.concat(state, codePart));
    }

    function refuses(RvReference.Cpu memory c, bytes memory rest, bytes memory reason) internal {
        bytes memory state = c.encode();
        vm.expectRevert(reason);
        judge.step(keccak256(state), LOCAL, bytes.concat(state, rest));
    }

    function lengthError(uint256 expected, uint256 given) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(RvStep.WitnessLength.selector, expected, given);
    }

    function test_step_length_reverts() external {
        RvReference.Cpu memory c = cpu(PC, DATA);
        program(PC, 0x13);
        vm.expectRevert(lengthError(352, 0));
        judge.step(0, LOCAL, "");
        vm.expectRevert(lengthError(352, 351));
        judge.step(0, LOCAL, new bytes(351));
        refuses(c, "", lengthError(896, 352));
        refuses(c, new bytes(543), lengthError(896, 895));
        refuses(c, bytes.concat(codePart, hex"00"), lengthError(896, 897));
        refuses(c, bytes.concat(codePart, dataPart), lengthError(896, 1792));
        c.x[2] = DATA;
        program(PC, typeI(0x03, 3, 1, 2, 0));
        refuses(c, codePart, lengthError(1792, 896));
        refuses(c, bytes.concat(codePart, new bytes(895)), lengthError(1792, 1791));
        refuses(c, bytes.concat(codePart, dataPart, hex"00"), lengthError(1792, 1793));
        // A trap has no data.
        c.x[2] = DATA + 1;
        refuses(c, bytes.concat(codePart, dataPart), lengthError(896, 1792));
        program(PC, typeS(3, 2, 3, 0));
        refuses(c, bytes.concat(codePart, dataPart), lengthError(896, 1792));
        program(PC, ECALL);
        refuses(c, bytes.concat(codePart, dataPart), lengthError(896, 1792));
        c.pc = PC + 1;
        refuses(c, codePart, lengthError(352, 896));
    }

    function test_step_otherState_reverts() external {
        RvReference.Cpu memory c = cpu(PC, DATA);
        program(PC, 0x13);
        bytes memory witness = bytes.concat(c.encode(), codePart);
        vm.expectRevert(abi.encodeWithSelector(RvStep.StateMismatch.selector, hashOf(c)));
        judge.step(keccak256("other"), LOCAL, witness);
    }

    function test_step_malformedState_reverts() external {
        RvReference.Cpu memory c = cpu(PC, DATA);
        program(PC, 0x13);
        uint256[7] memory at = [uint256(90), 91, 92, 93, 95, 96, 103];
        for (uint256 i = 0; i < at.length; ++i) {
            bytes memory state = c.encode();
            state[at[i]] = 0x01;
            vm.expectRevert(RvStates.MalformedState.selector);
            judge.step(keccak256(state), LOCAL, bytes.concat(state, codePart));
        }
        c.exited = 2;
        bytes memory exited = c.encode();
        vm.expectRevert(RvStates.MalformedState.selector);
        judge.step(keccak256(exited), LOCAL, exited);
    }

    /// @dev One bit anywhere behind the state.
    function testFuzz_step_mutated_reverts(uint256 at, uint8 bit, bool store) external {
        RvReference.Cpu memory c = cpu(PC, DATA);
        c.x[2] = DATA;
        program(PC, store ? typeS(3, 2, 3, 0) : typeI(0x03, 3, 1, 2, 0));
        bytes memory rest = bytes.concat(codePart, dataPart);
        at %= rest.length;
        rest[at] ^= bytes1(uint8(1 << (bit % 8)));
        refuses(
            c,
            rest,
            abi.encodeWithSelector(
                at < codePart.length ? RvStep.CodeProofMismatch.selector : RvStep.DataProofMismatch.selector
            )
        );
    }

    /// @dev One bit of the state.
    function testFuzz_step_mutatedState_reverts(uint256 at, uint8 bit) external {
        RvReference.Cpu memory c = cpu(PC, DATA);
        program(PC, 0x13);
        bytes memory state = c.encode();
        bytes32 stateHash = keccak256(state);
        state[at % 352] ^= bytes1(uint8(1 << (bit % 8)));
        vm.expectRevert();
        judge.step(stateHash, LOCAL, bytes.concat(state, codePart));
    }
}
