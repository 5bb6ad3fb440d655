// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChunkHash} from "src/lib/ChunkHash.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";

/// @title Inbox
/// @notice Everything a chain is derived from, as two append-only accumulators: the queue of deposits and forced
///         transactions, and the entries, each of which commits to batch bytes and to how far the queue is consumed.
/// @dev Batch bytes are read from the input of the transaction itself. That is why appending asks for a caller that is
///      the transaction's origin and has no code: only then is the call the whole transaction, and the bytes where every
///      node looks for them.
contract Inbox {
    /// @notice One entry. `acc` after it is keccak256(abi.encode(acc before it, keccak256(abi.encode(entry)))).
    /// @param source           Where the bytes are: SOURCE_FORCED, SOURCE_CALLDATA or SOURCE_BLOBS.
    /// @param dataHash         Chunked hash of the bytes (see ChunkHash).
    /// @param blobsHash        keccak256(versionedHash_0 ‖ y_0 ‖ versionedHash_1 ‖ y_1 ...); zero without blobs.
    /// @param parentNumber     Parent block that holds the entry.
    /// @param parentTimestamp  Time of that block (seconds).
    /// @param originNumber     Parent block the batch was built upon.
    /// @param originHash       Hash of that block.
    /// @param queueCursor      Queue items consumed by this entry and those before it.
    /// @param queueAcc         Queue accumulator over those items.
    struct Entry {
        uint8 source;
        bytes32 dataHash;
        bytes32 blobsHash;
        uint64 parentNumber;
        uint64 parentTimestamp;
        uint64 originNumber;
        bytes32 originHash;
        uint64 queueCursor;
        bytes32 queueAcc;
    }

    /// @notice What the next entry continues from.
    struct Head {
        uint64 count;
        uint64 queueCursor;
        uint64 originNumber;
    }

    /// @notice The caller is not the portal.
    error NotPortal();
    /// @notice The caller is not the batcher.
    error NotBatcher();
    /// @notice The caller is a contract, or an account with delegated code.
    error CallerHasCode();
    /// @notice The entry was built for another position.
    error WrongIndex(uint64 expected, uint64 given);
    /// @notice The origin is not one of the last 256 blocks of this chain: it was reorganised away, or is too old.
    error OriginMismatch(uint64 number, bytes32 given);
    /// @notice The origin lies before that of the previous entry.
    error OriginBackwards(uint64 previous, uint64 given);
    /// @notice The cursor lies outside what is left of the queue.
    error CursorOutOfRange(uint64 from, uint64 to, uint64 given);
    /// @notice The batch leaves an overdue queue item behind.
    error OverdueForcedTransaction(uint64 index);
    /// @notice The queue item is not overdue yet.
    error NotOverdue(uint64 index);
    /// @notice The entry takes more queue items than one may.
    error TooManyQueueItems(uint64 limit, uint64 given);
    /// @notice The openings are not 128 bytes for each blob of the transaction, or there is none.
    error BlobCountMismatch();
    /// @notice The opening of blob `blob` is wrong.
    error InvalidOpening(uint256 blob);
    /// @notice There are only `count` of them.
    error OutOfRange(uint64 count);

    event Enqueued(uint64 indexed index, bytes32 queueAcc, address indexed from, uint64 parentTimestamp);
    event EntryAppended(uint64 indexed index, bytes32 acc, Entry entry, bytes32[] versionedHashes, uint256[] ys);

    string public constant version = "0.1.0";

    uint8 public constant SOURCE_FORCED = 0;
    uint8 public constant SOURCE_CALLDATA = 1;
    uint8 public constant SOURCE_BLOBS = 2;

    /// @notice Queue items that one entry may take. Whoever proves one of its blocks reads them all, in bounded steps.
    uint64 public constant MAX_QUEUE_ITEMS_PER_ENTRY = 1024;

    /// @notice Order of the scalar field of BLS12-381 (EIP-4844).
    uint256 public constant BLS_MODULUS = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;
    /// @dev POINT_EVALUATION_PRECOMPILE_ADDRESS (EIP-4844).
    address private constant POINT_EVALUATION = address(0x0a);
    /// @dev What the precompile answers: keccak256(uint256(FIELD_ELEMENTS_PER_BLOB) ‖ BLS_MODULUS).
    bytes32 private constant POINT_EVALUATION_ANSWER = keccak256(abi.encode(uint256(4096), BLS_MODULUS));
    /// @dev y (32) ‖ commitment (48) ‖ proof (48).
    uint256 private constant OPENING_BYTES = 128;

    SystemConfig public immutable config;
    address public immutable portal;
    uint64 private immutable FORCE_DELAY_SECONDS;

    Head private head_;
    mapping(uint256 count => bytes32) private accs_;
    mapping(uint256 count => bytes32) private queueAccs_;
    uint64[] private queueTimestamps_;

    constructor(SystemConfig config_, address portal_) {
        config = config_;
        portal = portal_;
        FORCE_DELAY_SECONDS = config_.forceDelaySeconds();
    }

    /// @notice Adds a deposit to the queue.
    function enqueue(address from, address to, bytes calldata opaqueData) external {
        if (msg.sender != portal) revert NotPortal();
        uint64 index = queueLength();
        uint64 timestamp = uint64(block.timestamp);
        bytes32 itemHash =
            keccak256(abi.encode(index, from, to, uint64(block.number), timestamp, ChunkHash.hash(opaqueData)));
        bytes32 acc_ = keccak256(abi.encode(queueAccs_[index], itemHash));
        queueAccs_[index + 1] = acc_;
        queueTimestamps_.push(timestamp);
        emit Enqueued(index, acc_, from, timestamp);
    }

    /// @notice Appends a batch whose bytes are `data`.
    /// @param index         Position the batch was built for.
    /// @param cursor        Queue items consumed once the batch is applied.
    /// @param originNumber  Parent block the batch was built upon.
    /// @param originHash    Hash of that block.
    function appendCalldata(
        uint64 index,
        uint64 cursor,
        uint64 originNumber,
        bytes32 originHash,
        bytes calldata data
    ) external {
        _checkBatch(index, cursor, originNumber, originHash);
        Entry memory entry = _entry(cursor, originNumber, originHash);
        entry.source = SOURCE_CALLDATA;
        entry.dataHash = ChunkHash.hash(data);
        _append(index, entry, new bytes32[](0), new uint256[](0));
    }

    /// @notice Appends a batch whose bytes are in the blobs of this transaction.
    /// @dev The declared hash is tied to the blobs by opening each polynomial at a point that depends on both; the
    ///      derivation evaluates the bytes at that point and takes a batch with another y for an empty one.
    /// @param dataHash  Chunked hash of the bytes that the blobs decode to.
    /// @param openings  y (32) ‖ commitment (48) ‖ proof (48) of each blob, in order.
    function appendBlobs(
        uint64 index,
        uint64 cursor,
        uint64 originNumber,
        bytes32 originHash,
        bytes32 dataHash,
        bytes calldata openings
    ) external {
        _checkBatch(index, cursor, originNumber, originHash);
        Entry memory entry = _entry(cursor, originNumber, originHash);
        entry.source = SOURCE_BLOBS;
        entry.dataHash = dataHash;
        bytes32[] memory versionedHashes;
        uint256[] memory ys;
        (entry.blobsHash, versionedHashes, ys) = _checkBlobs(dataHash, openings);
        _append(index, entry, versionedHashes, ys);
    }

    /// @notice Appends overdue queue items without the batcher. Anybody may.
    /// @param cursor  One past the last item to include, which must be overdue.
    /// @param data         Labels for the items; the derivation falls back to defaults where they are unusable.
    function forceInclude(uint64 index, uint64 cursor, bytes calldata data) external {
        Head memory head = head_;
        _checkCaller();
        _checkPosition(head, index, cursor);
        if (cursor == head.queueCursor) revert CursorOutOfRange(head.queueCursor + 1, queueLength(), cursor);
        if (!_overdue(cursor - 1)) revert NotOverdue(cursor - 1);

        uint64 originNumber = uint64(block.number - 1);
        Entry memory entry = _entry(cursor, originNumber, blockhash(originNumber));
        entry.source = SOURCE_FORCED;
        entry.dataHash = ChunkHash.hash(data);
        _append(index, entry, new bytes32[](0), new uint256[](0));
    }

    /// @notice Entries so far.
    function count() external view returns (uint64) {
        return head_.count;
    }

    /// @notice Accumulator over the first `count_` entries; reverts where there are fewer.
    function acc(uint64 count_) external view returns (bytes32) {
        if (count_ > head_.count) revert OutOfRange(head_.count);
        return accs_[count_];
    }

    /// @notice Queue items consumed so far.
    function queueCursor() external view returns (uint64) {
        return head_.queueCursor;
    }

    /// @notice Origin of the latest entry.
    function lastOriginNumber() external view returns (uint64) {
        return head_.originNumber;
    }

    /// @notice Queue items so far.
    function queueLength() public view returns (uint64) {
        return uint64(queueTimestamps_.length);
    }

    /// @notice Accumulator over the first `count_` queue items; reverts where there are fewer.
    function queueAcc(uint64 count_) external view returns (bytes32) {
        if (count_ > queueLength()) revert OutOfRange(queueLength());
        return queueAccs_[count_];
    }

    /// @notice Time queue item `index` was added (seconds).
    function queueTimestamp(uint64 index) external view returns (uint64) {
        if (index >= queueLength()) revert OutOfRange(queueLength());
        return queueTimestamps_[index];
    }

    /// @dev Rules that every batch of the batcher obeys.
    function _checkBatch(uint64 index, uint64 cursor, uint64 originNumber, bytes32 originHash) private view {
        Head memory head = head_;
        if (msg.sender != config.batcher()) revert NotBatcher();
        _checkCaller();
        _checkPosition(head, index, cursor);
        // blockhash is 0 for this block, for later ones and beyond 256: none of them can be named.
        if (originHash == 0 || blockhash(originNumber) != originHash) revert OriginMismatch(originNumber, originHash);
        if (originNumber < head.originNumber) revert OriginBackwards(head.originNumber, originNumber);
        // An entry that is full leaves the rest to the next one.
        if (cursor - head.queueCursor < MAX_QUEUE_ITEMS_PER_ENTRY && cursor < queueLength() && _overdue(cursor)) {
            revert OverdueForcedTransaction(cursor);
        }
    }

    function _checkCaller() private view {
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert CallerHasCode();
    }

    function _checkPosition(Head memory head, uint64 index, uint64 cursor) private view {
        if (index != head.count) revert WrongIndex(head.count, index);
        if (cursor < head.queueCursor || cursor > queueLength()) {
            revert CursorOutOfRange(head.queueCursor, queueLength(), cursor);
        }
        uint64 items = cursor - head.queueCursor;
        if (items > MAX_QUEUE_ITEMS_PER_ENTRY) revert TooManyQueueItems(MAX_QUEUE_ITEMS_PER_ENTRY, items);
    }

    /// @dev Checks one opening for each blob of the transaction.
    function _checkBlobs(bytes32 dataHash, bytes calldata openings)
        private
        view
        returns (bytes32 blobsHash, bytes32[] memory versionedHashes, uint256[] memory ys)
    {
        uint256 blobs = openings.length / OPENING_BYTES;
        if (blobs == 0 || openings.length % OPENING_BYTES != 0 || blobhash(blobs) != 0) revert BlobCountMismatch();
        versionedHashes = new bytes32[](blobs);
        ys = new uint256[](blobs);
        bytes memory commitments;
        for (uint256 i = 0; i < blobs; ++i) {
            bytes32 versionedHash = blobhash(i);
            if (versionedHash == 0) revert BlobCountMismatch();
            uint256 z = uint256(keccak256(abi.encode(versionedHash, dataHash))) % BLS_MODULUS;
            bytes calldata opening = openings[i * OPENING_BYTES:(i + 1) * OPENING_BYTES];
            (bool ok, bytes memory answer) =
                POINT_EVALUATION.staticcall(abi.encodePacked(versionedHash, z, opening));
            if (!ok || keccak256(answer) != POINT_EVALUATION_ANSWER) revert InvalidOpening(i);
            versionedHashes[i] = versionedHash;
            ys[i] = uint256(bytes32(opening));
            commitments = abi.encodePacked(commitments, versionedHash, ys[i]);
        }
        blobsHash = keccak256(commitments);
    }

    /// @dev Entry at this block, still without its bytes.
    function _entry(uint64 cursor, uint64 originNumber, bytes32 originHash) private view returns (Entry memory entry) {
        entry.parentNumber = uint64(block.number);
        entry.parentTimestamp = uint64(block.timestamp);
        entry.originNumber = originNumber;
        entry.originHash = originHash;
        entry.queueCursor = cursor;
        entry.queueAcc = queueAccs_[cursor];
    }

    function _append(uint64 index, Entry memory entry, bytes32[] memory versionedHashes, uint256[] memory ys) private {
        bytes32 acc_ = keccak256(abi.encode(accs_[index], keccak256(abi.encode(entry))));
        accs_[index + 1] = acc_;
        head_ = Head({count: index + 1, queueCursor: entry.queueCursor, originNumber: entry.originNumber});
        emit EntryAppended(index, acc_, entry, versionedHashes, ys);
    }

    /// @dev An item is overdue from exactly the delay on, for the batcher and for everybody else alike.
    function _overdue(uint64 index) private view returns (bool) {
        return block.timestamp >= uint256(queueTimestamps_[index]) + FORCE_DELAY_SECONDS;
    }
}
