// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title SystemConfig
/// @notice What one chain's contracts have to know. Everything is fixed at construction but the three operators that the
///         owner may rotate; a change of anything else is a new set of contracts.
contract SystemConfig {
    /// @notice Constructor arguments.
    /// @param owner                            May rotate operators and register game implementations.
    /// @param chainId                          Chain id of the chain these contracts settle.
    /// @param configHash                       Hash of the chain's full configuration, a part of every proven statement.
    /// @param genesisOutputRoot                Output root of the chain's block 0: the first anchor.
    /// @param batcher                          May append batches to the inbox.
    /// @param proposer                         May post output claims.
    /// @param challenger                       May object to attested output claims.
    /// @param guardian                         May pause withdrawals for a bounded time and blacklist games.
    /// @param forceDelaySeconds                Age at which a queued transaction must be included (seconds, above 0).
    /// @param proofMaturityDelaySeconds        Wait between proving and finalising a withdrawal (seconds).
    /// @param disputeGameFinalityDelaySeconds  Wait between a game's resolution and its finality (seconds).
    /// @param maxClockDurationSeconds          Time to object to a claim (seconds).
    struct Settings {
        address owner;
        uint256 chainId;
        bytes32 configHash;
        bytes32 genesisOutputRoot;
        address batcher;
        address proposer;
        address challenger;
        address guardian;
        uint64 forceDelaySeconds;
        uint64 proofMaturityDelaySeconds;
        uint64 disputeGameFinalityDelaySeconds;
        uint64 maxClockDurationSeconds;
    }

    /// @notice The caller is not the owner.
    error NotOwner();
    /// @notice A required address is zero.
    error ZeroAddress();
    /// @notice With no delay every queued transaction would be overdue at once and block the batcher.
    error ZeroForceDelay();

    event BatcherChanged(address indexed previous, address indexed current);
    event ProposerChanged(address indexed previous, address indexed current);
    event ChallengerChanged(address indexed previous, address indexed current);

    string public constant version = "0.1.0";

    address public immutable owner;
    uint256 public immutable chainId;
    bytes32 public immutable configHash;
    bytes32 public immutable genesisOutputRoot;
    address public immutable guardian;
    uint64 public immutable forceDelaySeconds;
    uint64 public immutable proofMaturityDelaySeconds;
    uint64 public immutable disputeGameFinalityDelaySeconds;
    uint64 public immutable maxClockDurationSeconds;

    address public batcher;
    address public proposer;
    address public challenger;

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    constructor(Settings memory settings) {
        if (settings.forceDelaySeconds == 0) revert ZeroForceDelay();
        owner = _nonZero(settings.owner);
        guardian = _nonZero(settings.guardian);
        batcher = _nonZero(settings.batcher);
        proposer = _nonZero(settings.proposer);
        challenger = _nonZero(settings.challenger);
        chainId = settings.chainId;
        configHash = settings.configHash;
        genesisOutputRoot = settings.genesisOutputRoot;
        forceDelaySeconds = settings.forceDelaySeconds;
        proofMaturityDelaySeconds = settings.proofMaturityDelaySeconds;
        disputeGameFinalityDelaySeconds = settings.disputeGameFinalityDelaySeconds;
        maxClockDurationSeconds = settings.maxClockDurationSeconds;
    }

    /// @notice Replaces the batcher.
    function setBatcher(address current) external onlyOwner {
        address previous = batcher;
        batcher = _nonZero(current);
        emit BatcherChanged(previous, current);
    }

    /// @notice Replaces the proposer.
    function setProposer(address current) external onlyOwner {
        address previous = proposer;
        proposer = _nonZero(current);
        emit ProposerChanged(previous, current);
    }

    /// @notice Replaces the challenger.
    function setChallenger(address current) external onlyOwner {
        address previous = challenger;
        challenger = _nonZero(current);
        emit ChallengerChanged(previous, current);
    }

    function _nonZero(address account) private pure returns (address) {
        if (account == address(0)) revert ZeroAddress();
        return account;
    }
}
