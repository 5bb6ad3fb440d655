// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AddressAlias} from "src/lib/AddressAlias.sol";
import {MerkleProof} from "src/lib/MerkleProof.sol";
import {AnchorStateRegistry} from "src/parent/AnchorStateRegistry.sol";
import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {GameType, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {Inbox} from "src/parent/Inbox.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";

/// @title Portal
/// @notice The door between parent and chain: it holds the chain's ETH, queues deposits, and pays withdrawals that are
///         proven against a final claim. Its interface and the names of its `OptimismPortal_` errors are those of OP
///         Stack clients, which work with it unchanged.
/// @dev ETH leaves only through a finalised withdrawal. The withdrawal counts as finalised even if the call to its
///      target fails, as in the OP Stack: its value then stays here for good, so a target that may fail has to be called
///      through a messenger that keeps the message. A withdrawal of more than is held reverts, and can be tried again.
contract Portal {
    /// @notice A withdrawal, as the message passer hashed it.
    /// @param value     Amount (wei).
    /// @param gasLimit  Least gas the target gets.
    struct WithdrawalTransaction {
        uint256 nonce;
        address sender;
        address target;
        uint256 value;
        uint256 gasLimit;
        bytes data;
    }

    /// @notice Preimage of an output root.
    struct OutputRootProof {
        bytes32 version;
        bytes32 stateRoot;
        bytes32 messagePasserStorageRoot;
        bytes32 latestBlockhash;
    }

    /// @notice A proof that was accepted.
    /// @param timestamp  When (seconds).
    struct ProvenWithdrawal {
        IDisputeGame disputeGameProxy;
        uint64 timestamp;
    }

    /// @notice Gas bought by the deposits of one block.
    struct Metering {
        uint64 boughtGas;
        uint64 blockNumber;
    }

    /// @notice The inbox was built for another portal.
    error PortalAddressMismatch(address expected);
    /// @notice The caller is not the guardian in the configuration.
    error NotGuardian();
    /// @notice The last pause ended too recently; the next one may start at `fromSeconds`.
    error PauseNotAvailable(uint256 fromSeconds);
    /// @notice The deposits of this block may buy only `leftGas` more.
    error DepositGasExhausted(uint64 leftGas, uint64 wantedGas);
    /// @notice The portal holds less than the withdrawal takes.
    error InsufficientBalance(uint256 heldWei, uint256 wantedWei);
    /// @notice The transaction's gas cannot give the target what the withdrawal promises it.
    error InsufficientGas();
    /// @notice Withdrawals are paused.
    error OptimismPortal_CallPaused();
    /// @notice A creation has a target, or a withdrawal calls a contract that trusts the portal.
    error OptimismPortal_BadTarget();
    /// @notice The deposit's gas limit is below `minimumGasLimit`.
    error OptimismPortal_GasLimitTooLow();
    /// @notice The deposit has more than 120,000 bytes.
    error OptimismPortal_CalldataTooLarge();
    /// @notice The game is not registered, excluded, or lost.
    error OptimismPortal_ImproperDisputeGame();
    /// @notice Withdrawals did not rely upon the game's kind when it was created.
    error OptimismPortal_InvalidDisputeGame();
    /// @notice The output root proof does not hash to the game's claim.
    error OptimismPortal_InvalidOutputRootProof();
    /// @notice The trie does not hold the withdrawal. (A proof that opens nothing reverts with an error of MerkleProof.)
    error OptimismPortal_InvalidMerkleProof();
    /// @notice The withdrawal was finalised before.
    error OptimismPortal_AlreadyFinalized();
    /// @notice The submitter has not proven the withdrawal.
    error OptimismPortal_Unproven();
    /// @notice The proof is not younger than its game.
    error OptimismPortal_InvalidProofTimestamp();
    /// @notice The proof has not matured.
    error OptimismPortal_ProofNotOldEnough();
    /// @notice The game's claim is not final, or not valid.
    error OptimismPortal_InvalidRootClaim();
    /// @notice A withdrawal is being finalised.
    error OptimismPortal_NoReentrancy();
    /// @notice The target's call failed while gas was being estimated.
    error OptimismPortal_GasEstimation();

    event TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes opaqueData);
    event WithdrawalProven(bytes32 indexed withdrawalHash, address indexed from, address indexed to);
    event WithdrawalProvenExtension1(bytes32 indexed withdrawalHash, address indexed proofSubmitter);
    event WithdrawalFinalized(bytes32 indexed withdrawalHash, bool success);
    event Paused(address account);
    event Unpaused(address account);

    string public constant version = "3.0.0-mezz";

    /// @notice Gas that the deposits of one parent block may buy.
    uint64 public constant MAX_DEPOSIT_GAS_PER_BLOCK = 20_000_000;
    /// @notice Longest pause, and shortest time between two (seconds).
    uint256 public constant PAUSE_SECONDS = 7 days;
    /// @dev Gas of a deposit by plain transfer.
    uint64 private constant RECEIVE_GAS_LIMIT = 100_000;
    /// @dev Keeps a deposit within what peers relay.
    uint256 private constant MAX_DEPOSIT_BYTES = 120_000;
    /// @dev Version of the deposit encoding.
    uint256 private constant DEPOSIT_VERSION = 0;
    /// @dev `l2Sender` outside of finalisation.
    address private constant NO_SENDER = 0x000000000000000000000000000000000000dEaD;
    /// @dev Origin of calls that estimate gas.
    address private constant ESTIMATION_ORIGIN = address(1);
    /// @dev What CALL costs beside the gas it hands over, at most: cold account, value, new account (EIP-2929, 36,600),
    ///      and what this contract does before it.
    uint256 private constant CALL_OVERHEAD_GAS = 40_000;

    SystemConfig public immutable systemConfig;
    Inbox public immutable inbox;
    DisputeGameFactory public immutable disputeGameFactory;
    AnchorStateRegistry public immutable anchorStateRegistry;

    /// @notice Withdrawals that are done, whether or not their target accepted them.
    mapping(bytes32 withdrawalHash => bool) public finalizedWithdrawals;
    /// @notice Latest proof of each submitter.
    mapping(bytes32 withdrawalHash => mapping(address submitter => ProvenWithdrawal)) public provenWithdrawals;
    /// @notice Submitters of each withdrawal's proofs, in order, once for each proof.
    mapping(bytes32 withdrawalHash => address[]) public proofSubmitters;
    /// @notice End of the latest pause (seconds).
    uint256 public pausedUntil;

    Metering private metering_;
    address private transient sender_;
    bool private transient finalizing_;

    modifier whenNotPaused() {
        if (paused()) revert OptimismPortal_CallPaused();
        _;
    }

    constructor(
        SystemConfig config,
        Inbox inbox_,
        DisputeGameFactory factory,
        AnchorStateRegistry registry
    ) {
        if (inbox_.portal() != address(this)) revert PortalAddressMismatch(inbox_.portal());
        systemConfig = config;
        inbox = inbox_;
        disputeGameFactory = factory;
        anchorStateRegistry = registry;
    }

    /// @notice Deposits the value for the sender's own account on the chain.
    receive() external payable {
        _deposit(msg.sender, msg.value, RECEIVE_GAS_LIMIT, false, "");
    }

    /// @notice Adds ETH without a deposit.
    function donateETH() external payable {}

    /// @notice Queues a transaction of the caller on the chain, and mints the value sent to the caller there.
    /// @param to          Target; zero for a creation.
    /// @param value       Amount the transaction itself transfers (wei).
    /// @param gasLimit    Its gas, at least `minimumGasLimit`.
    /// @param isCreation  Whether `data` is a contract's init code.
    function depositTransaction(address to, uint256 value, uint64 gasLimit, bool isCreation, bytes calldata data)
        external
        payable
    {
        _deposit(to, value, gasLimit, isCreation, data);
    }

    /// @notice Shows that the chain sent a withdrawal, according to the claim of a game.
    /// @param disputeGameIndex  Position of the game in the factory.
    /// @param withdrawalProof   Trie nodes from the message passer's storage root to the withdrawal.
    function proveWithdrawalTransaction(
        WithdrawalTransaction calldata withdrawal,
        uint256 disputeGameIndex,
        OutputRootProof calldata outputRootProof,
        bytes[] calldata withdrawalProof
    ) external whenNotPaused {
        // Both take the portal's word: the inbox for who sent a deposit and what it mints.
        if (withdrawal.target == address(this) || withdrawal.target == address(inbox)) {
            revert OptimismPortal_BadTarget();
        }
        (,, IDisputeGame game) = disputeGameFactory.gameAtIndex(disputeGameIndex);
        if (!anchorStateRegistry.isGameProper(game)) revert OptimismPortal_ImproperDisputeGame();
        if (!anchorStateRegistry.isGameRespected(game)) revert OptimismPortal_InvalidDisputeGame();
        if (block.timestamp <= game.createdAt()) revert OptimismPortal_InvalidProofTimestamp();
        if (
            outputRootProof.version != 0 || keccak256(abi.encode(outputRootProof)) != game.rootClaim()
        ) revert OptimismPortal_InvalidOutputRootProof();

        bytes32 withdrawalHash = hashWithdrawal(withdrawal);
        // `sentMessages` is the message passer's slot 0, and its trie is a secure one.
        bytes32 slot = keccak256(abi.encode(withdrawalHash, uint256(0)));
        bytes calldata stored = MerkleProof.get(
            outputRootProof.messagePasserStorageRoot, keccak256(abi.encode(slot)), withdrawalProof
        );
        if (stored.length != 1 || stored[0] != 0x01) revert OptimismPortal_InvalidMerkleProof();

        provenWithdrawals[withdrawalHash][msg.sender] = ProvenWithdrawal(game, uint64(block.timestamp));
        proofSubmitters[withdrawalHash].push(msg.sender);
        emit WithdrawalProven(withdrawalHash, withdrawal.sender, withdrawal.target);
        emit WithdrawalProvenExtension1(withdrawalHash, msg.sender);
    }

    /// @notice Pays a withdrawal that the caller has proven.
    function finalizeWithdrawalTransaction(WithdrawalTransaction calldata withdrawal) external {
        finalizeWithdrawalTransactionExternalProof(withdrawal, msg.sender);
    }

    /// @notice Pays a withdrawal that `proofSubmitter` has proven.
    function finalizeWithdrawalTransactionExternalProof(
        WithdrawalTransaction calldata withdrawal,
        address proofSubmitter
    ) public whenNotPaused {
        if (finalizing_) revert OptimismPortal_NoReentrancy();
        bytes32 withdrawalHash = hashWithdrawal(withdrawal);
        checkWithdrawal(withdrawalHash, proofSubmitter);
        if (withdrawal.value > address(this).balance) {
            revert InsufficientBalance(address(this).balance, withdrawal.value);
        }
        finalizedWithdrawals[withdrawalHash] = true;
        finalizing_ = true;
        sender_ = withdrawal.sender;
        bool success = _callWithMinGas(withdrawal.target, withdrawal.gasLimit, withdrawal.value, withdrawal.data);
        finalizing_ = false;
        emit WithdrawalFinalized(withdrawalHash, success);
        // A failed call uses less gas than a good one: an estimate of it would be too low.
        if (!success && tx.origin == ESTIMATION_ORIGIN) revert OptimismPortal_GasEstimation();
    }

    /// @notice Stops proving and finalising for at most `PAUSE_SECONDS`.
    function pause() external {
        if (msg.sender != guardian()) revert NotGuardian();
        uint256 from = pausedUntil == 0 ? 0 : pausedUntil + PAUSE_SECONDS;
        if (block.timestamp < from) revert PauseNotAvailable(from);
        pausedUntil = block.timestamp + PAUSE_SECONDS;
        emit Paused(msg.sender);
    }

    /// @notice Ends a pause early.
    function unpause() external {
        if (msg.sender != guardian()) revert NotGuardian();
        if (paused()) pausedUntil = block.timestamp;
        emit Unpaused(msg.sender);
    }

    /// @notice Reverts, with the reason, unless the withdrawal can be finalised with the submitter's proof now.
    function checkWithdrawal(bytes32 withdrawalHash, address proofSubmitter) public view {
        if (finalizedWithdrawals[withdrawalHash]) revert OptimismPortal_AlreadyFinalized();
        ProvenWithdrawal memory proven = provenWithdrawals[withdrawalHash][proofSubmitter];
        if (proven.timestamp == 0) revert OptimismPortal_Unproven();
        if (proven.timestamp <= proven.disputeGameProxy.createdAt()) revert OptimismPortal_InvalidProofTimestamp();
        if (block.timestamp <= proven.timestamp + proofMaturityDelaySeconds()) {
            revert OptimismPortal_ProofNotOldEnough();
        }
        if (!anchorStateRegistry.isGameClaimValid(proven.disputeGameProxy)) revert OptimismPortal_InvalidRootClaim();
    }

    /// @notice Sender on the chain of the withdrawal that is being finalised; 0xdEaD at any other time.
    function l2Sender() external view returns (address) {
        return finalizing_ ? sender_ : NO_SENDER;
    }

    /// @notice Whether withdrawals are stopped.
    function paused() public view returns (bool) {
        return block.timestamp < pausedUntil;
    }

    function guardian() public view returns (address) {
        return systemConfig.guardian();
    }

    /// @notice Proofs accepted for a withdrawal.
    function numProofSubmitters(bytes32 withdrawalHash) external view returns (uint256) {
        return proofSubmitters[withdrawalHash].length;
    }

    /// @notice Wait between proving and finalising (seconds).
    function proofMaturityDelaySeconds() public view returns (uint256) {
        return systemConfig.proofMaturityDelaySeconds();
    }

    /// @notice Wait between a game's resolution and its finality (seconds).
    function disputeGameFinalityDelaySeconds() external view returns (uint256) {
        return systemConfig.disputeGameFinalityDelaySeconds();
    }

    function respectedGameType() external view returns (GameType) {
        return anchorStateRegistry.respectedGameType();
    }

    /// @notice Deposit gas of the latest block with a deposit. It has no price here, so the base fee is 0.
    function params() external view returns (uint128 prevBaseFee, uint64 prevBoughtGas, uint64 prevBlockNum) {
        return (0, metering_.boughtGas, metering_.blockNumber);
    }

    /// @notice Least gas of a deposit with so many bytes: intrinsic gas at the calldata floor (EIP-7623).
    function minimumGasLimit(uint64 byteCount) public pure returns (uint64) {
        return 21_000 + 40 * byteCount;
    }

    /// @notice Hash under which the message passer stores a withdrawal.
    function hashWithdrawal(WithdrawalTransaction calldata withdrawal) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                withdrawal.nonce,
                withdrawal.sender,
                withdrawal.target,
                withdrawal.value,
                withdrawal.gasLimit,
                withdrawal.data
            )
        );
    }

    function _deposit(address to, uint256 value, uint64 gasLimit, bool isCreation, bytes memory data) private {
        if (isCreation && to != address(0)) revert OptimismPortal_BadTarget();
        if (data.length > MAX_DEPOSIT_BYTES) revert OptimismPortal_CalldataTooLarge();
        if (gasLimit < minimumGasLimit(uint64(data.length))) revert OptimismPortal_GasLimitTooLow();
        _meter(gasLimit);

        address from = AddressAlias.ofCaller();
        bytes memory opaqueData = abi.encodePacked(msg.value, value, gasLimit, isCreation, data);
        emit TransactionDeposited(from, to, DEPOSIT_VERSION, opaqueData);
        inbox.enqueue(from, to, opaqueData);
    }

    function _meter(uint64 gasLimit) private {
        Metering memory metering = metering_;
        uint64 bought = metering.blockNumber == block.number ? metering.boughtGas : 0;
        uint64 left = MAX_DEPOSIT_GAS_PER_BLOCK - bought;
        if (gasLimit > left) revert DepositGasExhausted(left, gasLimit);
        metering_ = Metering(bought + gasLimit, uint64(block.number));
    }

    /// @dev Calls with all gas there is, which is at least `gasLimit`, and ignores what is returned, however long.
    function _callWithMinGas(address target, uint256 gasLimit, uint256 value, bytes memory data)
        private
        returns (bool success)
    {
        // CALL keeps a 64th of what is left after its own cost (EIP-150).
        uint256 available = gasleft();
        if (available <= CALL_OVERHEAD_GAS || (available - CALL_OVERHEAD_GAS) * 63 / 64 < gasLimit) {
            revert InsufficientGas();
        }
        assembly ("memory-safe") {
            success := call(gas(), target, value, add(data, 32), mload(data), 0, 0)
        }
    }
}
