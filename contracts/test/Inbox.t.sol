// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Inbox} from "src/parent/Inbox.sol";
import {Base} from "test/Base.sol";

contract InboxTest is Base {
    /// @dev KZG vectors that hold at every point z. p(x) = 0: commitment and proof are the point at infinity.
    bytes internal constant INFINITY = hex"c0"
        hex"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";
    /// @dev G1's generator: commitment of p(x) = 1, and the proof of every p(x) = x + c.
    bytes internal constant G1 =
        hex"97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
    /// @dev [tau]G1 of the public ceremony: commitment of p(x) = x.
    bytes internal constant TAU_G1 =
        hex"ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81";
    bytes32 internal constant DATA_HASH = keccak256("what the blobs say");

    uint64 internal originNumber;
    bytes32 internal originHash;

    function setUp() public override {
        super.setUp();
        refreshOrigin();
    }

    function refreshOrigin() internal {
        originNumber = uint64(block.number - 1);
        originHash = blockhash(originNumber);
    }

    function append(uint64 index, uint64 cursor, bytes memory data) internal {
        vm.prank(BATCHER, BATCHER);
        inbox.appendCalldata(index, cursor, originNumber, originHash, data);
    }

    /// @dev More than the portal meters to a block.
    function enqueueMany(uint64 count) internal {
        for (uint64 i = 0; i < count; ++i) {
            vm.prank(address(portal));
            inbox.enqueue(ALICE, BOB, "");
        }
    }

    function itemAcc(bytes32 before, uint64 index, address from, address to, bytes memory opaqueData)
        internal
        view
        returns (bytes32)
    {
        bytes32 chunkHash = keccak256(abi.encode(keccak256(opaqueData)));
        bytes32 item = keccak256(abi.encode(index, from, to, uint64(block.number), uint64(block.timestamp), chunkHash));
        return keccak256(abi.encode(before, item));
    }

    function expectedEntry(uint8 source, bytes32 dataHash, uint64 cursor) internal view returns (Inbox.Entry memory) {
        return Inbox.Entry({
            source: source,
            dataHash: dataHash,
            blobsHash: 0,
            parentNumber: uint64(block.number),
            parentTimestamp: uint64(block.timestamp),
            originNumber: originNumber,
            originHash: originHash,
            queueCursor: cursor,
            queueAcc: inbox.queueAcc(cursor)
        });
    }

    // ---- queue

    function test_enqueue_accumulates_succeeds() external {
        assertEq(inbox.queueAcc(0), bytes32(0));
        bytes32 first = itemAcc(0, 0, ALICE, BOB, "one");
        vm.expectEmit(address(inbox));
        emit Inbox.Enqueued(0, first, ALICE, uint64(block.timestamp));
        vm.prank(address(portal));
        inbox.enqueue(ALICE, BOB, "one");
        pass(7);
        bytes32 second = itemAcc(first, 1, BOB, ALICE, "two");
        vm.prank(address(portal));
        inbox.enqueue(BOB, ALICE, "two");
        assertEq(inbox.queueLength(), 2);
        assertEq(inbox.queueAcc(1), first);
        assertEq(inbox.queueAcc(2), second);
        assertEq(inbox.queueTimestamp(0) + 7, inbox.queueTimestamp(1));
    }

    function test_enqueue_notPortal_reverts() external {
        vm.expectRevert(Inbox.NotPortal.selector);
        inbox.enqueue(ALICE, BOB, "");
    }

    function test_views_outOfRange_reverts() external {
        vm.expectRevert(abi.encodeWithSelector(Inbox.OutOfRange.selector, 0));
        inbox.queueTimestamp(0);
        vm.expectRevert(abi.encodeWithSelector(Inbox.OutOfRange.selector, 0));
        inbox.queueAcc(1);
        vm.expectRevert(abi.encodeWithSelector(Inbox.OutOfRange.selector, 0));
        inbox.acc(1);
    }

    // ---- calldata

    function testFuzz_appendCalldata_accumulates_succeeds(bytes calldata data) external {
        vm.assume(data.length > 0 && data.length <= 16_384);
        deposit(ALICE, 1 ether);
        Inbox.Entry memory entry = expectedEntry(1, keccak256(abi.encode(keccak256(data))), 1);
        bytes32 acc = keccak256(abi.encode(bytes32(0), keccak256(abi.encode(entry))));
        vm.expectEmit(address(inbox));
        emit Inbox.EntryAppended(0, acc, entry, new bytes32[](0), new uint256[](0));
        append(0, 1, data);
        assertEq(inbox.acc(0), bytes32(0));
        assertEq(inbox.acc(1), acc);
        assertEq(inbox.count(), 1);
        assertEq(inbox.queueCursor(), 1);
        assertEq(inbox.lastOriginNumber(), originNumber);

        entry.dataHash = keccak256("");
        append(1, 1, "");
        assertEq(inbox.acc(2), keccak256(abi.encode(acc, keccak256(abi.encode(entry)))));
    }

    function test_appendCalldata_notBatcher_reverts() external {
        vm.expectRevert(Inbox.NotBatcher.selector);
        vm.prank(ALICE, ALICE);
        inbox.appendCalldata(0, 0, originNumber, originHash, "");
    }

    function test_appendCalldata_throughContract_reverts() external {
        vm.expectRevert(Inbox.CallerHasCode.selector);
        vm.prank(BATCHER, ALICE);
        inbox.appendCalldata(0, 0, originNumber, originHash, "");
        vm.etch(BATCHER, abi.encodePacked(hex"ef0100", ALICE));
        vm.expectRevert(Inbox.CallerHasCode.selector);
        append(0, 0, "");
    }

    function test_appendCalldata_wrongIndex_reverts() external {
        vm.expectRevert(abi.encodeWithSelector(Inbox.WrongIndex.selector, 0, 1));
        append(1, 0, "");
        append(0, 0, "");
        vm.expectRevert(abi.encodeWithSelector(Inbox.WrongIndex.selector, 1, 0));
        append(0, 0, "");
    }

    function test_appendCalldata_origin_reverts() external {
        bytes32 other = keccak256("other fork");
        vm.expectRevert(abi.encodeWithSelector(Inbox.OriginMismatch.selector, originNumber, other));
        vm.prank(BATCHER, BATCHER);
        inbox.appendCalldata(0, 0, originNumber, other, "");
        // The block itself, a later one, and one beyond reach: their hash is 0, which is no way in either.
        uint64[3] memory numbers = [uint64(block.number), uint64(block.number + 1), uint64(block.number - 257)];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Inbox.OriginMismatch.selector, numbers[i], bytes32(0)));
            vm.prank(BATCHER, BATCHER);
            inbox.appendCalldata(0, 0, numbers[i], 0, "");
        }
    }

    function test_appendCalldata_originBackwards_reverts() external {
        pass(12);
        uint64 before = originNumber;
        bytes32 beforeHash = originHash;
        refreshOrigin();
        append(0, 0, "");
        vm.setBlockhash(before, beforeHash);
        vm.expectRevert(abi.encodeWithSelector(Inbox.OriginBackwards.selector, originNumber, before));
        vm.prank(BATCHER, BATCHER);
        inbox.appendCalldata(1, 0, before, beforeHash, "");
        append(1, 0, "");
    }

    function test_appendCalldata_cursor_reverts() external {
        deposit(ALICE, 1);
        deposit(ALICE, 1);
        vm.expectRevert(abi.encodeWithSelector(Inbox.CursorOutOfRange.selector, 0, 2, 3));
        append(0, 3, "");
        append(0, 1, "");
        vm.expectRevert(abi.encodeWithSelector(Inbox.CursorOutOfRange.selector, 1, 2, 0));
        append(1, 0, "");
    }

    function test_appendCalldata_overdue_reverts() external {
        deposit(ALICE, 1);
        pass(1);
        deposit(ALICE, 1);
        pass(FORCE_DELAY - 2);
        refreshOrigin();
        append(0, 0, "");
        pass(1);
        refreshOrigin();
        vm.expectRevert(abi.encodeWithSelector(Inbox.OverdueForcedTransaction.selector, 0));
        append(1, 0, "");
        append(1, 1, "");
        pass(1);
        refreshOrigin();
        vm.expectRevert(abi.encodeWithSelector(Inbox.OverdueForcedTransaction.selector, 1));
        append(2, 1, "");
    }

    // ---- forced

    function test_forceInclude_overdue_succeeds() external {
        deposit(ALICE, 1);
        deposit(ALICE, 1);
        pass(FORCE_DELAY);
        deposit(ALICE, 1);
        refreshOrigin();
        Inbox.Entry memory entry = expectedEntry(0, keccak256(abi.encode(keccak256("labels"))), 2);
        vm.prank(BOB, BOB);
        inbox.forceInclude(0, 2, "labels");
        assertEq(inbox.acc(1), keccak256(abi.encode(bytes32(0), keccak256(abi.encode(entry)))));
        assertEq(inbox.queueCursor(), 2);
        append(1, 2, "");
    }

    /// @dev What is overdue beyond one entry's items does not keep the batcher from filling an entry with the first ones.
    function test_append_fullEntry_leavesOverdueItems_succeeds() external {
        uint64 most = inbox.MAX_QUEUE_ITEMS_PER_ENTRY();
        enqueueMany(most + 1);
        pass(FORCE_DELAY);
        refreshOrigin();
        vm.expectRevert(abi.encodeWithSelector(Inbox.TooManyQueueItems.selector, most, most + 1));
        append(0, most + 1, "");
        vm.expectRevert(abi.encodeWithSelector(Inbox.OverdueForcedTransaction.selector, most - 1));
        append(0, most - 1, "");
        append(0, most, "");
        assertEq(inbox.queueCursor(), most);
        vm.expectRevert(abi.encodeWithSelector(Inbox.OverdueForcedTransaction.selector, most));
        append(1, most, "");
        append(1, most + 1, "");
    }

    function test_forceInclude_fullEntry_succeeds() external {
        uint64 most = inbox.MAX_QUEUE_ITEMS_PER_ENTRY();
        enqueueMany(most + 1);
        pass(FORCE_DELAY);
        vm.expectRevert(abi.encodeWithSelector(Inbox.TooManyQueueItems.selector, most, most + 1));
        vm.prank(BOB, BOB);
        inbox.forceInclude(0, most + 1, "");
        vm.prank(BOB, BOB);
        inbox.forceInclude(0, most, "");
        assertEq(inbox.queueCursor(), most);
        vm.prank(BOB, BOB);
        inbox.forceInclude(1, most + 1, "");
    }

    function test_forceInclude_early_reverts() external {
        deposit(ALICE, 1);
        pass(FORCE_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(Inbox.NotOverdue.selector, 0));
        vm.prank(BOB, BOB);
        inbox.forceInclude(0, 1, "");
        deposit(ALICE, 1);
        pass(1);
        vm.expectRevert(abi.encodeWithSelector(Inbox.NotOverdue.selector, 1));
        vm.prank(BOB, BOB);
        inbox.forceInclude(0, 2, "");
    }

    function test_forceInclude_position_reverts() external {
        deposit(ALICE, 1);
        pass(FORCE_DELAY);
        vm.expectRevert(abi.encodeWithSelector(Inbox.WrongIndex.selector, 0, 1));
        vm.prank(BOB, BOB);
        inbox.forceInclude(1, 1, "");
        vm.expectRevert(abi.encodeWithSelector(Inbox.CursorOutOfRange.selector, 0, 1, 2));
        vm.prank(BOB, BOB);
        inbox.forceInclude(0, 2, "");
        vm.expectRevert(abi.encodeWithSelector(Inbox.CursorOutOfRange.selector, 1, 1, 0));
        vm.prank(BOB, BOB);
        inbox.forceInclude(0, 0, "");
        vm.expectRevert(Inbox.CallerHasCode.selector);
        vm.prank(address(this), BOB);
        inbox.forceInclude(0, 1, "");
    }

    // ---- blobs

    function versioned(bytes memory commitment) internal pure returns (bytes32) {
        return bytes32((uint256(sha256(commitment)) & (type(uint256).max >> 8)) | (uint256(1) << 248));
    }

    function pointOf(bytes32 versionedHash) internal view returns (uint256) {
        return uint256(keccak256(abi.encode(versionedHash, DATA_HASH))) % inbox.BLS_MODULUS();
    }

    function opening(uint256 y, bytes memory commitment, bytes memory proof) internal pure returns (bytes memory) {
        return abi.encodePacked(y, commitment, proof);
    }

    function setBlobs(bytes memory first) internal {
        bytes32[] memory hashes = new bytes32[](1);
        hashes[0] = versioned(first);
        vm.blobhashes(hashes);
    }

    function setBlobs(bytes memory first, bytes memory second) internal {
        bytes32[] memory hashes = new bytes32[](2);
        (hashes[0], hashes[1]) = (versioned(first), versioned(second));
        vm.blobhashes(hashes);
    }

    function appendBlobs(bytes memory openings) internal {
        vm.prank(BATCHER, BATCHER);
        // The precompile burns all it gets when it refuses.
        inbox.appendBlobs{gas: 2_000_000}(0, 0, originNumber, originHash, DATA_HASH, openings);
    }

    function test_appendBlobs_twoBlobs_succeeds() external {
        setBlobs(TAU_G1, G1);
        bytes32[] memory hashes = new bytes32[](2);
        (hashes[0], hashes[1]) = (versioned(TAU_G1), versioned(G1));
        uint256[] memory ys = new uint256[](2);
        // p(x) = x has the value z: this pins down how z is derived.
        (ys[0], ys[1]) = (pointOf(hashes[0]), 1);
        Inbox.Entry memory entry = expectedEntry(2, DATA_HASH, 0);
        entry.blobsHash = keccak256(abi.encodePacked(hashes[0], ys[0], hashes[1], ys[1]));
        vm.expectEmit(address(inbox));
        emit Inbox.EntryAppended(
            0, keccak256(abi.encode(bytes32(0), keccak256(abi.encode(entry)))), entry, hashes, ys
        );
        appendBlobs(bytes.concat(opening(ys[0], TAU_G1, G1), opening(1, G1, INFINITY)));
    }

    function test_appendBlobs_zeroBlob_succeeds() external {
        setBlobs(INFINITY);
        appendBlobs(opening(0, INFINITY, INFINITY));
    }

    function test_appendBlobs_invalidOpening_reverts() external {
        setBlobs(G1, TAU_G1);
        uint256 z = pointOf(versioned(TAU_G1));
        bytes memory good = opening(1, G1, INFINITY);
        bytes[4] memory bad = [
            opening(z + 1, TAU_G1, G1), // another value
            opening(z, TAU_G1, INFINITY), // another proof
            opening(1, G1, INFINITY), // another blob's commitment
            opening(inbox.BLS_MODULUS() + z, TAU_G1, G1) // a value outside of the field
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Inbox.InvalidOpening.selector, 1));
            appendBlobs(bytes.concat(good, bad[i]));
        }
        appendBlobs(bytes.concat(good, opening(z, TAU_G1, G1)));
    }

    function test_appendBlobs_otherDataHash_reverts() external {
        setBlobs(TAU_G1);
        uint256 z = pointOf(versioned(TAU_G1));
        vm.expectRevert(abi.encodeWithSelector(Inbox.InvalidOpening.selector, 0));
        vm.prank(BATCHER, BATCHER);
        inbox.appendBlobs(0, 0, originNumber, originHash, keccak256("other"), opening(z, TAU_G1, G1));
    }

    function test_appendBlobs_noPrecompile_reverts() external {
        // A parent without EIP-4844 answers the call with nothing.
        setBlobs(INFINITY);
        vm.mockCall(address(0x0a), "", "");
        vm.expectRevert(abi.encodeWithSelector(Inbox.InvalidOpening.selector, 0));
        appendBlobs(opening(0, INFINITY, INFINITY));
    }

    function test_appendBlobs_count_reverts() external {
        bytes memory one = opening(1, G1, INFINITY);
        vm.expectRevert(Inbox.BlobCountMismatch.selector);
        appendBlobs(""); // no blob, no opening
        vm.expectRevert(Inbox.BlobCountMismatch.selector);
        appendBlobs(one); // no blob
        setBlobs(G1, G1);
        vm.expectRevert(Inbox.BlobCountMismatch.selector);
        appendBlobs(one); // a blob too many
        vm.expectRevert(Inbox.BlobCountMismatch.selector);
        appendBlobs(bytes.concat(one, one, one)); // an opening too many
        vm.expectRevert(Inbox.BlobCountMismatch.selector);
        appendBlobs(bytes.concat(one, one, hex"00"));
        appendBlobs(bytes.concat(one, one));
    }

    function test_appendBlobs_rulesOfBatches_reverts() external {
        setBlobs(INFINITY);
        vm.expectRevert(Inbox.NotBatcher.selector);
        vm.prank(ALICE, ALICE);
        inbox.appendBlobs(0, 0, originNumber, originHash, DATA_HASH, opening(0, INFINITY, INFINITY));
        vm.expectRevert(abi.encodeWithSelector(Inbox.WrongIndex.selector, 0, 1));
        vm.prank(BATCHER, BATCHER);
        inbox.appendBlobs(1, 0, originNumber, originHash, DATA_HASH, opening(0, INFINITY, INFINITY));
    }
}
