// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {History} from "src/lib/History.sol";
import {BlockDisputes} from "src/parent/BlockDisputes.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {StakedLevels} from "src/parent/StakedLevels.sol";
import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {Agents} from "test/Agents.sol";
import {GasMeter} from "test/GasMeter.sol";
import {Traces} from "test/Traces.sol";

/// @notice One transaction a move, in a dispute whose leaves have many subtrees on their left; to be run with --isolate.
contract GasOfDisputesTest is Agents, GasMeter {
    using Traces for Traces.Trace;

    /// @dev snapshots/ProposalGame.txt.
    uint256 internal constant VERSIONED_HASH_SLOT = 2;
    bytes internal constant COMMITMENT =
        hex"8ea4fdc4dfec8fe0583e2dbda2235ec0429a631a4eac577d7c6d8141a781f2e67dd335f36f70b9cfedd58f4ef601bcc2";
    bytes internal constant PROOF =
        hex"a4767280de26aec989384a6e3bc84e95b20964ef1a91721a1a08f1a94e8844607c3836216a7f7633a4856414aa7ccfb4";
    bytes32 internal constant FIRST = 0x00dbef0f1c3649cdb97f3d0fcdcceccf83109620f4322f8e70359638226d53fb;
    bytes32 internal constant SECOND = 0x005922d857665ddfbf3d294717090ebb8a9a6c9c83ac29613e8b20a43db56cf2;

    mapping(string what => uint256) internal most;
    mapping(uint256 agent => uint256) internal total;
    mapping(uint256 agent => uint256) internal calls;

    function setUp() public override {
        super.setUp();
        // Nobody pays for the first game of all, nor for the first one that is burnt.
        proposeBlocks(BOB, NO_PARENT, 0, new bytes32[](0), "first");
        vm.deal(address(0), 1);
    }

    function called(uint256 a, string memory what, bytes memory input) internal override {
        uint256 gas = gasOf(input);
        if (gas > most[what]) most[what] = gas;
        total[a] += gas;
        ++calls[a];
    }

    /// @dev Isolated calls have no blobs: the versioned hash is written where the creation would have.
    function blobProposal() internal returns (ProposalGame game) {
        bytes32[] memory claims = new bytes32[](2);
        (claims[0], claims[1]) = (FIRST, SECOND);
        game = proposeBlocks(ALICE, NO_PARENT, 0, claims, keccak256("third"));
        bytes32 versionedHash = bytes32((uint256(sha256(COMMITMENT)) % 2 ** 248) | (1 << 248));
        vm.store(address(game), bytes32(VERSIONED_HASH_SLOT), versionedHash);
        assertEq(game.versionedHash(), versionedHash);
    }

    /// @dev Two openings, of the claim in the middle and of the one before it.
    function test_gas_openDispute_blob() external {
        ProposalGame game = blobProposal();
        prepare(FIRST);
        uint256 a = liar(0, 0, 99);
        BlockDisputes.Ending memory ending = endingOf(a);
        BlockDisputes.Position memory at = BlockDisputes.Position(
            indexOf(game), 1, bytes.concat(SECOND, COMMITMENT, PROOF), bytes.concat(FIRST, COMMITMENT, PROOF)
        );
        address who = fund(a, OPENING);
        vm.prank(who);
        disputes.openDispute{value: OPENING}(at, 0, ending);
        meter(
            "openDispute, two openings of a blob", abi.encodeCall(BlockDisputes.openDispute, (at, 0, ending)), 400_000
        );
    }

    /// @dev The longest inputs there can be: a leaf with 18 subtrees on its left, and a step with data.
    function test_gas_proveStep_longest() external {
        History.Predecessor memory p = History.Predecessor(NEVER - 1, full(18 * 32), bytes32(full(32)), "");
        bytes memory start = abi.encodeCall(BlockDisputes.proveStart, (bytes32(full(32)), p));
        bytes memory step = abi.encodeCall(BlockDisputes.proveStep, (bytes32(full(32)), full(1792)));
        vm.snapshotValue("proveStart, floor of the longest", floorOf(start));
        vm.snapshotValue("proveStep, floor of the longest", floorOf(step));
        assertTrue(floorOf(start) <= 150_000, "start");
        assertTrue(floorOf(step) <= 100_000, "step");
    }

    function full(uint256 size) internal pure returns (bytes memory out) {
        out = new bytes(size);
        for (uint256 i = 0; i < size; ++i) out[i] = 0xff;
    }

    function test_gas_proposal() external {
        bytes memory extra = proposalData(NO_PARENT, 0, new bytes32[](0), "root");
        vm.deal(ALICE, BOND);
        vm.prank(ALICE);
        factory.create{value: BOND}(PROPOSALS, "root", extra);
        meter(
            "propose, 1 block, no blob", abi.encodeCall(DisputeGameFactory.create, (PROPOSALS, "root", extra)), 400_000
        );
        extra = proposalData(NO_PARENT, 0, new bytes32[](99), "root");
        vm.deal(ALICE, BOND);
        vm.prank(ALICE);
        factory.create{value: BOND}(PROPOSALS, "root", extra);
        meter(
            "propose, 100 blocks, no blob",
            abi.encodeCall(DisputeGameFactory.create, (PROPOSALS, "root", extra)),
            1_100_000
        );
    }

    function test_gas_dispute() external {
        ProposalGame game = proposeBlocks(ALICE, NO_PARENT, 0, one(FIRST), keccak256("a lie"));
        prepare(FIRST);
        uint256 good = honest();
        uint256 bad = liar(0x2ffff, 0x3fffe, 99);
        openFor(good, game, 1);
        join(bad);
        settleDown(0);
        pass(CLOCK);
        update(good);
        bytes32 root = levelOne(good).root();
        bytes32 rival = levelOne(bad).root();
        disputes.confirm(disputeId, root);
        called(good, "confirm", abi.encodeCall(StakedLevels.confirm, (disputeId, root)));
        disputes.settle(disputeId, game, 1);
        called(good, "settle", abi.encodeCall(BlockDisputes.settle, (disputeId, game, 1)));
        disputes.collect(disputeId, rival);
        called(good, "collect", abi.encodeCall(StakedLevels.collect, (disputeId, rival)));

        keep("openDispute", 400_000);
        keep("joinDispute", 250_000);
        keep("open", 170_000);
        keep("joinLevelTwo", 400_000);
        keep("proveStart", 150_000);
        keep("proveStep", 100_000);
        keep("updateTimer", 130_000);
        keep("updateLeafTimer", 100_000);
        keep("confirm", 100_000);
        keep("settle", 150_000);
        keep("collect", 150_000);
        vm.snapshotValue("whole path of the honest one", total[good]);
        vm.snapshotValue("whole path of the honest one, calls", calls[good]);
        assertTrue(total[good] <= 3_500_000, "path");
    }

    function keep(string memory what, uint256 limit) internal {
        vm.snapshotValue(what, most[what]);
        assertTrue(most[what] <= limit, what);
    }

    function one(bytes32 claim) internal pure returns (bytes32[] memory claims) {
        claims = new bytes32[](1);
        claims[0] = claim;
    }
}
