// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EdgeGame} from "src/parent/EdgeGame.sol";

/// @title StakedLevels
/// @notice Roots of histories: each is an edge with a claim and a stake, and the first at its place to have gone long
///         enough without a rival is confirmed, and the others' stakes are lost.
/// @dev Half of a lost stake is burnt, so that nobody quarrels with himself for nothing, and half is the confirmed root's:
///      it pays for the moves against the loser. Payments are pulled: an account that refuses money blocks nobody.
abstract contract StakedLevels is EdgeGame {
    /// @notice The clock or the stakes make no game: no time, no end, or stakes that do not fall from opening to level 2.
    error BadSettings();
    /// @notice The value sent is not the stake.
    error IncorrectStake(uint256 expectedWei, uint256 givenWei);
    /// @notice The place has a confirmed root already.
    error AlreadyConfirmed();
    /// @notice No root of the place is confirmed yet.
    error NotConfirmed();
    /// @notice The timer has not reached the clock's duration.
    error TimerTooShort(uint256 timerSeconds);
    /// @notice The stake has found its owner already.
    error AlreadyCollected();
    /// @notice The root below makes no claim about this leaf.
    error ClaimMismatch();
    /// @notice Nothing is owed to the account.
    error NoCreditToClaim();
    /// @notice The account refuses the payment.
    error CreditTransferFailed();

    event RootAdded(bytes32 indexed place, bytes32 node, bytes32 claim, address indexed staker);
    event RootConfirmed(bytes32 indexed place, bytes32 node, bytes32 claim);
    event CreditClaimed(address indexed recipient, uint256 amountWei);

    /// @param claim      Level 1: what the history ends with, a claim. Level 2: id of the leaf edge it stands below.
    /// @param staker     Who is to get the stake back.
    /// @param stakeWei   The stake (wei).
    /// @param collected  Whether it has been credited.
    struct Root {
        bytes32 claim;
        address staker;
        uint88 stakeWei;
        bool collected;
    }

    /// @param decided  Whether a root is confirmed.
    /// @param winner   Its edge id.
    struct Outcome {
        bool decided;
        bytes32 winner;
    }

    /// @notice Time without a rival that confirms a root (seconds).
    uint64 public immutable maxClockDurationSeconds;
    /// @notice Stake of the root that opens a dispute (wei). It is the largest: who quarrels about many blocks at once has
    ///         to bring more than who answers.
    uint256 public immutable openingStakeWei;
    /// @notice Stakes of other roots of level 1, and of those of level 2 (wei).
    uint256 public immutable levelOneStakeWei;
    uint256 public immutable levelTwoStakeWei;

    mapping(bytes32 id => Root) internal roots_;
    mapping(bytes32 place => Outcome) internal outcomes_;
    /// @notice What an account may claim (wei).
    mapping(address account => uint256) public credit;

    constructor(uint64 clockSeconds, uint256 openingWei, uint256 levelOneWei, uint256 levelTwoWei) {
        if (clockSeconds == 0 || clockSeconds >= FOREVER || openingWei > type(uint88).max) revert BadSettings();
        if (openingWei < levelOneWei || levelOneWei < levelTwoWei || levelTwoWei == 0) revert BadSettings();
        maxClockDurationSeconds = clockSeconds;
        openingStakeWei = openingWei;
        levelOneStakeWei = levelOneWei;
        levelTwoStakeWei = levelTwoWei;
    }

    /// @notice Confirms a root whose stored timer has reached the clock's duration. Anybody may.
    function confirm(bytes32 place, bytes32 node) external {
        bytes32 id = edgeId(place, node);
        if (roots_[id].staker == address(0)) revert EdgeAbsent();
        if (outcomes_[place].decided) revert AlreadyConfirmed();
        uint256 timer = edges_[id].timer;
        if (timer < maxClockDurationSeconds) revert TimerTooShort(timer);
        outcomes_[place] = Outcome(true, id);
        emit RootConfirmed(place, node, roots_[id].claim);
    }

    /// @notice Brings the timer of a leaf of level 1 up to date, from that of a root below it. Anybody may.
    function updateLeafTimer(bytes32 place, bytes32 node, bytes32 rootNode) external {
        bytes32 id = edgeId(place, node);
        Edge memory edge = _edge(id);
        bytes32 rootId = edgeId(levelTwoOf(place), rootNode);
        if (roots_[rootId].claim != id) revert ClaimMismatch();
        _raise(id, edge, ownClock(place, node) + edges_[rootId].timer);
    }

    /// @notice Credits the stake of a root of a decided place. Anybody may.
    function collect(bytes32 place, bytes32 node) external {
        bytes32 id = edgeId(place, node);
        Root memory root = roots_[id];
        Outcome memory outcome = outcomes_[place];
        if (root.staker == address(0)) revert EdgeAbsent();
        if (!outcome.decided) revert NotConfirmed();
        if (root.collected) revert AlreadyCollected();
        roots_[id].collected = true;
        uint256 stakeWei = root.stakeWei;
        if (outcome.winner == id) {
            credit[root.staker] += stakeWei;
        } else {
            credit[roots_[outcome.winner].staker] += stakeWei - stakeWei / 2;
            _burn(stakeWei / 2);
        }
    }

    /// @notice Pays what is owed to an account. Anybody may.
    function claimCredit(address recipient) external {
        uint256 amountWei = credit[recipient];
        if (amountWei == 0) revert NoCreditToClaim();
        credit[recipient] = 0;
        (bool ok,) = recipient.call{value: amountWei}("");
        if (!ok) revert CreditTransferFailed();
        emit CreditClaimed(recipient, amountWei);
    }

    /// @notice A root; all zeros where there is none.
    function rootAt(bytes32 place, bytes32 node) external view returns (Root memory) {
        return roots_[edgeId(place, node)];
    }

    /// @notice Whether a place has a confirmed root, and what that one claims.
    function outcomeOf(bytes32 place) public view returns (bool decided, bytes32 claim, address winner) {
        Outcome memory outcome = outcomes_[place];
        Root memory root = roots_[outcome.winner];
        return (outcome.decided, root.claim, root.staker);
    }

    /// @notice Place of the roots below a leaf of level 1.
    function levelTwoOf(bytes32 leafPlace) public pure returns (bytes32) {
        return keccak256(abi.encode(bytes32("level 2"), leafPlace));
    }

    /// @dev Takes the stake out of the call's value.
    function _addRoot(bytes32 place, bytes32 node, bytes32 claim, uint8 level, uint256 stakeWei) internal {
        if (msg.value != stakeWei) revert IncorrectStake(stakeWei, msg.value);
        if (outcomes_[place].decided) revert AlreadyConfirmed();
        _add(place, node, uint40(block.timestamp), level, 0);
        roots_[edgeId(place, node)] = Root(claim, msg.sender, uint88(stakeWei), false);
        emit RootAdded(place, node, claim, msg.sender);
    }

    function _burn(uint256 amountWei) private {
        // Nobody has code at zero, so that it takes everything.
        payable(address(0)).transfer(amountWei);
    }
}
