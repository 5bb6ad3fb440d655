// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clone} from "src/lib/Clone.sol";
import {AnchorStateRegistry} from "src/parent/AnchorStateRegistry.sol";
import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {GameStatus, GameType, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {Inbox} from "src/parent/Inbox.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";

/// @title OutputGame
/// @notice The game of attested outputs: a claim of the configured proposer holds once its clock has run out, unless the
///         configured challenger objects in time, which ends it and gives the bond to the challenger.
/// @dev Clones only. Arguments behind the code: creator (20) ‖ rootClaim (32) ‖ extraData (96).
contract OutputGame is IDisputeGame {
    /// @notice The caller is not the factory.
    error NotFactory();
    /// @notice The game's creator is not the proposer in the configuration.
    error NotProposer();
    /// @notice The caller is not the challenger in the configuration.
    error NotChallenger();
    /// @notice The game has begun already.
    error AlreadyInitialized();
    /// @notice The extra data is not abi.encode(uint256, uint64, bytes32) with a block number below 2^64.
    error BadExtraData();
    /// @notice The claim covers an inbox that is not this parent's: another fork's, or not there yet.
    error InboxMismatch(uint64 inboxCount, bytes32 inboxAcc);
    /// @notice The game is over.
    error GameNotInProgress();
    /// @notice The game is not over.
    error GameNotResolved();
    /// @notice The time to object is over.
    error ClockTimeExceeded();
    /// @notice The time to object is not over.
    error ClockNotExpired();
    /// @notice The bond is not this account's, or already paid.
    error NoCreditToClaim();
    /// @notice The account refuses the bond.
    error BondTransferFailed();

    event Challenged(address indexed challenger);
    event Resolved(GameStatus indexed status);
    event CreditClaimed(address indexed recipient, uint256 amountWei);

    string public constant version = "0.1.0";

    /// @notice Id of this kind of game.
    GameType public constant ATTESTED_OUTPUTS = GameType.wrap(300);

    uint256 private constant CREATOR_AT = 0;
    uint256 private constant ROOT_CLAIM_AT = 20;
    uint256 private constant EXTRA_DATA_AT = 52;
    uint256 private constant EXTRA_DATA_BYTES = 96;

    SystemConfig public immutable config;
    Inbox public immutable inbox;
    DisputeGameFactory public immutable disputeGameFactory;
    AnchorStateRegistry public immutable anchorStateRegistry;

    uint64 public createdAt;
    uint64 public resolvedAt;
    GameStatus public status;
    bool public wasRespectedGameTypeWhenCreated;
    /// @notice Who objected; zero if nobody did.
    address public challengedBy;

    constructor(SystemConfig config_, Inbox inbox_, DisputeGameFactory factory, AnchorStateRegistry registry) {
        config = config_;
        inbox = inbox_;
        disputeGameFactory = factory;
        anchorStateRegistry = registry;
    }

    /// @inheritdoc IDisputeGame
    function initialize() external payable {
        if (msg.sender != address(disputeGameFactory)) revert NotFactory();
        if (createdAt != 0) revert AlreadyInitialized();
        if (gameCreator() != config.proposer()) revert NotProposer();
        uint256 count = uint256(Clone.argWord(EXTRA_DATA_AT + 32));
        if (extraData().length != EXTRA_DATA_BYTES || count > type(uint64).max || l2BlockNumber() > type(uint64).max) {
            revert BadExtraData();
        }
        if (count > inbox.count() || inbox.acc(uint64(count)) != inboxAcc()) {
            revert InboxMismatch(uint64(count), inboxAcc());
        }
        createdAt = uint64(block.timestamp);
        wasRespectedGameTypeWhenCreated = anchorStateRegistry.respectedGameType() == gameType();
    }

    /// @notice Objects to the claim: it is refused at once, and its bond is the challenger's.
    function challenge() external {
        if (msg.sender != config.challenger()) revert NotChallenger();
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        if (block.timestamp >= _deadline()) revert ClockTimeExceeded();
        challengedBy = msg.sender;
        emit Challenged(msg.sender);
        _end(GameStatus.CHALLENGER_WINS);
    }

    /// @notice Ends an unchallenged game once its clock has run out. Anybody may.
    function resolve() external returns (GameStatus) {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        if (block.timestamp < _deadline()) revert ClockNotExpired();
        _end(GameStatus.DEFENDER_WINS);
        return GameStatus.DEFENDER_WINS;
    }

    /// @notice Pays the bond to whom it belongs. Anybody may.
    function claimCredit(address recipient) external {
        if (status == GameStatus.IN_PROGRESS) revert GameNotResolved();
        uint256 amountWei = credit(recipient);
        if (amountWei == 0) revert NoCreditToClaim();
        (bool ok,) = recipient.call{value: amountWei}("");
        if (!ok) revert BondTransferFailed();
        emit CreditClaimed(recipient, amountWei);
    }

    /// @notice What `claimCredit` would pay to an account (wei).
    function credit(address recipient) public view returns (uint256) {
        if (status == GameStatus.IN_PROGRESS) return 0;
        address winner = status == GameStatus.DEFENDER_WINS ? gameCreator() : challengedBy;
        return recipient == winner ? address(this).balance : 0;
    }

    /// @notice Time to object (seconds).
    function maxClockDuration() public view returns (uint64) {
        return config.maxClockDurationSeconds();
    }

    /// @inheritdoc IDisputeGame
    function gameType() public pure returns (GameType) {
        return ATTESTED_OUTPUTS;
    }

    /// @inheritdoc IDisputeGame
    function gameCreator() public view returns (address) {
        return address(bytes20(Clone.argWord(CREATOR_AT)));
    }

    /// @inheritdoc IDisputeGame
    function rootClaim() public view returns (bytes32) {
        return Clone.argWord(ROOT_CLAIM_AT);
    }

    /// @inheritdoc IDisputeGame
    function extraData() public view returns (bytes memory) {
        return Clone.argsFrom(EXTRA_DATA_AT);
    }

    /// @inheritdoc IDisputeGame
    function gameData() external view returns (GameType, bytes32, bytes memory) {
        return (gameType(), rootClaim(), extraData());
    }

    /// @notice Block of the chain that the claim is about.
    function l2BlockNumber() public view returns (uint256) {
        return uint256(Clone.argWord(EXTRA_DATA_AT));
    }

    /// @inheritdoc IDisputeGame
    function l2SequenceNumber() external view returns (uint256) {
        return l2BlockNumber();
    }

    /// @notice Inbox entries that the claim covers.
    function inboxCount() external view returns (uint64) {
        return uint64(uint256(Clone.argWord(EXTRA_DATA_AT + 32)));
    }

    /// @notice Inbox accumulator over those entries.
    function inboxAcc() public view returns (bytes32) {
        return Clone.argWord(EXTRA_DATA_AT + 64);
    }

    function _deadline() private view returns (uint256) {
        return uint256(createdAt) + maxClockDuration();
    }

    function _end(GameStatus result) private {
        status = result;
        resolvedAt = uint64(block.timestamp);
        emit Resolved(result);
    }
}
