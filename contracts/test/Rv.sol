// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PreimageOracle} from "src/parent/PreimageOracle.sol";
import {RvStep} from "src/parent/RvStep.sol";
import {Asserts} from "test/Base.sol";
import {RvReference} from "test/RvReference.sol";

/// @notice Makes programs of one instruction, states and witnesses. The rest of both memories is whatever hashes to the
///         siblings, which are drawn from a seed.
abstract contract Rv is Asserts {
    using RvReference for RvReference.Cpu;

    uint64 internal constant DATA = 1 << 21;
    bytes32 internal constant LOCAL = keccak256("the question");
    uint256 internal constant ECALL = 0x73;

    PreimageOracle internal oracle;
    RvStep internal judge;
    bytes internal codePath;
    bytes internal dataPath;
    bytes32 internal dataLeaf;
    /// @dev The part of the witness behind the state.
    bytes internal codePart;
    bytes internal dataPart;

    function setUp() public virtual {
        oracle = new PreimageOracle();
        codePath = siblings("code", 16);
        dataPath = siblings("data", 27);
        dataLeaf = hex"000102030405060708090a0b0c0d0e0f808182838485868788898a8b8c8d8eff";
    }

    function siblings(string memory seed, uint256 count) internal pure returns (bytes memory out) {
        for (uint256 i = 0; i < count; ++i) out = abi.encodePacked(out, keccak256(abi.encode(seed, i)));
    }

    /// @dev The plain way up a tree.
    function rootOf(bytes32 leaf, uint256 index, bytes memory path) internal pure returns (bytes32) {
        for (uint256 i = 0; i < path.length / 32; ++i) {
            bytes32 sibling;
            assembly ("memory-safe") {
                sibling := mload(add(add(path, 32), mul(32, i)))
            }
            leaf = index % 2 == 0
                ? keccak256(bytes.concat(leaf, sibling))
                : keccak256(bytes.concat(sibling, leaf));
            index /= 2;
        }
        return leaf;
    }

    /// @dev A judge of a program that has `word` at `pc`.
    function program(uint256 pc, uint256 word) internal {
        bytes memory leaf = abi.encodePacked(keccak256("other instructions"));
        for (uint256 i = 0; i < 4; ++i) leaf[pc % 32 + i] = bytes1(uint8(word >> (8 * i)));
        codePart = bytes.concat(leaf, codePath);
        judge = new RvStep(rootOf(bytes32(leaf), pc / 32, codePath), oracle);
    }

    /// @dev A state before the instruction, with `dataLeaf` at the address `at`.
    function cpu(uint256 pc, uint256 at) internal returns (RvReference.Cpu memory c) {
        for (uint256 i = 1; i < 32; ++i) c.x[i] = uint64(uint256(keccak256(abi.encode("register", i))));
        c.pc = pc;
        c.step = 77;
        c.key = keccak256("key");
        c.offset = 96;
        place(c, at);
    }

    function place(RvReference.Cpu memory c, uint256 at) internal {
        c.memRoot = rootOf(dataLeaf, at / 32, dataPath);
        dataPart = bytes.concat(dataLeaf, dataPath);
    }

    function step(RvReference.Cpu memory c, bytes memory rest) internal view returns (bytes32) {
        bytes memory state = c.encode();
        return judge.step(keccak256(state), LOCAL, bytes.concat(state, rest));
    }

    function hashOf(RvReference.Cpu memory c) internal pure returns (bytes32) {
        return keccak256(c.encode());
    }

    /// @dev What rule 4 does where nothing jumps.
    function advance(RvReference.Cpu memory c) internal pure {
        (c.pc, c.step) = (c.pc + 4, c.step + 1);
    }

    function trapped(RvReference.Cpu memory c) internal pure returns (bytes32) {
        (c.step, c.exitCode, c.exited) = (c.step + 1, 255, 1);
        return hashOf(c);
    }

    function copy(RvReference.Cpu memory c) internal pure returns (RvReference.Cpu memory) {
        return abi.decode(abi.encode(c), (RvReference.Cpu));
    }

    // ---- encodings

    function typeR(uint256 opcode, uint256 f3, uint256 f7, uint256 rd, uint256 rs1, uint256 rs2)
        internal
        pure
        returns (uint256)
    {
        return (f7 << 25) | (rs2 << 20) | (rs1 << 15) | (f3 << 12) | (rd << 7) | opcode;
    }

    function typeI(uint256 opcode, uint256 f3, uint256 rd, uint256 rs1, int256 imm) internal pure returns (uint256) {
        return ((uint256(imm) & 0xfff) << 20) | (rs1 << 15) | (f3 << 12) | (rd << 7) | opcode;
    }

    function typeS(uint256 f3, uint256 rs1, uint256 rs2, int256 imm) internal pure returns (uint256) {
        uint256 v = uint256(imm) & 0xfff;
        return ((v >> 5) << 25) | (rs2 << 20) | (rs1 << 15) | (f3 << 12) | ((v & 31) << 7) | 0x23;
    }
}
