// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Claims} from "src/lib/Claims.sol";
import {History} from "src/lib/History.sol";
import {RvState, RvStates} from "src/lib/RvState.sol";
import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {GameType, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {Inbox} from "src/parent/Inbox.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {RvStep} from "src/parent/RvStep.sol";
import {StakedLevels} from "src/parent/StakedLevels.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";

/// @title BlockDisputes
/// @notice Disputes about one block each: which claim follows a claim, in a chain whose inbox ends at a given entry? All
///         proposals that hold the former claim share the answer. One contract judges by one program for ever.
/// @dev Read docs/explanation/fraud-proofs.md first. Moves are in EdgeGame, stakes and confirmations in StakedLevels.
contract BlockDisputes is StakedLevels {
    /// @notice The factory did not make the game, or it takes its disputes from another contract.
    error NotAProposal();
    /// @notice The inbox is not that long, or ends before what the proposal covers.
    error BadInboxTarget(uint64 inboxCount);
    /// @notice The dispute is not about the claim before this one.
    error PreClaimMismatch(bytes32 preClaim);
    /// @notice The root claims what the proposal does.
    error NothingToDispute();
    /// @notice There is no such dispute.
    error DisputeAbsent();
    /// @notice The dispute is there already.
    error DisputeExists();
    /// @notice The proposal's claim is linked to the dispute already.
    error AlreadyLinked();
    /// @notice The proposal's claim is not linked to the dispute, or settled.
    error NotLinked();
    /// @notice The history does not end with a state, or not with this one.
    error BadFinalState();
    /// @notice Nobody has shown yet which state the step starts from.
    error StartAbsent();

    event DisputeOpened(bytes32 indexed disputeId, bytes32 preClaim, uint64 inboxCount, bytes32 question);
    event ProposalLinked(bytes32 indexed disputeId, ProposalGame indexed game, uint256 index, bytes32 claim);
    event ProposalSettled(bytes32 indexed disputeId, ProposalGame indexed game, uint256 index, bool wrong);
    event StartProven(bytes32 indexed place, bytes32 levelTwo, bytes32 state);
    event StepProven(bytes32 indexed place, bytes32 node);

    /// @notice A proposal's claim and the one before it.
    /// @param gameIndex   Position of the proposal in the factory's list.
    /// @param index       Position in the proposal.
    /// @param opening     Opening of that element; unused where the proposal knows it.
    /// @param preOpening  Opening of the element before it; unused for the first one, which follows the parent.
    struct Position {
        uint256 gameIndex;
        uint256 index;
        bytes opening;
        bytes preOpening;
    }

    /// @notice A history of level 1 and what it ends with.
    /// @param node        Root of its tree.
    /// @param finalState  The last leaf's state (352 bytes).
    /// @param path        Siblings of the last leaf, upwards.
    struct Ending {
        bytes32 node;
        bytes finalState;
        bytes path;
    }

    /// @param question    Local value 0 of the machine.
    /// @param inboxCount  Entries that the chain of the question has.
    struct Dispute {
        bytes32 preClaim;
        bytes32 question;
        uint64 inboxCount;
        bool exists;
    }

    /// @param disputeId  Dispute that the leaf belongs to.
    /// @param start      State hash before the leaf.
    struct LevelTwo {
        bytes32 disputeId;
        bytes32 start;
        bool exists;
    }

    /// @param levelTwo  Place of the roots of the step's level.
    /// @param state     State hash before the step.
    struct Start {
        bytes32 levelTwo;
        bytes32 state;
    }

    enum LinkStatus {
        NONE,
        OPEN,
        SETTLED
    }

    /// @param claim  What the proposal claims; 0 for something that no program can answer.
    struct Link {
        uint248 claim;
        LinkStatus status;
    }

    string public constant version = "0.1.0";

    /// @dev Type of the games that are proposals.
    GameType private constant PROPOSALS = GameType.wrap(301);

    SystemConfig public immutable config;
    Inbox public immutable inbox;
    DisputeGameFactory public immutable disputeGameFactory;
    RvStep public immutable judge;
    /// @notice State hash that every trace starts from: the program's data and entry.
    bytes32 public immutable startStateHash;
    /// @notice keccak256(codeRoot ‖ startStateHash).
    bytes32 public immutable programId;

    mapping(bytes32 id => Dispute) private disputes_;
    mapping(bytes32 place => LevelTwo) private levels_;
    mapping(bytes32 place => Start) private starts_;
    mapping(bytes32 id => mapping(ProposalGame game => mapping(uint256 index => Link))) private links_;

    constructor(
        SystemConfig config_,
        Inbox inbox_,
        DisputeGameFactory factory,
        RvStep judge_,
        bytes32 startStateHash_,
        uint256 openingWei,
        uint256 levelOneWei,
        uint256 levelTwoWei
    ) StakedLevels(config_.maxClockDurationSeconds(), openingWei, levelOneWei, levelTwoWei) {
        config = config_;
        inbox = inbox_;
        disputeGameFactory = factory;
        judge = judge_;
        startStateHash = startStateHash_;
        programId = keccak256(abi.encode(judge_.codeRoot(), startStateHash_));
    }

    /// @notice Opens a dispute about a proposal's claim, with a history that ends otherwise and its stake.
    /// @param inboxCount  Entries of the inbox that the question gives the chain: at least those of the proposal.
    function openDispute(Position calldata at, uint64 inboxCount, Ending calldata ending)
        external
        payable
        returns (bytes32 disputeId)
    {
        (ProposalGame game, bytes32 preClaim, bytes32 claim) = _claimsAt(at);
        if (inboxCount > inbox.count()) revert BadInboxTarget(inboxCount);
        bytes32 inboxAcc = inbox.acc(inboxCount);
        disputeId = keccak256(abi.encode(bytes32("dispute"), preClaim, inboxCount, inboxAcc));
        if (disputes_[disputeId].exists) revert DisputeExists();
        bytes32 question = Claims.question(config.configHash(), preClaim, inboxCount, inboxAcc);
        disputes_[disputeId] = Dispute(preClaim, question, inboxCount, true);
        emit DisputeOpened(disputeId, preClaim, inboxCount, question);
        if (_join(disputeId, preClaim, ending, openingStakeWei) == claim) revert NothingToDispute();
        _link(disputeId, game, at.index, claim, inboxCount);
    }

    /// @notice Adds a history to a dispute, with its stake.
    function joinDispute(bytes32 disputeId, Ending calldata ending) external payable {
        _join(disputeId, _dispute(disputeId).preClaim, ending, levelOneStakeWei);
    }

    /// @notice Makes a dispute decide about another proposal, or another claim of one, too.
    function linkProposal(bytes32 disputeId, Position calldata at) external {
        Dispute memory dispute = _dispute(disputeId);
        (ProposalGame game, bytes32 preClaim, bytes32 claim) = _claimsAt(at);
        if (preClaim != dispute.preClaim) revert PreClaimMismatch(preClaim);
        _link(disputeId, game, at.index, claim, dispute.inboxCount);
    }

    /// @notice Tells a linked proposal what the dispute found. Anybody may, once a root is confirmed.
    function settle(bytes32 disputeId, ProposalGame game, uint256 index) external {
        Link memory link = links_[disputeId][game][index];
        if (link.status != LinkStatus.OPEN) revert NotLinked();
        (bool decided, bytes32 result, address winner) = outcomeOf(disputeId);
        if (!decided) revert NotConfirmed();
        links_[disputeId][game][index].status = LinkStatus.SETTLED;
        bool wrong = link.claim == 0 || link.claim != uint256(result);
        game.disputeSettled(wrong, winner);
        emit ProposalSettled(disputeId, game, index, wrong);
    }

    /// @notice Adds a history of the steps below a leaf of level 1 that has a rival, with its stake.
    /// @param leaf  Node of the leaf: the state hash that the steps end with.
    /// @param node  Root of the history's tree.
    /// @param path  Siblings of its last leaf, upwards.
    function joinLevelTwo(
        bytes32 disputeId,
        History.Predecessor calldata predecessor,
        bytes32 leaf,
        bytes32 node,
        bytes calldata path
    ) external payable {
        _dispute(disputeId);
        (bytes32 leafPlace, bytes32 start) = History.predecessor(disputeId, startStateHash, predecessor);
        bytes32 leafId = edgeId(leafPlace, leaf);
        // At the place of a leaf there are only leaves, and only where two of them part.
        _edge(leafId);
        // Once the block is decided there is nothing left to stake for.
        if (outcomes_[disputeId].decided) revert AlreadyConfirmed();
        History.checkLast(node, leaf, path);
        bytes32 place = levelTwoOf(leafPlace);
        if (!levels_[place].exists) levels_[place] = LevelTwo(disputeId, start, true);
        _addRoot(place, node, leafId, 2, levelTwoStakeWei);
    }

    /// @notice Shows which state the steps at a leaf's place of level 2 start from. Anybody may, for any leaf.
    /// @dev Apart from the step, whose witness fills a transaction alone. A place commits to all that is left of it, so that
    ///      one place has one start.
    /// @param levelTwo  Place of the level's roots.
    function proveStart(bytes32 levelTwo, History.Predecessor calldata predecessor) external {
        LevelTwo memory level = levels_[levelTwo];
        if (!level.exists) revert EdgeAbsent();
        (bytes32 place, bytes32 state) = History.predecessor(levelTwo, level.start, predecessor);
        starts_[place] = Start(levelTwo, state);
        emit StartProven(place, levelTwo, state);
    }

    /// @notice Shows that a leaf of level 2 is the state that one step leads to, from the start shown before. Anybody may.
    /// @param place    Place of the leaf.
    /// @param witness  See RvStep.
    function proveStep(bytes32 place, bytes calldata witness) external {
        Start memory start = starts_[place];
        if (start.levelTwo == 0) revert StartAbsent();
        bytes32 question = disputes_[levels_[start.levelTwo].disputeId].question;
        bytes32 node = judge.step(start.state, question, witness);
        bytes32 id = edgeId(place, node);
        Edge memory edge = _edge(id);
        edges_[id].proven = true;
        _raise(id, edge, FOREVER);
        emit StepProven(place, node);
    }

    /// @notice The state that a step starts from; all zeros until it is shown.
    function startAt(bytes32 place) external view returns (Start memory) {
        return starts_[place];
    }

    /// @notice A dispute; all zeros where there is none.
    function disputeOf(bytes32 disputeId) external view returns (Dispute memory) {
        return disputes_[disputeId];
    }

    /// @notice What the roots of level 2 at a place stand below; all zeros where there are none.
    function levelTwoAt(bytes32 place) external view returns (LevelTwo memory) {
        return levels_[place];
    }

    /// @notice What a history that ends with this state claims to follow `preClaim`: the answer of a program that exited
    ///         with code 0, and otherwise `preClaim` itself, so that no program can be without a result.
    function resultOf(bytes calldata finalState, bytes32 preClaim) public pure returns (bytes32) {
        if (finalState.length != RvStates.STATE_BYTES) revert BadFinalState();
        RvState state = RvStates.read(finalState);
        return state.exited() && state.exitCode() == 0 ? Claims.truncated(state.key()) : preClaim;
    }

    function _join(bytes32 disputeId, bytes32 preClaim, Ending calldata ending, uint256 stakeWei)
        private
        returns (bytes32 claim)
    {
        claim = resultOf(ending.finalState, preClaim);
        History.checkLast(ending.node, keccak256(ending.finalState), ending.path);
        _addRoot(disputeId, ending.node, claim, 1, stakeWei);
    }

    function _link(bytes32 disputeId, ProposalGame game, uint256 index, bytes32 claim, uint64 inboxCount) private {
        if (inboxCount < game.inboxCount()) revert BadInboxTarget(inboxCount);
        if (links_[disputeId][game][index].status != LinkStatus.NONE) revert AlreadyLinked();
        uint248 kept = Claims.truncated(claim) == claim ? uint248(uint256(claim)) : 0;
        links_[disputeId][game][index] = Link(kept, LinkStatus.OPEN);
        game.disputeOpened();
        emit ProposalLinked(disputeId, game, index, claim);
    }

    function _claimsAt(Position calldata at)
        private
        view
        returns (ProposalGame game, bytes32 preClaim, bytes32 claim)
    {
        (GameType gameType,, IDisputeGame listed) = disputeGameFactory.gameAtIndex(at.gameIndex);
        game = ProposalGame(address(listed));
        if (!(gameType == PROPOSALS) || game.disputes() != address(this)) revert NotAProposal();
        claim = at.index + 1 == game.blockCount() ? game.claim() : game.elementAt(at.index, at.opening);
        preClaim = at.index == 0 ? game.parentClaim() : game.elementAt(at.index - 1, at.preOpening);
    }

    function _dispute(bytes32 disputeId) private view returns (Dispute memory dispute) {
        dispute = disputes_[disputeId];
        if (!dispute.exists) revert DisputeAbsent();
    }
}
