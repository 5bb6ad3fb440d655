// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {History} from "src/lib/History.sol";
import {RvStates} from "src/lib/RvState.sol";
import {BlockDisputes} from "src/parent/BlockDisputes.sol";
import {EdgeGame} from "src/parent/EdgeGame.sol";
import {GameStatus} from "src/parent/IDisputeGame.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {RvStep} from "src/parent/RvStep.sol";
import {StakedLevels} from "src/parent/StakedLevels.sol";
import {Agents} from "test/Agents.sol";
import {Traces} from "test/Traces.sol";

/// @notice Every rule of a dispute by itself: what is refused, and why.
contract BlockDisputesRulesTest is Agents {
    using Traces for Traces.Trace;

    ProposalGame internal game;
    uint256 internal good;
    uint256 internal bad;
    bytes32 internal goodRoot;
    bytes32 internal badRoot;

    function setUp() public override {
        super.setUp();
        game = proposeBlocks(ALICE, NO_PARENT, 0, truth(), keccak256("a lie"));
        prepare(truth()[0]);
        good = honest();
        bad = liar(0x2ffff, 0x15555, 99);
        goodRoot = levelOne(good).root();
        badRoot = levelOne(bad).root();
        vm.deal(address(this), 100 ether);
    }

    function truth() internal view returns (bytes32[] memory claims) {
        claims = new bytes32[](1);
        claims[0] = answerTo(GENESIS_CLAIM);
    }

    function positionOf(ProposalGame which, uint256 index) internal view returns (BlockDisputes.Position memory) {
        return BlockDisputes.Position(indexOf(which), index, "", "");
    }

    function appendEntry() internal {
        pass(1);
        uint64 index = inbox.count();
        bytes32 origin = blockhash(block.number - 1);
        vm.prank(BATCHER, BATCHER);
        inbox.appendCalldata(index, 0, uint64(block.number - 1), origin, "");
    }

    function both() internal {
        openFor(good, game, 1);
        join(bad);
    }

    // ---- opening

    function openRefused(BlockDisputes.Position memory at, uint64 count, bytes memory reason) internal {
        BlockDisputes.Ending memory ending = endingOf(good);
        vm.expectRevert(reason);
        disputes.openDispute{value: OPENING}(at, count, ending);
    }

    function test_openDispute_question_succeeds() external {
        bytes32 preClaim = truth()[0];
        appendEntry();
        appendEntry();
        prepare(preClaim);
        // Any end from what the proposal covers on.
        BlockDisputes.Position memory at = positionOf(game, 1);
        for (uint64 count = 0; count < 3; ++count) {
            bytes32 id = disputes.openDispute{value: OPENING}(at, count, endingOf(bad));
            BlockDisputes.Dispute memory dispute = disputes.disputeOf(id);
            assertEq(
                dispute.question,
                keccak256(abi.encode(keccak256("config"), preClaim, count, inbox.acc(count), uint64(1)))
            );
            assertEq(dispute.preClaim, preClaim);
        }
        assertEq(game.openDisputes(), 3);
        assertEq(
            disputes.programId(),
            keccak256(abi.encodePacked(judge.codeRoot(), disputes.startStateHash()))
        );
    }

    function test_openDispute_target_reverts() external {
        openRefused(positionOf(game, 1), 1, abi.encodeWithSelector(BlockDisputes.BadInboxTarget.selector, 1));
        appendEntry();
        ProposalGame later = proposeBlocks(ALICE, NO_PARENT, 0, truth(), "later");
        openRefused(positionOf(later, 1), 0, abi.encodeWithSelector(BlockDisputes.BadInboxTarget.selector, 0));
    }

    function test_openDispute_proposal_reverts() external {
        propose(keccak256("attested"), 1);
        BlockDisputes.Position memory at = BlockDisputes.Position(factory.gameCount() - 1, 0, "", "");
        openRefused(at, 0, abi.encodeWithSelector(BlockDisputes.NotAProposal.selector));
        ProposalGame other = new ProposalGame(config, inbox, factory, registry, address(0xD15), GENESIS_CLAIM);
        vm.prank(OWNER);
        factory.setImplementation(PROPOSALS, other);
        openRefused(
            positionOf(proposeBlocks(ALICE, NO_PARENT, 0, truth(), "other"), 1),
            0,
            abi.encodeWithSelector(BlockDisputes.NotAProposal.selector)
        );
        openRefused(positionOf(game, 2), 0, abi.encodeWithSelector(ProposalGame.ClaimOutOfRange.selector, 2));
    }

    function test_openDispute_sameClaim_reverts() external {
        // The first claim is what the program answers.
        prepare(GENESIS_CLAIM);
        delete agents;
        good = honest();
        openRefused(positionOf(game, 0), 0, abi.encodeWithSelector(BlockDisputes.NothingToDispute.selector));
    }

    function test_openDispute_late_reverts() external {
        pass(CLOCK);
        openRefused(positionOf(game, 1), 0, abi.encodeWithSelector(ProposalGame.ClockTimeExceeded.selector));
    }

    function test_openDispute_twice_reverts() external {
        openFor(good, game, 1);
        openRefused(positionOf(game, 1), 0, abi.encodeWithSelector(BlockDisputes.DisputeExists.selector));
    }

    function test_joinDispute_stake_reverts() external {
        openFor(good, game, 1);
        BlockDisputes.Ending memory ending = endingOf(bad);
        vm.expectRevert(abi.encodeWithSelector(StakedLevels.IncorrectStake.selector, STAKE_1, STAKE_1 - 1));
        disputes.joinDispute{value: STAKE_1 - 1}(disputeId, ending);
        ending = endingOf(good);
        vm.expectRevert(EdgeGame.EdgeExists.selector);
        disputes.joinDispute{value: STAKE_1}(disputeId, ending);
        vm.expectRevert(BlockDisputes.DisputeAbsent.selector);
        disputes.joinDispute{value: STAKE_1}("none", ending);
    }

    function joinRefused(BlockDisputes.Ending memory ending, bytes4 reason) internal {
        vm.expectRevert(reason);
        disputes.joinDispute{value: STAKE_1}(disputeId, ending);
    }

    function test_joinDispute_ending_reverts() external {
        openFor(good, game, 1);
        BlockDisputes.Ending memory ending = endingOf(bad);
        ending.finalState = bytes.concat(ending.finalState, hex"00");
        joinRefused(ending, BlockDisputes.BadFinalState.selector);
        ending = endingOf(bad);
        ending.finalState = honestFinal;
        joinRefused(ending, History.PathMismatch.selector);
        ending = endingOf(bad);
        ending.finalState[96] = 0x01;
        joinRefused(ending, RvStates.MalformedState.selector);
        ending = endingOf(bad);
        ending.path = bytes.concat(ending.path, bytes32(0));
        joinRefused(ending, History.PathMismatch.selector);
        ending = endingOf(bad);
        ending.path = "";
        joinRefused(ending, History.PathMismatch.selector);
        ending = endingOf(bad);
        ending.path[100] ^= 0x01;
        joinRefused(ending, History.PathMismatch.selector);
    }

    /// @dev A program that fails, or never ends, does not change the chain; so there is always a result.
    function test_resultOf_everyEnding_succeeds() external view {
        bytes32 pre = keccak256("pre");
        bytes memory state = bytes.concat(honestFinal);
        assertEq(disputes.resultOf(state, pre), answerTo(truth()[0]));
        state[88] = 0x01;
        assertEq(disputes.resultOf(state, pre), pre);
        state[88] = 0xff;
        assertEq(disputes.resultOf(state, pre), pre);
        (state[88], state[89]) = (0x00, 0x00);
        assertEq(disputes.resultOf(state, pre), pre);
    }

    // ---- stakes

    function deployRefused(uint256 opening, uint256 one, uint256 two) internal {
        vm.expectRevert(StakedLevels.BadSettings.selector);
        new BlockDisputes(config, inbox, factory, judge, "start", opening, one, two);
    }

    function test_constructor_settings_reverts() external {
        deployRefused(2, 1, 0);
        deployRefused(3, 1, 2);
        deployRefused(1, 2, 1);
        deployRefused(1 << 88, 2, 1);
        vm.mockCall(address(config), abi.encodeCall(config.maxClockDurationSeconds, ()), abi.encode(0));
        deployRefused(3, 2, 1);
        vm.mockCall(address(config), abi.encodeCall(config.maxClockDurationSeconds, ()), abi.encode(1 << 36));
        deployRefused(3, 2, 1);
        vm.mockCall(address(config), abi.encodeCall(config.maxClockDurationSeconds, ()), abi.encode(1));
        new BlockDisputes(config, inbox, factory, judge, "start", (1 << 88) - 1, 1, 1);
    }

    function test_openDispute_stake_reverts() external {
        BlockDisputes.Position memory at = positionOf(game, 1);
        BlockDisputes.Ending memory ending = endingOf(good);
        vm.expectRevert(abi.encodeWithSelector(StakedLevels.IncorrectStake.selector, OPENING, STAKE_1));
        disputes.openDispute{value: STAKE_1}(at, 0, ending);
        disputes.openDispute{value: OPENING}(at, 0, ending);
    }

    // ---- links

    function test_linkProposal_shared_succeeds() external {
        openFor(good, game, 1);
        // The same lie, another lie and the truth, all behind the same claim.
        ProposalGame again = proposeBlocks(BOB, NO_PARENT, 0, truth(), "another lie");
        ProposalGame longer;
        {
            bytes32[] memory claims = new bytes32[](2);
            (claims[0], claims[1]) = (truth()[0], answerTo(truth()[0]));
            longer = proposeBlocks(BOB, NO_PARENT, 0, claims, "what follows");
        }
        BlockDisputes.Position memory at = positionOf(again, 1);
        disputes.linkProposal(disputeId, at);
        disputes.linkProposal(disputeId, positionOf(longer, 1));
        vm.expectRevert(BlockDisputes.AlreadyLinked.selector);
        disputes.linkProposal(disputeId, at);
        at.index = 0;
        vm.expectRevert(abi.encodeWithSelector(BlockDisputes.PreClaimMismatch.selector, GENESIS_CLAIM));
        disputes.linkProposal(disputeId, at);
        vm.expectRevert(StakedLevels.NotConfirmed.selector);
        disputes.settle(disputeId, game, 1);
        pass(CLOCK);
        tryConfirm(good);
        disputes.settle(disputeId, game, 1);
        disputes.settle(disputeId, again, 1);
        disputes.settle(disputeId, longer, 1);
        vm.expectRevert(BlockDisputes.NotLinked.selector);
        disputes.settle(disputeId, longer, 1);
        vm.expectRevert(BlockDisputes.NotLinked.selector);
        disputes.settle(disputeId, longer, 0);
        assertTrue(game.status() == GameStatus.CHALLENGER_WINS, "a lie");
        assertTrue(again.status() == GameStatus.CHALLENGER_WINS, "another");
        assertTrue(longer.resolve() == GameStatus.DEFENDER_WINS, "the truth");
    }

    function test_linkProposal_unanswerable_succeeds() external {
        // No program answers with a first byte that is not zero.
        bytes32[] memory claims = new bytes32[](2);
        (claims[0], claims[1]) = (truth()[0], bytes32(uint256(answerTo(truth()[0])) | (1 << 255)));
        ProposalGame wild = proposeBlocks(BOB, NO_PARENT, 0, claims, "wild");
        openFor(good, wild, 1);
        pass(CLOCK);
        tryConfirm(good);
        disputes.settle(disputeId, wild, 1);
        assertTrue(wild.status() == GameStatus.CHALLENGER_WINS, "lost");
    }

    /// @dev Not even with the answer of a program that gives none: zero.
    function test_linkProposal_unanswerableZero_succeeds() external {
        bytes32[] memory claims = new bytes32[](2);
        (claims[0], claims[1]) = (truth()[0], bytes32(uint256(1) << 255));
        ProposalGame wild = proposeBlocks(BOB, NO_PARENT, 0, claims, "wild");
        for (uint256 i = 32; i < 64; ++i) agents[bad].lieState[i] = 0;
        openFor(bad, wild, 1);
        pass(CLOCK);
        tryConfirm(bad);
        (, bytes32 result,) = disputes.outcomeOf(disputeId);
        assertEq(result, 0);
        disputes.settle(disputeId, wild, 1);
        assertTrue(wild.status() == GameStatus.CHALLENGER_WINS, "lost");
    }

    /// @dev Two disputes about one proposal: the second to end finds it lost already.
    function test_settle_afterLoss_succeeds() external {
        appendEntry();
        openFor(good, game, 1);
        BlockDisputes.Ending memory ending = endingOf(bad);
        bytes32 second = disputes.openDispute{value: OPENING}(positionOf(game, 1), 0, ending);
        pass(CLOCK);
        assertTrue(tryConfirm(good), "first");
        disputes.updateTimer(second, badRoot, new bytes32[](0));
        disputes.confirm(second, badRoot);
        disputes.settle(disputeId, game, 1);
        disputes.settle(second, game, 1);
        assertEq(game.openDisputes(), 0);
        assertEq(game.winner(), agents[good].who);
    }

    // ---- moves

    function openMoveRefused(bytes32 node, bytes32[] memory children, bytes32 rival, bytes32[] memory of_, bytes4 reason)
        internal
    {
        vm.expectRevert(reason);
        disputes.open(disputeId, node, children, rival, of_);
    }

    function test_open_rules_reverts() external {
        bytes32[] memory none;
        bytes32[] memory ours = levelOne(good).children(0, 0);
        bytes32[] memory theirs = levelOne(bad).children(0, 0);
        openFor(good, game, 1);
        openMoveRefused(goodRoot, ours, 0, none, EdgeGame.NoRival.selector);
        join(bad);
        openMoveRefused("none", ours, 0, none, EdgeGame.EdgeAbsent.selector);
        openMoveRefused(goodRoot, theirs, 0, none, EdgeGame.ChildrenMismatch.selector);
        openMoveRefused(goodRoot, none, 0, none, EdgeGame.WrongDepth.selector);
        openMoveRefused(goodRoot, levelOne(good).children(4, 0), 0, none, EdgeGame.WrongDepth.selector);
        // Nobody to branch off yet.
        openMoveRefused(goodRoot, ours, badRoot, theirs, EdgeGame.NotTheBranch.selector);
        disputes.open(disputeId, goodRoot, ours, 0, none);
        openMoveRefused(goodRoot, ours, 0, none, EdgeGame.AlreadyOpened.selector);
        openMoveRefused(badRoot, theirs, 0, none, EdgeGame.EdgeAbsent.selector);
        openMoveRefused(badRoot, theirs, goodRoot, none, EdgeGame.NotTheBranch.selector);
        openMoveRefused(badRoot, theirs, goodRoot, theirs, EdgeGame.ChildrenMismatch.selector);
        openMoveRefused(badRoot, theirs, badRoot, theirs, EdgeGame.NotTheBranch.selector);
        disputes.open(disputeId, badRoot, theirs, goodRoot, ours);
    }

    /// @dev Liars that part from the truth at one child may name it or each other, and stand at one place.
    function test_open_samePlace_succeeds() external {
        uint256 third = liar(0x2ffff, 0x15555, 99);
        uint256 fourth = liar(0x2ffff, 0x15555, 99);
        uint256[4] memory all = [good, bad, third, fourth];
        bytes32[] memory none;
        both();
        join(third);
        join(fourth);
        bytes32[][4] memory children;
        bytes32[4] memory roots;
        for (uint256 i = 0; i < 4; ++i) {
            children[i] = levelOne(all[i]).children(0, 0);
            roots[i] = levelOne(all[i]).root();
        }
        disputes.open(disputeId, roots[0], children[0], 0, none);
        disputes.open(disputeId, roots[1], children[1], roots[0], children[0]);
        disputes.open(disputeId, roots[2], children[2], roots[0], children[0]);
        disputes.open(disputeId, roots[3], children[3], roots[1], children[1]);
        bytes32 place = levelOne(bad).placeAt(disputeId, 1, 11);
        for (uint256 i = 0; i < 4; ++i) {
            EdgeGame.Edge memory edge = disputes.edgeAt(place, children[i][11]);
            assertTrue(edge.createdAt != 0 && edge.first == (i == 0), "an edge");
        }
    }

    function test_open_sharedPrefix_reverts() external {
        // Parts from the truth like `bad`, but later: it shares more with the truth than `bad` does.
        uint256 near = liar(0x3c000, 0, 99);
        both();
        join(near);
        bytes32[] memory none;
        bytes32[][3] memory c = [levelOne(good).children(0, 0), levelOne(bad).children(0, 0), levelOne(near).children(0, 0)];
        bytes32 nearRoot = levelOne(near).root();
        disputes.open(disputeId, badRoot, c[1], 0, none);
        disputes.open(disputeId, goodRoot, c[0], badRoot, c[1]);
        // At the child where `bad` parts from both there is an edge of the truth, which is near's too.
        openMoveRefused(nearRoot, c[2], badRoot, c[1], EdgeGame.NotTheBranch.selector);
        disputes.open(disputeId, nearRoot, c[2], goodRoot, c[0]);
        EdgeGame.Edge memory edge = disputes.edgeAt(disputeId, nearRoot);
        assertEq(edge.branch, 15);
    }

    function test_open_earliestRival_reverts() external {
        // `bad` is opened first; `good` and `near` share more with each other than with it.
        uint256 near = liar(0x3c000, 0, 99);
        uint256 like = liar(0x2bfff, 0, 99);
        both();
        join(near);
        join(like);
        bytes32[] memory none;
        bytes32 nearRoot = levelOne(near).root();
        bytes32[][4] memory c = [
            levelOne(good).children(0, 0),
            levelOne(bad).children(0, 0),
            levelOne(near).children(0, 0),
            levelOne(like).children(0, 0)
        ];
        disputes.open(disputeId, goodRoot, c[0], 0, none);
        disputes.open(disputeId, nearRoot, c[2], goodRoot, c[0]);
        // `bad` parts from both at child 11, but what they share there was opened by the first of them.
        openMoveRefused(badRoot, c[1], nearRoot, c[2], EdgeGame.NotTheBranch.selector);
        pass(50);
        disputes.open(disputeId, badRoot, c[1], goodRoot, c[0]);
        bytes32 place = levelOne(good).placeAt(disputeId, 1, 11);
        assertEq(disputes.ownClock(place, c[0][11]), 50);
        assertEq(disputes.ownClock(place, c[1][11]), 0);
    }

    function test_updateTimer_children_reverts() external {
        both();
        bytes32[] memory ours = levelOne(good).children(0, 0);
        disputes.open(disputeId, goodRoot, ours, 0, new bytes32[](0));
        vm.expectRevert(EdgeGame.ChildrenMismatch.selector);
        disputes.updateTimer(disputeId, goodRoot, new bytes32[](0));
        ours[3] = 0;
        vm.expectRevert(EdgeGame.ChildrenMismatch.selector);
        disputes.updateTimer(disputeId, goodRoot, ours);
        vm.expectRevert(EdgeGame.EdgeAbsent.selector);
        disputes.updateTimer(disputeId, "none", ours);
    }

    // ---- level 2 and steps

    function test_joinLevelTwo_rules_reverts() external {
        both();
        // Only what level 1 has come down to.
        uint256 leaf = 0x2ffff;
        Traces.Trace memory t = levelOne(good);
        Traces.Trace memory two = levelTwo(good, leaf);
        History.Predecessor memory p = t.predecessor(leaf);
        bytes memory path = two.path(NEVER - 1);
        bytes32 node = t.leafAt(leaf);
        levelTwoRefused(p, node, two.root(), path, EdgeGame.EdgeAbsent.selector);
        (agents[good].maxDepth, agents[bad].maxDepth) = (5, 5);
        settleDown(0);
        levelTwoRefused(p, node, levelTwo(bad, leaf).root(), path, History.PathMismatch.selector);
        levelTwoRefused(p, node, two.root(), "", History.PathMismatch.selector);
        p.leaf = "another";
        levelTwoRefused(p, node, two.root(), path, History.PathMismatch.selector);
        p = t.predecessor(leaf);
        p.path = bytes.concat(p.path, bytes32(0));
        levelTwoRefused(p, node, two.root(), path, History.PathMismatch.selector);
        p = t.predecessor(leaf);
        p.subtrees = bytes.concat(p.subtrees, bytes32(0));
        levelTwoRefused(p, node, two.root(), path, History.PrefixMismatch.selector);
        p.subtrees = "";
        levelTwoRefused(p, node, two.root(), path, History.PrefixMismatch.selector);
        p = t.predecessor(leaf);
        p.index = NEVER;
        levelTwoRefused(p, node, two.root(), path, History.PathMismatch.selector);
        // Another prefix is another place, at which there is nothing.
        p = t.predecessor(leaf);
        p.subtrees[0] ^= 0x01;
        levelTwoRefused(p, node, two.root(), path, EdgeGame.EdgeAbsent.selector);
        p = t.predecessor(leaf);
        vm.expectRevert(abi.encodeWithSelector(StakedLevels.IncorrectStake.selector, STAKE_2, STAKE_1));
        disputes.joinLevelTwo{value: STAKE_1}(disputeId, p, node, two.root(), path);
        disputes.joinLevelTwo{value: STAKE_2}(disputeId, p, node, two.root(), path);
        levelTwoRefused(p, node, two.root(), path, EdgeGame.EdgeExists.selector);
    }

    function levelTwoRefused(
        History.Predecessor memory p,
        bytes32 node,
        bytes32 root,
        bytes memory path,
        bytes4 reason
    ) internal {
        vm.expectRevert(reason);
        disputes.joinLevelTwo{value: STAKE_2}(disputeId, p, node, root, path);
    }

    function test_joinLevelTwo_decided_reverts() external {
        both();
        (agents[good].maxDepth, agents[bad].maxDepth) = (5, 5);
        settleDown(0);
        uint256 leaf = 0x2ffff;
        History.Predecessor memory p = levelOne(good).predecessor(leaf);
        Traces.Trace memory two = levelTwo(bad, leaf);
        bytes memory path = two.path(NEVER - 1);
        bytes32 root = two.root();
        agents[good].maxDepth = 99;
        settleDown(0);
        pass(CLOCK);
        assertTrue(tryConfirm(good), "decided");
        levelTwoRefused(p, keccak256(agents[bad].lieState), root, path, StakedLevels.AlreadyConfirmed.selector);
    }

    /// @dev A leaf has its own time and the best of the roots below it.
    function test_updateLeafTimer_sum_succeeds() external {
        both();
        (agents[good].maxDepth, agents[bad].maxDepth) = (4, 3);
        settleDown(0);
        pass(30);
        (agents[good].maxDepth, agents[bad].maxDepth) = (6, 5);
        act(bad);
        act(good);
        bytes32 place = levelOne(good).placeAt(disputeId, 5, 0x2ffff);
        bytes32 node = keccak256(honestFinal);
        uint256 own = disputes.ownClock(place, node);
        assertTrue(own >= 30, "unopened rivals let it run");
        pass(7);
        update(good);
        assertEq(disputes.edgeAt(place, node).timer, own + 7);
    }

    function test_proveStep_rules_reverts() external {
        delete agents;
        good = honest();
        bad = liar(0, 4, 99);
        both();
        // Down to the leaves of level 2, where the step is not shown yet.
        (agents[good].maxDepth, agents[bad].maxDepth) = (10, 10);
        settleDown(0);
        bytes32 place = disputes.levelTwoOf(levelOne(good).placeAt(disputeId, 5, 0));
        History.Predecessor memory p = levelTwo(good, 0).predecessor(4);
        bytes memory witness = honestWitnesses[4];
        bytes32 leafPlace = levelTwo(good, 0).placeAt(place, 5, 4);
        vm.expectRevert(BlockDisputes.StartAbsent.selector);
        disputes.proveStep(leafPlace, witness);
        vm.expectRevert(EdgeGame.EdgeAbsent.selector);
        disputes.proveStart("nowhere", p);
        p.leaf ^= bytes32(uint256(1));
        vm.expectRevert(History.PathMismatch.selector);
        disputes.proveStart(place, p);
        p.leaf ^= bytes32(uint256(1));
        disputes.proveStart(place, p);
        assertEq(disputes.startAt(leafPlace).state, honestStates[3]);
        assertEq(disputes.startAt(leafPlace).levelTwo, place);
        // Again, and by a liar whose history agrees so far: the same.
        disputes.proveStart(place, levelTwo(bad, 0).predecessor(4));
        assertEq(disputes.startAt(leafPlace).state, honestStates[3]);
        vm.expectRevert();
        disputes.proveStep(leafPlace, honestWitnesses[3]);
        witness[1700] ^= 0x01;
        vm.expectRevert(RvStep.DataProofMismatch.selector);
        disputes.proveStep(leafPlace, witness);
        witness[1700] ^= 0x01;
        // A step that is right, but that nobody disputes.
        disputes.proveStart(place, levelTwo(good, 0).predecessor(3));
        bytes32 undisputed = levelTwo(good, 0).placeAt(place, 5, 3);
        vm.expectRevert(EdgeGame.EdgeAbsent.selector);
        disputes.proveStep(undisputed, honestWitnesses[3]);
        disputes.proveStep(leafPlace, witness);
        assertTrue(disputes.edgeAt(leafPlace, honestStates[4]).proven, "proven");
        assertEq(disputes.edgeAt(leafPlace, honestStates[4]).timer, disputes.FOREVER());
        assertTrue(!disputes.edgeAt(leafPlace, keccak256(agents[bad].lieState)).proven, "the lie is not");
    }

    function test_updateLeafTimer_otherLeaf_reverts() external {
        both();
        settleDown(0);
        bytes32 place = levelOne(good).placeAt(disputeId, 5, 0x2ffff);
        bytes32 ours = keccak256(honestFinal);
        bytes32 theirs = keccak256(agents[bad].lieState);
        bytes32 oursTwo = levelTwo(good, 0x2ffff).root();
        vm.expectRevert(StakedLevels.ClaimMismatch.selector);
        disputes.updateLeafTimer(place, theirs, oursTwo);
        vm.expectRevert(EdgeGame.EdgeAbsent.selector);
        disputes.updateLeafTimer(place, "none", oursTwo);
        disputes.updateLeafTimer(place, ours, oursTwo);
    }

    function test_confirm_absent_reverts() external {
        both();
        vm.expectRevert(EdgeGame.EdgeAbsent.selector);
        disputes.confirm(disputeId, "none");
        // An edge that is no root has nothing to claim.
        settleDown(0);
        bytes32 place = levelOne(good).placeAt(disputeId, 1, 11);
        bytes32 node = levelOne(good).children(0, 0)[11];
        assertTrue(disputes.edgeAt(place, node).createdAt != 0, "an edge");
        vm.expectRevert(EdgeGame.EdgeAbsent.selector);
        disputes.confirm(place, node);
    }
}
