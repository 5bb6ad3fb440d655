// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EdgeGame} from "src/parent/EdgeGame.sol";
import {BlockDisputes} from "src/parent/BlockDisputes.sol";
import {IDisputeGame} from "src/parent/IDisputeGame.sol";
import {StakedLevels} from "src/parent/StakedLevels.sol";
import {History} from "src/lib/History.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {Disputes} from "test/Disputes.sol";
import {Traces} from "test/Traces.sol";

/// @notice Parties to a dispute, each with a trace of its own. What one does in a turn, all do: answer every rival of an
///         edge that is a node of its trace.
abstract contract Agents is Disputes {
    using Traces for Traces.Trace;

    /// @param lieLeaf   Level 1: first leaf that is a lie; 2^18 for the honest one.
    /// @param lieStep   Level 2 below that leaf: first leaf that is a lie.
    /// @param maxDepth  Moves it makes: it is silent deeper down (level 2 counts on from 6).
    /// @param zeros     Whether its lies are leaves of zeros, but for the last of all.
    /// @param lieState  What it says the program ends with.
    struct Agent {
        address who;
        uint256 lieLeaf;
        uint256 lieStep;
        uint256 maxDepth;
        bool zeros;
        bytes lieState;
    }

    uint256 internal constant NEVER = 1 << 18;

    bytes32 internal disputeId;
    bytes32 internal question;
    bytes32[] internal honestStates;
    bytes[] internal honestWitnesses;
    bytes internal honestFinal;
    Agent[] internal agents;

    /// @dev Edges that are opened at a place, in their order.
    mapping(bytes32 place => bytes32[]) internal opened;
    mapping(bytes32 id => bytes32[]) internal childrenOf;
    /// @dev Stakes of level 2 that an agent has given.
    mapping(uint256 agent => uint256) internal levelTwoRoots;

    function prepare(bytes32 preClaim) internal {
        question = questionAfter(preClaim);
        (honestStates, honestWitnesses, honestFinal) = run(question);
    }

    function honest() internal returns (uint256) {
        return add(NEVER, 0, 99);
    }

    function liar(uint256 lieLeaf, uint256 lieStep, uint256 maxDepth) internal returns (uint256) {
        return add(lieLeaf, lieStep, maxDepth);
    }

    function add(uint256 lieLeaf, uint256 lieStep, uint256 maxDepth) internal returns (uint256 a) {
        a = agents.length;
        bytes memory lie = bytes.concat(honestFinal);
        // Another answer, by its last byte but one; of every agent another.
        lie[62] = bytes1(uint8(lie[62]) ^ uint8(a + 1));
        agents.push(Agent(address(uint160(0xC0DE00 + a)), lieLeaf, lieStep, maxDepth, false, lie));
    }

    function levelOne(uint256 a) internal view returns (Traces.Trace memory) {
        Agent memory agent = agents[a];
        bytes32 truth = keccak256(honestFinal);
        if (!agent.zeros) return Traces.Trace(new bytes32[](0), truth, agent.lieLeaf, keccak256(agent.lieState));
        bytes32[] memory head = new bytes32[](agent.lieLeaf);
        for (uint256 i = 0; i < head.length; ++i) head[i] = truth;
        return Traces.Trace(head, 0, NEVER - 1, keccak256(agent.lieState));
    }

    function levelTwo(uint256 a, uint256 leaf) internal view returns (Traces.Trace memory t) {
        Agent memory agent = agents[a];
        t.head = leaf == 0 ? honestStates : new bytes32[](0);
        t.middle = keccak256(honestFinal);
        t.tail = agent.zeros && leaf != NEVER - 1 ? bytes32(0) : keccak256(agent.lieState);
        // Above its first lie a liar's steps start from the lie.
        if (leaf == agent.lieLeaf) t.switchAt = agent.lieStep;
        else t.switchAt = leaf > agent.lieLeaf ? 0 : NEVER;
    }

    function endingOf(uint256 a) internal view returns (BlockDisputes.Ending memory) {
        Traces.Trace memory t = levelOne(a);
        return BlockDisputes.Ending(
            t.root(), agents[a].lieLeaf == NEVER ? honestFinal : agents[a].lieState, t.path(NEVER - 1)
        );
    }

    /// @dev Called after every call of an agent to the contract of disputes, with its input.
    function called(uint256 a, string memory what, bytes memory input) internal virtual {}

    function fund(uint256 a, uint256 amountWei) internal returns (address who) {
        who = agents[a].who;
        vm.deal(who, who.balance + amountWei);
    }

    function indexOf(ProposalGame game) internal view returns (uint256 index) {
        index = factory.gameCount();
        while (index-- > 0) {
            (,, IDisputeGame listed) = factory.gameAtIndex(index);
            if (address(listed) == address(game)) return index;
        }
    }

    function openFor(uint256 a, ProposalGame game, uint256 index) internal returns (bytes32) {
        BlockDisputes.Position memory at = BlockDisputes.Position(indexOf(game), index, "", "");
        BlockDisputes.Ending memory ending = endingOf(a);
        uint64 count = inbox.count();
        address who = fund(a, OPENING);
        vm.prank(who);
        disputeId = disputes.openDispute{value: OPENING}(at, count, ending);
        called(a, "openDispute", abi.encodeCall(BlockDisputes.openDispute, (at, count, ending)));
        return disputeId;
    }

    function join(uint256 a) internal {
        BlockDisputes.Ending memory ending = endingOf(a);
        address who = fund(a, STAKE_1);
        vm.prank(who);
        disputes.joinDispute{value: STAKE_1}(disputeId, ending);
        called(a, "joinDispute", abi.encodeCall(BlockDisputes.joinDispute, (disputeId, ending)));
    }

    /// @dev Every move that the agent can make now; says how many.
    function act(uint256 a) internal returns (uint256 moves) {
        uint256 free = freeMemory();
        moves = visit(a, levelOne(a), disputeId, 0, 0, NEVER);
        restoreMemory(free);
    }

    function freeMemory() private pure returns (uint256 free) {
        assembly ("memory-safe") {
            free := mload(0x40)
        }
    }

    /// @dev Forgets what a turn built: nothing of it is used later, and a test has only so much memory.
    function restoreMemory(uint256 free) private pure {
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }

    /// @param below  Leaf of level 1 that the trace is below; NEVER for level 1 itself.
    function visit(uint256 a, Traces.Trace memory t, bytes32 root, uint256 depth, uint256 index, uint256 below)
        internal
        returns (uint256 moves)
    {
        bytes32 place = t.placeAt(root, depth, index);
        bytes32 node = t.node(Traces.heightAt(depth), index);
        EdgeGame.Edge memory edge = disputes.edgeAt(place, node);
        if (edge.createdAt == 0 || disputes.rivalledAt(place) == 0) return 0;
        if (depth + (below == NEVER ? 0 : 6) > agents[a].maxDepth) return 0;
        if (depth == 5) return below == NEVER ? _levelTwo(a, t, place, node, index) : _prove(a, t, root, edge, index, below);
        if (edge.openedAt == 0) {
            _open(a, t, place, node, depth, index);
            ++moves;
        }
        uint256 count = depth == 4 ? 4 : 16;
        for (uint256 k = 0; k < count; ++k) moves += visit(a, t, root, depth + 1, count * index + k, below);
    }

    function _open(uint256 a, Traces.Trace memory t, bytes32 place, bytes32 node, uint256 depth, uint256 index) private {
        bytes32[] memory children = t.children(depth, index);
        bytes32 rival;
        uint256 most;
        for (uint256 i = 0; i < opened[place].length; ++i) {
            uint256 shared = 1;
            bytes32[] storage other = childrenOf[keccak256(abi.encode(place, opened[place][i]))];
            while (other[shared - 1] == children[shared - 1]) ++shared;
            if (shared > most) (most, rival) = (shared, opened[place][i]);
        }
        bytes32[] memory rivalChildren = childrenOf[keccak256(abi.encode(place, rival))];
        vm.prank(agents[a].who);
        disputes.open(place, node, children, rival, rivalChildren);
        called(a, "open", abi.encodeCall(EdgeGame.open, (place, node, children, rival, rivalChildren)));
        opened[place].push(node);
        childrenOf[keccak256(abi.encode(place, node))] = children;
    }

    function _levelTwo(uint256 a, Traces.Trace memory t, bytes32 place, bytes32 node, uint256 leaf)
        private
        returns (uint256 moves)
    {
        Traces.Trace memory below = levelTwo(a, leaf);
        bytes32 root = keccak256(abi.encode(bytes32("level 2"), place));
        // A liar has no history from a lie to a lie, other than a constant one.
        if (disputes.edgeAt(root, below.root()).createdAt == 0) {
            if (agents[a].maxDepth < 6) return 0;
            _joinLevelTwo(a, t.predecessor(leaf), node, below);
            ++moves;
        }
        return moves + visit(a, below, root, 0, 0, leaf);
    }

    function _joinLevelTwo(uint256 a, History.Predecessor memory p, bytes32 leaf, Traces.Trace memory below) private {
        bytes32 root = below.root();
        bytes memory path = below.path(NEVER - 1);
        address who = fund(a, STAKE_2);
        vm.prank(who);
        disputes.joinLevelTwo{value: STAKE_2}(disputeId, p, leaf, root, path);
        ++levelTwoRoots[a];
        called(a, "joinLevelTwo", abi.encodeCall(BlockDisputes.joinLevelTwo, (disputeId, p, leaf, root, path)));
    }

    function _prove(
        uint256 a,
        Traces.Trace memory t,
        bytes32 root,
        EdgeGame.Edge memory edge,
        uint256 index,
        uint256 below
    ) private returns (uint256) {
        if (edge.proven || agents[a].lieLeaf != NEVER) return 0;
        bytes memory witness = below == 0 && index < 11 ? honestWitnesses[index] : honestFinal;
        History.Predecessor memory p = t.predecessor(index);
        disputes.proveStart(root, p);
        called(a, "proveStart", abi.encodeCall(BlockDisputes.proveStart, (root, p)));
        bytes32 place = t.placeAt(root, 5, index);
        vm.prank(agents[a].who);
        disputes.proveStep(place, witness);
        called(a, "proveStep", abi.encodeCall(BlockDisputes.proveStep, (place, witness)));
        return 1;
    }

    // ---- clocks

    /// @dev Brings every timer of the agent's edges up to date; gives that of its root.
    function update(uint256 a) internal returns (uint256 timer) {
        uint256 free = freeMemory();
        timer = _update(a, levelOne(a), disputeId, 0, 0, NEVER);
        restoreMemory(free);
    }

    function _update(uint256 a, Traces.Trace memory t, bytes32 root, uint256 depth, uint256 index, uint256 below)
        private
        returns (uint256)
    {
        bytes32 place = t.placeAt(root, depth, index);
        bytes32 node = t.node(Traces.heightAt(depth), index);
        EdgeGame.Edge memory edge = disputes.edgeAt(place, node);
        if (edge.createdAt == 0) return 0;
        bytes32[] memory children;
        if (edge.openedAt != 0) {
            children = t.children(depth, index);
            for (uint256 k = 0; k < children.length; ++k) {
                _update(a, t, root, depth + 1, children.length * index + k, below);
            }
        }
        disputes.updateTimer(place, node, children);
        called(a, "updateTimer", abi.encodeCall(EdgeGame.updateTimer, (place, node, children)));
        if (depth == 5 && below == NEVER) {
            Traces.Trace memory two = levelTwo(a, index);
            bytes32 rootTwo = keccak256(abi.encode(bytes32("level 2"), place));
            if (disputes.edgeAt(rootTwo, two.root()).createdAt != 0) {
                _update(a, two, rootTwo, 0, 0, index);
                disputes.updateLeafTimer(place, node, two.root());
                called(a, "updateLeafTimer", abi.encodeCall(StakedLevels.updateLeafTimer, (place, node, two.root())));
            }
        }
        return disputes.edgeAt(place, node).timer;
    }

    /// @dev Lets all agents from `from` on move until none has a move left.
    function settleDown(uint256 from) internal {
        for (uint256 moves = 1; moves != 0;) {
            moves = 0;
            for (uint256 a = from; a < agents.length; ++a) moves += act(a);
            pass(1);
        }
    }

    function tryConfirm(uint256 a) internal returns (bool) {
        update(a);
        try disputes.confirm(disputeId, levelOne(a).root()) {
            return true;
        } catch {
            return false;
        }
    }
}
