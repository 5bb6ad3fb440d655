// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Claims} from "src/lib/Claims.sol";
import {BlockDisputes} from "src/parent/BlockDisputes.sol";
import {GameType} from "src/parent/IDisputeGame.sol";
import {PreimageOracle} from "src/parent/PreimageOracle.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {RvStep} from "src/parent/RvStep.sol";
import {Base} from "test/Base.sol";
import {RvReference} from "test/RvReference.sol";

/// @notice The contracts of fraud proofs with a program that is real and small: it reads the question and answers with
///         it, in eleven steps.
abstract contract Disputes is Base {
    using RvReference for RvReference.Cpu;

    GameType internal constant PROPOSALS = GameType.wrap(301);
    uint256 internal constant NO_PARENT = type(uint64).max;
    uint256 internal constant OPENING = 0.2 ether;
    uint256 internal constant STAKE_1 = 0.05 ether;
    uint256 internal constant STAKE_2 = 0.01 ether;
    bytes32 internal constant GENESIS_CLAIM = bytes32(uint256(keccak256("claim of block 0")) >> 8);
    bytes32 internal constant LOCAL_KEY = bytes32(uint256(1) << 248);
    /// @dev Index of the first leaf of data.
    uint256 internal constant DATA_LEAF = 1 << 16;

    PreimageOracle internal oracle;
    RvStep internal judge;
    BlockDisputes internal disputes;
    ProposalGame internal proposalImpl;

    bytes internal upperCode;
    bytes internal dataPath;
    bytes32[2] internal code;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i < 27; ++i) {
            if (i < 15) upperCode = abi.encodePacked(upperCode, keccak256(abi.encode("code", i)));
            dataPath = abi.encodePacked(dataPath, keccak256(abi.encode("data", i)));
        }
        uint32[16] memory words = [
            0x00200537, // lui a0, 0x200
            0x00100893, // li a7, 1
            0x00000073, // set_key: the local value
            0x00200893, // li a7, 2
            0x00000073, // read: over its key
            0x00200537, // lui a0, 0x200
            0x00100893, // li a7, 1
            0x00000073, // set_key: the answer
            0x00000513, // li a0, 0
            0x05d00893, // li a7, 93
            0x00000073, // exit
            0, 0, 0, 0, 0
        ];
        bytes memory text;
        for (uint256 i = 0; i < 16; ++i) {
            for (uint256 b = 0; b < 4; ++b) text = abi.encodePacked(text, uint8(words[i] >> (8 * b)));
        }
        (code[0], code[1]) = abi.decode(text, (bytes32, bytes32));
        oracle = new PreimageOracle();
        judge = new RvStep(plainRoot(code[0], 0, abi.encodePacked(code[1], upperCode)), oracle);
        disputes = new BlockDisputes(config, inbox, factory, judge, keccak256(start().encode()), OPENING, STAKE_1, STAKE_2);
        proposalImpl = new ProposalGame(config, inbox, factory, registry, address(disputes), GENESIS_CLAIM);
        vm.prank(OWNER);
        factory.setImplementation(PROPOSALS, proposalImpl);
        vm.prank(OWNER);
        factory.setInitBond(PROPOSALS, BOND);
        vm.prank(GUARDIAN);
        registry.setRespectedGameType(PROPOSALS);
    }

    // ---- the program

    function start() internal view returns (RvReference.Cpu memory c) {
        c.memRoot = plainRoot(LOCAL_KEY, DATA_LEAF, dataPath);
    }

    /// @dev States 1 to 11 of the program's run, and the witness of the step to each.
    function run(bytes32 question)
        internal
        view
        returns (bytes32[] memory hashes, bytes[] memory witnesses, bytes memory finalState)
    {
        hashes = new bytes32[](11);
        witnesses = new bytes[](11);
        RvReference.Cpu memory c = start();
        bytes32 leaf = LOCAL_KEY;
        for (uint256 i = 0; i < 11; ++i) {
            bytes memory state = c.encode();
            uint256 at = i / 8;
            witnesses[i] = abi.encodePacked(state, code[at], code[1 - at], upperCode);
            if (i == 2 || i == 4 || i == 7) witnesses[i] = abi.encodePacked(witnesses[i], leaf, dataPath);
            if (i == 2 || i == 7) {
                (c.key, c.offset, c.pc, c.step) = (leaf, 0, c.pc + 4, c.step + 1);
            } else if (i == 4) {
                leaf = question;
                c.memRoot = plainRoot(leaf, DATA_LEAF, dataPath);
                (c.x[10], c.offset, c.pc, c.step) = (32, 32, c.pc + 4, c.step + 1);
            } else if (i == 10) {
                (c.exited, c.pc, c.step) = (1, c.pc + 4, c.step + 1);
            } else {
                c.execute(wordAt(i), 0);
            }
            finalState = c.encode();
            hashes[i] = keccak256(finalState);
            assertEq(judge.step(keccak256(state), question, witnesses[i]), hashes[i]);
        }
    }

    function wordAt(uint256 i) private view returns (uint256) {
        uint256 word = (uint256(code[i / 8]) >> (224 - 32 * (i % 8))) % 2 ** 32;
        return (word >> 24) | ((word >> 8) & 0xff00) | ((word << 8) & 0xff0000) | ((word & 0xff) << 24);
    }

    function plainRoot(bytes32 leaf, uint256 index, bytes memory path) internal pure returns (bytes32) {
        for (uint256 i = 0; i < path.length / 32; ++i) {
            bytes32 sibling;
            assembly ("memory-safe") {
                sibling := mload(add(add(path, 32), mul(32, i)))
            }
            leaf = index % 2 == 0 ? keccak256(abi.encode(leaf, sibling)) : keccak256(abi.encode(sibling, leaf));
            index /= 2;
        }
        return leaf;
    }

    /// @dev What the program answers after `preClaim`, with the inbox of today.
    function answerTo(bytes32 preClaim) internal view returns (bytes32) {
        return Claims.truncated(questionAfter(preClaim));
    }

    function questionAfter(bytes32 preClaim) internal view returns (bytes32) {
        uint64 count = inbox.count();
        return keccak256(abi.encode(keccak256("config"), preClaim, count, inbox.acc(count), uint64(1)));
    }

    // ---- proposals

    /// @dev Claims in the extra data; the last one is added, being that of the root.
    function proposalData(uint256 parent, uint256 number, bytes32[] memory claims, bytes32 root)
        internal
        view
        returns (bytes memory extra)
    {
        uint64 count = inbox.count();
        number += claims.length + 1;
        extra = abi.encode(
            number, count, inbox.acc(count), parent, claims.length + 1, keccak256("position"), uint64(7), false
        );
        extra = abi.encodePacked(
            extra, claims, Claims.claimOf(root, uint64(number), keccak256("position"), 7)
        );
    }

    function proposeBlocks(address who, uint256 parent, uint256 number, bytes32[] memory claims, bytes32 root)
        internal
        returns (ProposalGame)
    {
        bytes memory extra = proposalData(parent, number, claims, root);
        vm.deal(who, who.balance + BOND);
        vm.prank(who);
        return ProposalGame(address(factory.create{value: BOND}(PROPOSALS, root, extra)));
    }
}
