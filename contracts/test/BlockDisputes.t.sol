// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BlockDisputes} from "src/parent/BlockDisputes.sol";
import {EdgeGame} from "src/parent/EdgeGame.sol";
import {GameStatus} from "src/parent/IDisputeGame.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {StakedLevels} from "src/parent/StakedLevels.sol";
import {Agents} from "test/Agents.sol";
import {Traces} from "test/Traces.sol";

/// @notice Disputes played to the end, with histories of real states.
contract BlockDisputesTest is Agents {
    using Traces for Traces.Trace;

    ProposalGame internal game;
    uint256 internal openedAt;

    /// @dev A proposal whose second claim is a lie, about the block after claim 0.
    function setUp() public override {
        super.setUp();
        bytes32[] memory claims = new bytes32[](1);
        claims[0] = answerTo(GENESIS_CLAIM);
        game = proposeBlocks(ALICE, NO_PARENT, 0, claims, keccak256("a lie"));
        prepare(claims[0]);
    }

    /// @dev The honest one and the others move until nobody can, and time passes until the clock is over.
    function playOut(uint256 good) internal {
        settleDown(0);
        pass(CLOCK);
        assertTrue(tryConfirm(good), "the honest one is confirmed");
        for (uint256 a = 0; a < agents.length; ++a) {
            if (a != good) assertTrue(update(a) < CLOCK / 2, "a liar's clock stood");
        }
        (bool decided, bytes32 claim, address winner) = disputes.outcomeOf(disputeId);
        assertTrue(decided, "decided");
        assertEq(claim, answerTo(game.elementAt(0, "")));
        assertEq(winner, agents[good].who);
    }

    function duel(uint256 lieLeaf, uint256 lieStep) internal {
        uint256 good = honest();
        uint256 bad = liar(lieLeaf, lieStep, 99);
        openFor(good, game, 1);
        pass(10);
        join(bad);
        playOut(good);
        disputes.settle(disputeId, game, 1);
        assertTrue(game.status() == GameStatus.CHALLENGER_WINS, "the proposal is lost");
        assertEq(game.winner(), agents[good].who);
    }

    function test_duel_firstStep_succeeds() external {
        duel(0, 0);
    }

    function test_duel_preimageRead_succeeds() external {
        duel(0, 4);
    }

    function test_duel_exitStep_succeeds() external {
        duel(0, 10);
    }

    function test_duel_afterTheEnd_succeeds() external {
        duel(0, 11);
    }

    function test_duel_lastStepOfTheFirstLeaf_succeeds() external {
        duel(0, NEVER - 1);
    }

    function test_duel_lastLeaf_succeeds() external {
        duel(NEVER - 1, NEVER - 1);
    }

    /// forge-config: default.fuzz.runs = 32
    function testFuzz_duel_anywhere_succeeds(uint256 lieLeaf, uint256 lieStep) external {
        duel(lieLeaf % NEVER, lieStep % NEVER);
    }

    /// @dev Whatever the depth at which the other stops answering, silence is what loses.
    function test_duel_silence_succeeds() external {
        for (uint256 depth = 0; depth < 12; ++depth) {
            // A dispute each, told apart by how long the inbox is.
            pass(1);
            bytes32 origin = blockhash(block.number - 1);
            uint64 index = inbox.count();
            vm.prank(BATCHER, BATCHER);
            inbox.appendCalldata(index, 0, uint64(block.number - 1), origin, "");
            prepare(game.elementAt(0, ""));
            delete agents;
            uint256 good = honest();
            uint256 bad = liar(70_000 + depth, 7, depth);
            ProposalGame lie = proposeBlocks(BOB, 0, 2, new bytes32[](0), bytes32(depth));
            assertEq(lie.parentClaim(), game.claim());
            // The liar opens: against the truth, which nobody has proposed.
            ProposalGame target = proposeBlocks(BOB, NO_PARENT, 0, claimsOfTruth(), bytes32(depth));
            openFor(bad, target, 1);
            join(good);
            uint256 from = block.timestamp;
            settleDown(0);
            // Each of the liar's moves is answered one second later.
            vm.warp(from + CLOCK + depth + 1);
            assertTrue(tryConfirm(good), "confirmed after one clock");
        }
    }

    function claimsOfTruth() internal view returns (bytes32[] memory claims) {
        claims = new bytes32[](1);
        claims[0] = game.elementAt(0, "");
    }

    /// @dev Liars that part from the truth, and from each other, at the same and at other leaves.
    function test_crowd_succeeds() external {
        uint256 good = honest();
        liar(100_000, 5, 99);
        liar(100_000, 6, 99);
        liar(100_001, 5, 99);
        liar(0, 3, 99);
        liar(0, 9, 99);
        liar(NEVER - 1, 200_000, 99);
        liar(100_000, 5, 2);
        openFor(1, proposeBlocks(BOB, NO_PARENT, 0, claimsOfTruth(), "the truth, not"), 1);
        for (uint256 a = 2; a < agents.length; ++a) join(a);
        pass(30);
        join(good);
        playOut(good);
    }

    /// @dev However late, as long as the first clock has not run out; then one clock more is enough.
    function test_late_succeeds() external {
        uint256 good = honest();
        uint256 bad = liar(5, 6, 99);
        openFor(bad, game, 1);
        pass(CLOCK - 20);
        join(good);
        settleDown(0);
        assertTrue(!tryConfirm(bad), "the liar lacks time");
        pass(CLOCK - 20);
        assertTrue(!tryConfirm(bad), "and does not get it");
        pass(20);
        assertTrue(tryConfirm(good), "the honest one does");
    }

    function test_confirm_tooLate_reverts() external {
        uint256 bad = liar(5, 6, 99);
        openFor(bad, game, 1);
        pass(CLOCK - 1);
        disputes.updateTimer(disputeId, levelOne(bad).root(), new bytes32[](0));
        bytes32 root = levelOne(bad).root();
        vm.expectRevert(abi.encodeWithSelector(StakedLevels.TimerTooShort.selector, CLOCK - 1));
        disputes.confirm(disputeId, root);
        pass(1);
        disputes.updateTimer(disputeId, root, new bytes32[](0));
        disputes.confirm(disputeId, root);
        vm.expectRevert(StakedLevels.AlreadyConfirmed.selector);
        disputes.confirm(disputeId, root);
        // Nobody can join what is decided.
        uint256 good = honest();
        vm.deal(address(this), STAKE_1);
        BlockDisputes.Ending memory ending = endingOf(good);
        vm.expectRevert(StakedLevels.AlreadyConfirmed.selector);
        disputes.joinDispute{value: STAKE_1}(disputeId, ending);
    }

    /// @dev Zeros are leaves like others: neither an edge nor a predecessor goes missing for them.
    function test_zeros_succeeds() external {
        uint256 good = honest();
        uint256 bad = liar(9, 4, 99);
        agents[bad].zeros = true;
        uint256 worse = liar(9, 0, 99);
        agents[worse].zeros = true;
        openFor(good, game, 1);
        join(bad);
        join(worse);
        playOut(good);
    }

    /// @dev Two liars agree on a lie and quarrel about what follows: the truth needs neither of them.
    function test_liarsAmongThemselves_succeeds() external {
        uint256 good = honest();
        liar(50, 3, 99);
        liar(50, 3, 99);
        openFor(1, game, 1);
        join(2);
        settleDown(1);
        pass(100);
        join(good);
        playOut(good);
    }

    // ---- money

    function test_collect_duel_succeeds() external {
        uint256 good = honest();
        uint256 bad = liar(3, 4, 99);
        openFor(good, game, 1);
        join(bad);
        settleDown(0);
        bytes32[2] memory roots = [levelOne(good).root(), levelOne(bad).root()];
        vm.expectRevert(StakedLevels.NotConfirmed.selector);
        disputes.collect(disputeId, roots[0]);
        pass(CLOCK);
        tryConfirm(good);
        disputes.collect(disputeId, roots[0]);
        disputes.collect(disputeId, roots[1]);
        vm.expectRevert(StakedLevels.AlreadyCollected.selector);
        disputes.collect(disputeId, roots[1]);
        vm.expectRevert(EdgeGame.EdgeAbsent.selector);
        disputes.collect(disputeId, "none");
        // Level 2 has its own stakes, and its own confirmation.
        bytes32 place = disputes.levelTwoOf(levelOne(good).placeAt(disputeId, 5, 3));
        bytes32 goodTwo = levelTwo(good, 3).root();
        bytes32 badTwo = levelTwo(bad, 3).root();
        disputes.confirm(place, goodTwo);
        disputes.collect(place, goodTwo);
        disputes.collect(place, badTwo);

        address winner = agents[good].who;
        // The honest one opened, and the liar answered.
        uint256 due = OPENING + STAKE_2 + (STAKE_1 + STAKE_2) / 2;
        assertEq(disputes.credit(winner), due);
        assertEq(disputes.credit(agents[bad].who), 0);
        assertEq(address(0).balance, (STAKE_1 + STAKE_2) / 2);
        assertEq(address(disputes).balance, disputes.credit(winner));
        disputes.claimCredit(winner);
        assertEq(winner.balance, due);
        vm.expectRevert(StakedLevels.NoCreditToClaim.selector);
        disputes.claimCredit(winner);
    }

    function test_claimCredit_refused_reverts() external {
        uint256 good = honest();
        openFor(good, game, 1);
        pass(CLOCK);
        tryConfirm(good);
        disputes.collect(disputeId, levelOne(good).root());
        vm.etch(agents[good].who, hex"fe");
        address who = agents[good].who;
        vm.expectRevert(StakedLevels.CreditTransferFailed.selector);
        disputes.claimCredit(who);
        // What others are owed, and the proposal, do not wait for it.
        disputes.settle(disputeId, game, 1);
        assertTrue(game.status() == GameStatus.CHALLENGER_WINS, "lost");
    }

    /// @dev To dispute one's own proposal costs half the bond, and half of a lost stake.
    function test_selfDispute_costs_succeeds() external {
        uint256 first = liar(0, 0, 99);
        uint256 second = liar(1, 0, 0);
        agents[second].who = agents[first].who;
        ProposalGame own = proposeBlocks(agents[first].who, NO_PARENT, 0, claimsOfTruth(), "own");
        openFor(first, own, 1);
        join(second);
        act(first);
        pass(CLOCK);
        assertTrue(tryConfirm(first), "confirmed");
        disputes.settle(disputeId, own, 1);
        disputes.collect(disputeId, levelOne(first).root());
        disputes.collect(disputeId, levelOne(second).root());
        address who = agents[first].who;
        disputes.claimCredit(who);
        own.claimCredit(who);
        assertEq(who.balance, BOND / 2 + OPENING + STAKE_1 / 2);
    }
}
