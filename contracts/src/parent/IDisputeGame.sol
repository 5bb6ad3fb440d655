// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Kind of dispute game. OP Stack clients read 4, 5, 7 and 9 as super roots, so these stay unused.
type GameType is uint32;

using {equal as ==} for GameType global;

function equal(GameType a, GameType b) pure returns (bool) {
    return GameType.unwrap(a) == GameType.unwrap(b);
}

enum GameStatus {
    IN_PROGRESS,
    CHALLENGER_WINS,
    DEFENDER_WINS
}

/// @title IDisputeGame
/// @notice One claim about the chain's state and the way to its resolution: what the factory, the anchor state registry
///         and the portal need of it, whatever the kind of proof.
interface IDisputeGame {
    /// @notice Takes the bond; the factory calls it in the transaction that creates the game.
    function initialize() external payable;

    /// @notice Ends the game if its rules allow that now.
    function resolve() external returns (GameStatus);

    /// @notice Output root claimed.
    function rootClaim() external view returns (bytes32);

    /// @notice abi.encode(uint256 l2BlockNumber, uint64 inboxCount, bytes32 inboxAcc).
    function extraData() external view returns (bytes memory);

    function gameType() external view returns (GameType);

    function gameCreator() external view returns (address);

    /// @notice (gameType, rootClaim, extraData): the game's key in the factory.
    function gameData() external view returns (GameType, bytes32, bytes memory);

    function status() external view returns (GameStatus);

    /// @notice Time of creation (seconds).
    function createdAt() external view returns (uint64);

    /// @notice Time of resolution (seconds); 0 until then.
    function resolvedAt() external view returns (uint64);

    /// @notice Block of the chain that the claim is about.
    function l2SequenceNumber() external view returns (uint256);

    /// @notice Whether withdrawals relied upon this kind of game when it was created.
    function wasRespectedGameTypeWhenCreated() external view returns (bool);
}
