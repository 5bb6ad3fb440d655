// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clone} from "src/lib/Clone.sol";
import {GameType, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";

/// @title DisputeGameFactory
/// @notice The list of claims. It knows nothing about proofs: each game type has an implementation that judges, and the
///         owner adds types by registering implementations.
contract DisputeGameFactory {
    /// @notice A game as found by `findLatestGames`.
    /// @param index      Position in the list.
    /// @param metadata   gameType << 224 | timestamp << 160 | address.
    /// @param timestamp  Time of creation (seconds).
    struct GameSearchResult {
        uint256 index;
        bytes32 metadata;
        uint64 timestamp;
        bytes32 rootClaim;
        bytes extraData;
    }

    /// @notice The caller is not the owner in the configuration.
    error NotOwner();
    /// @notice No implementation is registered for the game type.
    error NoImplementation(GameType gameType);
    /// @notice The value sent is not the bond of the game type.
    error IncorrectBondAmount(uint256 expectedWei, uint256 givenWei);
    /// @notice The same claim was made before.
    error GameAlreadyExists(bytes32 uuid);

    event DisputeGameCreated(
        address indexed disputeProxy, GameType indexed gameType, bytes32 indexed rootClaim
    );
    event ImplementationSet(address indexed implementation, GameType indexed gameType);
    event InitBondUpdated(GameType indexed gameType, uint256 indexed bondWei);

    string public constant version = "0.1.0";

    SystemConfig public immutable config;

    /// @notice Implementation of each game type.
    mapping(GameType gameType => IDisputeGame) public gameImpls;
    /// @notice Bond of each game type (wei).
    mapping(GameType gameType => uint256) public initBonds;

    bytes32[] private games_;
    mapping(bytes32 uuid => bytes32 metadata) private byUuid_;

    modifier onlyOwner() {
        if (msg.sender != config.owner()) revert NotOwner();
        _;
    }

    constructor(SystemConfig config_) {
        config = config_;
    }

    /// @notice Registers the implementation of a game type for games created from now on.
    function setImplementation(GameType gameType, IDisputeGame implementation) external onlyOwner {
        gameImpls[gameType] = implementation;
        emit ImplementationSet(address(implementation), gameType);
    }

    /// @notice Sets the bond of a game type (wei).
    function setInitBond(GameType gameType, uint256 bondWei) external onlyOwner {
        initBonds[gameType] = bondWei;
        emit InitBondUpdated(gameType, bondWei);
    }

    /// @notice Makes a claim, with exactly the bond as value. The game type's implementation says who may.
    function create(GameType gameType, bytes32 rootClaim, bytes calldata extraData)
        external
        payable
        returns (IDisputeGame game)
    {
        IDisputeGame implementation = gameImpls[gameType];
        if (address(implementation) == address(0)) revert NoImplementation(gameType);
        uint256 bondWei = initBonds[gameType];
        if (msg.value != bondWei) revert IncorrectBondAmount(bondWei, msg.value);
        bytes32 uuid = getGameUUID(gameType, rootClaim, extraData);
        if (byUuid_[uuid] != 0) revert GameAlreadyExists(uuid);

        address clone = Clone.create(address(implementation), abi.encodePacked(msg.sender, rootClaim, extraData));
        bytes32 metadata = bytes32(
            (uint256(GameType.unwrap(gameType)) << 224) | (uint256(uint64(block.timestamp)) << 160) | uint160(clone)
        );
        byUuid_[uuid] = metadata;
        games_.push(metadata);
        game = IDisputeGame(clone);
        game.initialize{value: msg.value}();
        emit DisputeGameCreated(clone, gameType, rootClaim);
    }

    /// @notice Number of games.
    function gameCount() external view returns (uint256) {
        return games_.length;
    }

    /// @notice Game at a position of the list.
    function gameAtIndex(uint256 index)
        external
        view
        returns (GameType gameType, uint64 timestamp, IDisputeGame game)
    {
        return _unpack(games_[index]);
    }

    /// @notice Game of a claim; zeros where there is none.
    function games(GameType gameType, bytes32 rootClaim, bytes calldata extraData)
        external
        view
        returns (IDisputeGame game, uint64 timestamp)
    {
        (, timestamp, game) = _unpack(byUuid_[getGameUUID(gameType, rootClaim, extraData)]);
    }

    /// @notice Key of a claim.
    function getGameUUID(GameType gameType, bytes32 rootClaim, bytes calldata extraData)
        public
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(gameType, rootClaim, extraData));
    }

    /// @notice Up to `n` games of a type, newest first, from position `start` downwards.
    function findLatestGames(GameType gameType, uint256 start, uint256 n)
        external
        view
        returns (GameSearchResult[] memory found)
    {
        if (start >= games_.length || n == 0) return found;
        found = new GameSearchResult[](n <= start ? n : start + 1);
        uint256 count;
        for (uint256 i = start + 1; i > 0 && count < found.length; --i) {
            bytes32 metadata = games_[i - 1];
            (GameType type_, uint64 timestamp, IDisputeGame game) = _unpack(metadata);
            if (!(type_ == gameType)) continue;
            found[count++] = GameSearchResult(i - 1, metadata, timestamp, game.rootClaim(), game.extraData());
        }
        // Shrinking an array in place: the tail stays allocated and unreachable.
        assembly ("memory-safe") {
            mstore(found, count)
        }
    }

    function _unpack(bytes32 metadata) private pure returns (GameType, uint64, IDisputeGame) {
        uint256 word = uint256(metadata);
        return (GameType.wrap(uint32(word >> 224)), uint64(word >> 160), IDisputeGame(address(uint160(word))));
    }
}
