// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {GameStatus} from "src/parent/IDisputeGame.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {Agents} from "test/Agents.sol";
import {Traces} from "test/Traces.sol";

/// @notice Random liars, who join when they like, move when they like and fall silent where they like, against one honest
///         party, who comes some time after the dispute was opened and from then on answers within a grace.
contract BlockDisputesChaosTest is Agents {
    using Traces for Traces.Trace;

    /// @dev Most that the honest one is late, with everything: its coming and its answers.
    uint256 internal constant LATE = 200;
    uint256 internal constant TURN = 3;

    uint256 internal seed;
    uint256 internal burnt;
    ProposalGame internal target;

    function roll(uint256 sides) internal returns (uint256) {
        seed = uint256(keccak256(abi.encode(seed)));
        return seed % sides;
    }

    /// @dev Leaves near each other, and near the ends, so that liars share what they say.
    function someLeaf() internal returns (uint256) {
        uint256[6] memory bases = [uint256(0), 8, 4096, 77_777, 131_072, NEVER - 16];
        return bases[roll(6)] + roll(16);
    }

    function newLiar() internal returns (uint256) {
        return liar(someLeaf(), someLeaf(), roll(14));
    }

    /// forge-config: default.fuzz.runs = 12
    function testFuzz_chaos_honestWins_succeeds(uint256 seed_, bool truthProposed) external {
        seed = seed_;
        bytes32 first = answerTo(GENESIS_CLAIM);
        prepare(first);
        bytes32[] memory claims = new bytes32[](truthProposed ? 2 : 1);
        claims[0] = first;
        if (truthProposed) claims[1] = answerTo(first);
        target = proposeBlocks(ALICE, NO_PARENT, 0, claims, "root");
        uint256 good = honest();
        pass(roll(CLOCK));
        openFor(newLiar(), target, 1);
        uint256 openedAt = block.timestamp;
        pass(roll(LATE));
        join(good);
        uint256 joinedAt = block.timestamp;

        bool confirmed;
        while (!confirmed) {
            if (agents.length < 6 && roll(3) == 0) join(newLiar());
            uint256 moves;
            for (uint256 a = 1; a < agents.length; ++a) if (roll(2) == 0) moves += act(a);
            pass(1 + roll(moves == 0 ? 200 : TURN));
            act(good);
            confirmed = block.timestamp >= joinedAt + CLOCK && tryConfirm(good);
            assertTrue(block.timestamp <= openedAt + 2 * CLOCK, "the delay is bounded");
        }
        // Timers never fall: no liar could have been confirmed at any time before.
        for (uint256 a = 1; a < agents.length; ++a) assertTrue(update(a) < CLOCK, "no liar has the time");
        checkProposal(truthProposed);
        checkMoney();
    }

    function checkProposal(bool truthProposed) internal {
        disputes.settle(disputeId, target, 1);
        vm.warp(block.timestamp + CLOCK);
        if (truthProposed) target.resolve();
        assertTrue(
            target.status() == (truthProposed ? GameStatus.DEFENDER_WINS : GameStatus.CHALLENGER_WINS), "result"
        );
        address winner = truthProposed ? ALICE : agents[0].who;
        assertEq(target.credit(winner), truthProposed ? BOND : BOND / 2);
        burnt = address(0).balance;
    }

    /// @dev The honest one has its stake and half of everybody else's; what is neither owed nor burnt is at stake still.
    function checkMoney() internal {
        for (uint256 a = 0; a < agents.length; ++a) disputes.collect(disputeId, levelOne(a).root());
        // The first liar has opened.
        uint256 lost = OPENING + (agents.length - 2) * STAKE_1;
        assertEq(disputes.credit(agents[0].who), STAKE_1 + lost / 2);
        assertEq(address(0).balance - burnt, lost / 2);
        uint256 open;
        for (uint256 a = 0; a < agents.length; ++a) open += STAKE_2 * levelTwoRoots[a];
        assertEq(address(disputes).balance, disputes.credit(agents[0].who) + open);
        disputes.claimCredit(agents[0].who);
        assertEq(address(disputes).balance, open);
    }
}
