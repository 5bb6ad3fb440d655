// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {GameStatus, GameType, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";

/// @title AnchorStateRegistry
/// @notice Says which claims count: the one place that withdrawals and new disputes take a resolved state from.
contract AnchorStateRegistry {
    /// @notice The caller is not the guardian in the configuration.
    error NotGuardian();
    /// @notice The game's claim is not final and valid, or not newer than the anchor.
    error InvalidAnchorGame();

    event AnchorUpdated(IDisputeGame indexed game);
    event RespectedGameTypeSet(GameType gameType);
    event DisputeGameBlacklisted(IDisputeGame indexed game);
    event RetirementTimestampSet(uint64 timestamp);

    string public constant version = "0.1.0";

    SystemConfig public immutable config;
    DisputeGameFactory public immutable disputeGameFactory;

    /// @notice Newest game whose claim is final; zero while that is the genesis.
    IDisputeGame public anchorGame;
    /// @notice Kind of game that withdrawals rely upon.
    GameType public respectedGameType;
    /// @notice Games created up to this time do not count (seconds).
    uint64 public retirementTimestamp;
    /// @notice Games that the guardian has excluded.
    mapping(IDisputeGame game => bool) public isGameBlacklisted;

    modifier onlyGuardian() {
        if (msg.sender != config.guardian()) revert NotGuardian();
        _;
    }

    constructor(SystemConfig config_, DisputeGameFactory factory, GameType gameType) {
        config = config_;
        disputeGameFactory = factory;
        respectedGameType = gameType;
    }

    /// @notice Excludes a game.
    function blacklistDisputeGame(IDisputeGame game) external onlyGuardian {
        isGameBlacklisted[game] = true;
        emit DisputeGameBlacklisted(game);
    }

    /// @notice Changes the kind of game that withdrawals rely upon, for games created from now on.
    function setRespectedGameType(GameType gameType) external onlyGuardian {
        respectedGameType = gameType;
        emit RespectedGameTypeSet(gameType);
    }

    /// @notice Excludes every game created so far.
    function updateRetirementTimestamp() external onlyGuardian {
        retirementTimestamp = uint64(block.timestamp);
        emit RetirementTimestampSet(uint64(block.timestamp));
    }

    /// @notice Makes a final and valid claim that is newer than the anchor the anchor. Anybody may.
    function setAnchorState(IDisputeGame game) external {
        (, uint256 anchorNumber) = getAnchorRoot();
        if (!isGameClaimValid(game) || game.l2SequenceNumber() <= anchorNumber) revert InvalidAnchorGame();
        anchorGame = game;
        emit AnchorUpdated(game);
    }

    /// @notice Output root and block number of the anchor.
    function getAnchorRoot() public view returns (bytes32 root, uint256 l2SequenceNumber) {
        IDisputeGame game = anchorGame;
        if (address(game) == address(0)) return (config.genesisOutputRoot(), 0);
        return (game.rootClaim(), game.l2SequenceNumber());
    }

    /// @notice Wait between a game's resolution and its finality (seconds).
    function disputeGameFinalityDelaySeconds() external view returns (uint256) {
        return config.disputeGameFinalityDelaySeconds();
    }

    /// @notice Whether the factory made the game.
    function isGameRegistered(IDisputeGame game) public view returns (bool) {
        (GameType gameType, bytes32 rootClaim, bytes memory extraData) = game.gameData();
        (IDisputeGame registered,) = disputeGameFactory.games(gameType, rootClaim, extraData);
        return registered == game;
    }

    /// @notice Whether the game was made too early to count.
    function isGameRetired(IDisputeGame game) public view returns (bool) {
        return game.createdAt() <= retirementTimestamp;
    }

    /// @notice Whether the game can still turn into a valid claim, or is one. Where not, a withdrawal proven against it
    ///         has to be proven again: clients read this after a refusal to tell the user so.
    function isGameProper(IDisputeGame game) public view returns (bool) {
        return isGameRegistered(game) && !isGameBlacklisted[game] && !isGameRetired(game)
            && game.status() != GameStatus.CHALLENGER_WINS;
    }

    /// @notice Whether withdrawals relied upon this kind of game when it was created.
    function isGameRespected(IDisputeGame game) public view returns (bool) {
        return game.wasRespectedGameTypeWhenCreated();
    }

    /// @notice Whether the game is resolved.
    function isGameResolved(IDisputeGame game) public view returns (bool) {
        return game.resolvedAt() != 0 && game.status() != GameStatus.IN_PROGRESS;
    }

    /// @notice Whether the game was resolved more than the finality delay ago.
    function isGameFinalized(IDisputeGame game) public view returns (bool) {
        return isGameResolved(game)
            && block.timestamp > uint256(game.resolvedAt()) + config.disputeGameFinalityDelaySeconds();
    }

    /// @notice Whether the game's claim is final and true, and so may move money.
    function isGameClaimValid(IDisputeGame game) public view returns (bool) {
        return isGameProper(game) && isGameRespected(game) && isGameFinalized(game)
            && game.status() == GameStatus.DEFENDER_WINS;
    }
}
