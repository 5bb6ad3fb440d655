// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Claims} from "src/lib/Claims.sol";
import {Clone} from "src/lib/Clone.sol";
import {Kzg} from "src/lib/Kzg.sol";
import {AnchorStateRegistry} from "src/parent/AnchorStateRegistry.sol";
import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {GameStatus, GameType, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {Inbox} from "src/parent/Inbox.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";

/// @title ProposalGame
/// @notice A bonded proposal of anybody: the claims of up to 4096 blocks after those of a parent proposal. It holds once
///         its clock has run out, its parent holds, and no dispute has found one of its claims wrong.
/// @dev Clones only. Arguments behind the code: creator (20) ‖ rootClaim (32) ‖ extraData, which is
///      abi.encode(uint256 l2BlockNumber, uint64 inboxCount, bytes32 inboxAcc, uint64 parentIndex, uint16 blockCount,
///                 bytes32 positionHash, uint64 taken, bool inBlob)
///      followed by the opening of the blob's element `blockCount - 1` (128 bytes), or by all claims (32 bytes each), for
///      parents without blobs.
contract ProposalGame is IDisputeGame {
    /// @notice The caller is not the factory.
    error NotFactory();
    /// @notice The caller is not the contract of disputes.
    error NotDisputes();
    /// @notice The game has begun already.
    error AlreadyInitialized();
    /// @notice The extra data is not of the form above, or its numbers do not follow the parent's.
    error BadExtraData();
    /// @notice The claim covers an inbox that is not this parent chain's: another fork's, or not there yet.
    error InboxMismatch(uint64 inboxCount, bytes32 inboxAcc);
    /// @notice The parent is not a proposal that can still hold.
    error BadParent(uint256 parentIndex);
    /// @notice The transaction carries no blob.
    error BlobAbsent();
    /// @notice The last of the claims is not the one of the output root.
    error LastClaimMismatch(bytes32 expected, bytes32 given);
    /// @notice There is no such claim in this proposal.
    error ClaimOutOfRange(uint256 index);
    /// @notice The game is over.
    error GameNotInProgress();
    /// @notice The game is not over.
    error GameNotResolved();
    /// @notice The time to object is over.
    error ClockTimeExceeded();
    /// @notice The time to object is not over.
    error ClockNotExpired();
    /// @notice The parent is not resolved.
    error ParentNotResolved();
    /// @notice Disputes about this proposal are not settled.
    error DisputesOpen(uint256 count);
    /// @notice The bond is not this account's, or already paid.
    error NoCreditToClaim();
    /// @notice The account refuses the bond.
    error BondTransferFailed();

    event Resolved(GameStatus indexed status);
    event CreditClaimed(address indexed recipient, uint256 amountWei);

    string public constant version = "0.1.0";

    /// @notice Id of this kind of game.
    GameType public constant FRAUD_PROVEN_OUTPUTS = GameType.wrap(301);
    /// @notice Parent index of a proposal that follows the chain's block 0.
    uint256 public constant GENESIS = type(uint64).max;

    uint256 private constant CREATOR_AT = 0;
    uint256 private constant ROOT_CLAIM_AT = 20;
    uint256 private constant EXTRA_DATA_AT = 52;
    uint256 private constant TAIL_AT = 8 * 32;

    SystemConfig public immutable config;
    Inbox public immutable inbox;
    DisputeGameFactory public immutable disputeGameFactory;
    AnchorStateRegistry public immutable anchorStateRegistry;
    /// @notice Contract that tells proposals what disputes found.
    address public immutable disputes;
    /// @notice Claim of the chain's block 0.
    bytes32 public immutable genesisClaim;

    uint64 public createdAt;
    uint64 public resolvedAt;
    GameStatus public status;
    bool public wasRespectedGameTypeWhenCreated;
    /// @notice Disputes about this proposal that are not settled.
    uint64 public openDisputes;
    /// @notice Who gets what is paid of the bond once the game is over.
    address public winner;
    /// @notice The blob with the claims; zero where they are in the extra data.
    bytes32 public versionedHash;
    /// @notice Claim that the first block of this proposal follows.
    bytes32 public parentClaim;

    constructor(
        SystemConfig config_,
        Inbox inbox_,
        DisputeGameFactory factory,
        AnchorStateRegistry registry,
        address disputes_,
        bytes32 genesisClaim_
    ) {
        config = config_;
        inbox = inbox_;
        disputeGameFactory = factory;
        anchorStateRegistry = registry;
        disputes = disputes_;
        genesisClaim = genesisClaim_;
    }

    modifier onlyDisputes() {
        if (msg.sender != disputes) revert NotDisputes();
        _;
    }

    /// @inheritdoc IDisputeGame
    function initialize() external payable {
        if (msg.sender != address(disputeGameFactory)) revert NotFactory();
        if (createdAt != 0) revert AlreadyInitialized();
        (uint256 number, uint256 covered) = _initializeParent();
        uint256 blocks = blockCount();
        uint256 inboxCount_ = _extra(1);
        bool inBlob = _extra(7) == 1;
        if (
            _extra(7) > 1 || blocks == 0 || blocks > Kzg.ELEMENTS || l2BlockNumber() != number + blocks
                || l2BlockNumber() > type(uint64).max || inboxCount_ > type(uint64).max || inboxCount_ < covered
                || _extra(6) > type(uint64).max
                || extraData().length != TAIL_AT + (inBlob ? Kzg.OPENING_BYTES : 32 * blocks)
        ) revert BadExtraData();
        if (inboxCount_ > inbox.count() || inbox.acc(uint64(inboxCount_)) != inboxAcc()) {
            revert InboxMismatch(uint64(inboxCount_), inboxAcc());
        }
        createdAt = uint64(block.timestamp);
        wasRespectedGameTypeWhenCreated = anchorStateRegistry.respectedGameType() == gameType();
        if (inBlob) {
            versionedHash = blobhash(0);
            if (versionedHash == 0) revert BlobAbsent();
        }
        bytes32 last = this.elementAt(blocks - 1, inBlob ? Clone.argsFrom(EXTRA_DATA_AT + TAIL_AT) : bytes(""));
        if (last != claim()) revert LastClaimMismatch(claim(), last);
    }

    /// @notice Counts a dispute, while there is time to object.
    function disputeOpened() external onlyDisputes {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        if (block.timestamp >= _deadline()) revert ClockTimeExceeded();
        ++openDisputes;
    }

    /// @notice Takes the end of a dispute: where it found a claim wrong the proposal is lost at once, to `disputer`.
    function disputeSettled(bool wrong, address disputer) external onlyDisputes {
        --openDisputes;
        if (wrong && status == GameStatus.IN_PROGRESS) _end(GameStatus.CHALLENGER_WINS, disputer);
    }

    /// @notice Ends the game: with its parent where that is lost, and otherwise once its clock has run out, its parent
    ///         holds, and every dispute is settled. Anybody may.
    function resolve() external returns (GameStatus) {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        if (parentIndex() != GENESIS) {
            ProposalGame parent = _parent();
            // What follows an excluded claim never counts either, but nobody has shown it to be a lie.
            if (anchorStateRegistry.isGameBlacklisted(parent)) return _end(GameStatus.CHALLENGER_WINS, gameCreator());
            GameStatus ofParent = parent.status();
            if (ofParent == GameStatus.CHALLENGER_WINS) return _end(GameStatus.CHALLENGER_WINS, parent.winner());
            if (ofParent == GameStatus.IN_PROGRESS) revert ParentNotResolved();
        }
        if (block.timestamp < _deadline()) revert ClockNotExpired();
        if (openDisputes != 0) revert DisputesOpen(openDisputes);
        return _end(GameStatus.DEFENDER_WINS, gameCreator());
    }

    /// @notice Pays what is left of the bond to whom it belongs. Anybody may.
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
        if (status == GameStatus.IN_PROGRESS || recipient != winner) return 0;
        return address(this).balance;
    }

    /// @notice Claim `index` of this proposal, that of block `l2BlockNumber - blockCount + 1 + index`.
    /// @param opening  y (32) ‖ commitment (48) ‖ proof (48) of the blob's element; unused where the claim is known.
    function elementAt(uint256 index, bytes calldata opening) external view returns (bytes32) {
        if (index >= blockCount()) revert ClaimOutOfRange(index);
        if (versionedHash == 0) return Clone.argWord(EXTRA_DATA_AT + TAIL_AT + 32 * index);
        return Kzg.element(versionedHash, index, opening);
    }

    /// @notice Claim of the proposal's last block.
    function claim() public view returns (bytes32) {
        return Claims.claimOf(rootClaim(), uint64(l2BlockNumber()), positionHash(), taken());
    }

    /// @notice Time to object (seconds).
    function maxClockDuration() public view returns (uint64) {
        return config.maxClockDurationSeconds();
    }

    /// @inheritdoc IDisputeGame
    function gameType() public pure returns (GameType) {
        return FRAUD_PROVEN_OUTPUTS;
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

    /// @notice Block of the chain that the root claim is about.
    function l2BlockNumber() public view returns (uint256) {
        return _extra(0);
    }

    /// @inheritdoc IDisputeGame
    function l2SequenceNumber() external view returns (uint256) {
        return l2BlockNumber();
    }

    /// @notice Inbox entries that the claims cover.
    function inboxCount() public view returns (uint64) {
        return uint64(_extra(1));
    }

    /// @notice Inbox accumulator over those entries.
    function inboxAcc() public view returns (bytes32) {
        return bytes32(_extra(2));
    }

    /// @notice Position of the parent in the factory's list; GENESIS for none.
    function parentIndex() public view returns (uint256) {
        return _extra(3);
    }

    /// @notice Blocks of this proposal.
    function blockCount() public view returns (uint256) {
        return _extra(4);
    }

    /// @notice Part of the last claim (see Claims).
    function positionHash() public view returns (bytes32) {
        return bytes32(_extra(5));
    }

    /// @notice Part of the last claim (see Claims).
    function taken() public view returns (uint64) {
        return uint64(_extra(6));
    }

    /// @dev Block number of the parent, and inbox entries that it covers.
    function _initializeParent() private returns (uint256 number, uint256 covered) {
        uint256 index = parentIndex();
        if (index == GENESIS) {
            parentClaim = genesisClaim;
            return (0, 0);
        }
        if (index >= disputeGameFactory.gameCount()) revert BadParent(index);
        (GameType type_,, IDisputeGame game) = disputeGameFactory.gameAtIndex(index);
        // The list ends with this game itself.
        if (
            !(type_ == gameType()) || address(game) == address(this) || game.status() == GameStatus.CHALLENGER_WINS
                || anchorStateRegistry.isGameBlacklisted(game)
        ) revert BadParent(index);
        ProposalGame parent = ProposalGame(address(game));
        parentClaim = parent.claim();
        return (parent.l2BlockNumber(), parent.inboxCount());
    }

    function _parent() private view returns (ProposalGame) {
        (,, IDisputeGame game) = disputeGameFactory.gameAtIndex(parentIndex());
        return ProposalGame(address(game));
    }

    function _extra(uint256 word) private view returns (uint256) {
        return uint256(Clone.argWord(EXTRA_DATA_AT + 32 * word));
    }

    function _deadline() private view returns (uint256) {
        return uint256(createdAt) + maxClockDuration();
    }

    /// @dev Of a bond that is lost to somebody else, half is burnt: to lose against oneself must cost something.
    function _end(GameStatus result, address winner_) private returns (GameStatus) {
        status = result;
        resolvedAt = uint64(block.timestamp);
        winner = winner_;
        emit Resolved(result);
        if (winner_ != gameCreator() || (result == GameStatus.CHALLENGER_WINS && !_excused())) {
            payable(address(0)).transfer(address(this).balance / 2);
        }
        return result;
    }

    function _excused() private view returns (bool) {
        return parentIndex() != GENESIS && anchorStateRegistry.isGameBlacklisted(_parent());
    }
}
