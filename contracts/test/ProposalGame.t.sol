// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Kzg} from "src/lib/Kzg.sol";
import {Claims} from "src/lib/Claims.sol";
import {GameStatus, GameType, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {Disputes} from "test/Disputes.sol";

contract ProposalGameTest is Disputes {
    bytes32 internal constant ROOT = keccak256("root");
    bytes32[] internal none;

    function genesisProposal() internal returns (ProposalGame) {
        return proposeBlocks(ALICE, NO_PARENT, 0, none, ROOT);
    }

    function create(bytes memory extra) internal {
        vm.deal(ALICE, BOND);
        vm.prank(ALICE);
        factory.create{value: BOND}(PROPOSALS, ROOT, extra);
    }

    function refused(bytes memory extra, bytes memory reason) internal {
        vm.deal(ALICE, BOND);
        vm.expectRevert(reason);
        vm.prank(ALICE);
        factory.create{value: BOND}(PROPOSALS, ROOT, extra);
    }

    /// @dev The fields of a proposal of one block after the genesis, to be spoilt one by one.
    function fields() internal pure returns (uint256[9] memory) {
        bytes32 claim = Claims.claimOf(ROOT, 1, keccak256("position"), 7);
        return [1, 0, 0, NO_PARENT, 1, uint256(keccak256("position")), 7, 0, uint256(claim)];
    }

    function test_create_fields_succeeds() external {
        bytes32[] memory claims = new bytes32[](2);
        (claims[0], claims[1]) = (keccak256("a"), keccak256("b"));
        ProposalGame game = proposeBlocks(BOB, NO_PARENT, 0, claims, ROOT);
        assertEq(game.rootClaim(), ROOT);
        assertEq(game.gameCreator(), BOB);
        assertEq(game.l2BlockNumber(), 3);
        assertEq(game.l2SequenceNumber(), 3);
        assertEq(game.blockCount(), 3);
        assertEq(game.parentIndex(), NO_PARENT);
        assertEq(game.parentClaim(), GENESIS_CLAIM);
        assertEq(game.positionHash(), keccak256("position"));
        assertEq(game.taken(), 7);
        assertEq(game.versionedHash(), 0);
        assertEq(game.elementAt(0, ""), claims[0]);
        assertEq(game.elementAt(1, ""), claims[1]);
        assertEq(game.elementAt(2, ""), game.claim());
        // The first three words are those of every game: clients read no more.
        (uint256 number, uint64 count, bytes32 acc) = abi.decode(game.extraData(), (uint256, uint64, bytes32));
        assertTrue(number == 3 && count == 0 && acc == 0, "extra data");
        assertTrue(game.wasRespectedGameTypeWhenCreated() && registry.isGameProper(game), "counts");
        vm.expectRevert(abi.encodeWithSelector(ProposalGame.ClaimOutOfRange.selector, 3));
        game.elementAt(3, "");
    }

    function test_create_extraData_reverts() external {
        bytes memory reason = abi.encodeWithSelector(ProposalGame.BadExtraData.selector);
        uint256[9] memory good = fields();
        uint256[2][7] memory spoilt = [
            [uint256(0), 2], // block number is not the parent's plus one
            [uint256(0), 0],
            [uint256(1), 1 << 64], // inbox count
            [uint256(4), 0], // block count
            [uint256(4), 2],
            [uint256(6), 1 << 64], // taken
            [uint256(7), 2] // neither true nor false
        ];
        for (uint256 i = 0; i < spoilt.length; ++i) {
            uint256[9] memory bad = good;
            uint256 kept = bad[spoilt[i][0]];
            bad[spoilt[i][0]] = spoilt[i][1];
            refused(abi.encode(bad), reason);
            bad[spoilt[i][0]] = kept;
        }
        // Without a parent's index that index is 0: the game itself.
        refused("", abi.encodeWithSelector(ProposalGame.BadParent.selector, 0));
        refused(abi.encodePacked(good, uint8(0)), reason);
        bytes memory tooMany = abi.encode(4097, 0, 0, NO_PARENT, 4097, 0, 0, true);
        refused(abi.encodePacked(tooMany, new bytes(128)), reason);
        create(abi.encode(good));
    }

    function test_create_lastClaim_reverts() external {
        uint256[9] memory bad = fields();
        bytes32 right = bytes32(bad[8]);
        bad[8] ^= 1;
        refused(
            abi.encode(bad),
            abi.encodeWithSelector(ProposalGame.LastClaimMismatch.selector, right, bytes32(bad[8]))
        );
    }

    function test_create_inbox_reverts() external {
        uint256[9] memory bad = fields();
        bad[1] = 1;
        refused(abi.encode(bad), abi.encodeWithSelector(ProposalGame.InboxMismatch.selector, 1, 0));
        (bad[1], bad[2]) = (0, 5);
        refused(abi.encode(bad), abi.encodeWithSelector(ProposalGame.InboxMismatch.selector, 0, 5));
    }

    function test_create_parent_reverts() external {
        uint256[9] memory bad = fields();
        // The list ends with the new game, and an attested output is no proposal.
        bad[3] = 0;
        refused(abi.encode(bad), abi.encodeWithSelector(ProposalGame.BadParent.selector, 0));
        bad[3] = 1;
        refused(abi.encode(bad), abi.encodeWithSelector(ProposalGame.BadParent.selector, 1));
        propose(ROOT, 1);
        bad[3] = 0;
        refused(abi.encode(bad), abi.encodeWithSelector(ProposalGame.BadParent.selector, 0));
        ProposalGame excluded = genesisProposal();
        vm.prank(GUARDIAN);
        registry.blacklistDisputeGame(excluded);
        bad[3] = 1;
        refused(abi.encode(bad), abi.encodeWithSelector(ProposalGame.BadParent.selector, 1));
    }

    /// @dev A child cannot cover less of the inbox than its parent.
    function test_create_shorterInbox_reverts() external {
        bytes32 origin = blockhash(block.number - 1);
        vm.prank(BATCHER, BATCHER);
        inbox.appendCalldata(0, 0, uint64(block.number - 1), origin, "");
        genesisProposal();
        uint256[9] memory child = fields();
        (child[0], child[3]) = (2, 0);
        child[8] = uint256(Claims.claimOf(ROOT, 2, keccak256("position"), 7));
        refused(abi.encode(child), abi.encodeWithSelector(ProposalGame.BadExtraData.selector));
        (child[1], child[2]) = (1, uint256(inbox.acc(1)));
        create(abi.encode(child));
    }

    function test_initialize_caller_reverts() external {
        ProposalGame game = genesisProposal();
        vm.expectRevert(ProposalGame.NotFactory.selector);
        game.initialize();
        vm.expectRevert(ProposalGame.AlreadyInitialized.selector);
        vm.prank(address(factory));
        game.initialize();
        vm.expectRevert(ProposalGame.NotDisputes.selector);
        game.disputeOpened();
        vm.expectRevert(ProposalGame.NotDisputes.selector);
        game.disputeSettled(true, ALICE);
    }

    // ---- blobs

    bytes internal constant COMMITMENT =
        hex"8ea4fdc4dfec8fe0583e2dbda2235ec0429a631a4eac577d7c6d8141a781f2e67dd335f36f70b9cfedd58f4ef601bcc2";
    bytes internal constant PROOF =
        hex"a4767280de26aec989384a6e3bc84e95b20964ef1a91721a1a08f1a94e8844607c3836216a7f7633a4856414aa7ccfb4";
    /// @dev The line through the answer after the genesis at 1, and the claim of "a lie" at -1.
    bytes32 internal constant FIRST = 0x00dbef0f1c3649cdb97f3d0fcdcceccf83109620f4322f8e70359638226d53fb;
    bytes32 internal constant SECOND = 0x005922d857665ddfbf3d294717090ebb8a9a6c9c83ac29613e8b20a43db56cf2;

    function blobData(bytes memory opening) internal pure returns (bytes memory) {
        return abi.encodePacked(
            abi.encode(2, uint64(0), bytes32(0), NO_PARENT, 2, keccak256("position"), uint64(7), true), opening
        );
    }

    function test_create_blob_succeeds() external {
        bytes memory opening = bytes.concat(SECOND, COMMITMENT, PROOF);
        vm.deal(ALICE, BOND);
        vm.expectRevert(ProposalGame.BlobAbsent.selector);
        vm.prank(ALICE);
        factory.create{value: BOND}(PROPOSALS, keccak256("a lie"), blobData(opening));

        bytes32[] memory hashes = new bytes32[](1);
        hashes[0] = bytes32((uint256(sha256(COMMITMENT)) % 2 ** 248) | (1 << 248));
        vm.blobhashes(hashes);
        // The element of another position, and another root.
        vm.expectRevert(Kzg.InvalidOpening.selector);
        vm.prank(ALICE);
        factory.create{value: BOND, gas: 3_000_000}(
            PROPOSALS, keccak256("a lie"), blobData(bytes.concat(FIRST, COMMITMENT, PROOF))
        );
        bytes32 other = Claims.claimOf(ROOT, 2, keccak256("position"), 7);
        vm.expectRevert(abi.encodeWithSelector(ProposalGame.LastClaimMismatch.selector, other, SECOND));
        vm.prank(ALICE);
        factory.create{value: BOND}(PROPOSALS, ROOT, blobData(opening));

        vm.prank(ALICE);
        ProposalGame game =
            ProposalGame(address(factory.create{value: BOND}(PROPOSALS, keccak256("a lie"), blobData(opening))));
        assertEq(game.versionedHash(), hashes[0]);
        assertEq(game.claim(), SECOND);
        assertEq(game.elementAt(0, bytes.concat(FIRST, COMMITMENT, PROOF)), FIRST);
        assertEq(FIRST, answerTo(GENESIS_CLAIM));
    }

    // ---- resolution

    function test_resolve_undisputed_succeeds() external {
        ProposalGame game = genesisProposal();
        pass(CLOCK - 1);
        vm.expectRevert(ProposalGame.ClockNotExpired.selector);
        game.resolve();
        vm.expectRevert(ProposalGame.GameNotResolved.selector);
        game.claimCredit(ALICE);
        pass(1);
        vm.expectRevert(ProposalGame.ClockTimeExceeded.selector);
        vm.prank(address(disputes));
        game.disputeOpened();
        assertTrue(game.resolve() == GameStatus.DEFENDER_WINS, "defender");
        vm.expectRevert(ProposalGame.GameNotInProgress.selector);
        game.resolve();
        vm.expectRevert(ProposalGame.NoCreditToClaim.selector);
        game.claimCredit(BOB);
        game.claimCredit(ALICE);
        assertEq(ALICE.balance, BOND);
        pass(FINALITY_DELAY + 1);
        assertTrue(registry.isGameClaimValid(game), "counts");
        registry.setAnchorState(game);
        (bytes32 root, uint256 number) = registry.getAnchorRoot();
        assertEq(root, ROOT);
        assertEq(number, 1);
    }

    function test_resolve_afterParent_succeeds() external {
        ProposalGame parent = genesisProposal();
        ProposalGame child = proposeBlocks(BOB, 0, 1, none, ROOT);
        assertEq(child.parentClaim(), parent.claim());
        assertEq(child.l2BlockNumber(), 2);
        pass(CLOCK);
        vm.expectRevert(ProposalGame.ParentNotResolved.selector);
        child.resolve();
        parent.resolve();
        child.resolve();
        assertTrue(child.status() == GameStatus.DEFENDER_WINS, "defender");
    }

    function test_resolve_lostParent_succeeds() external {
        ProposalGame parent = genesisProposal();
        ProposalGame child = proposeBlocks(BOB, 0, 1, none, ROOT);
        vm.prank(address(disputes));
        parent.disputeOpened();
        vm.prank(address(disputes));
        parent.disputeSettled(true, CHALLENGER);
        // At once, whatever its own clock says.
        child.resolve();
        assertTrue(child.status() == GameStatus.CHALLENGER_WINS, "lost with its parent");
        parent.claimCredit(CHALLENGER);
        child.claimCredit(CHALLENGER);
        assertEq(CHALLENGER.balance, BOND);
        assertEq(address(0).balance, BOND);
        uint256[9] memory bad = fields();
        (bad[0], bad[3]) = (2, 0);
        refused(abi.encode(bad), abi.encodeWithSelector(ProposalGame.BadParent.selector, 0));
    }

    function test_resolve_excludedParent_succeeds() external {
        ProposalGame parent = genesisProposal();
        ProposalGame child = proposeBlocks(BOB, 0, 1, none, ROOT);
        vm.prank(GUARDIAN);
        registry.blacklistDisputeGame(parent);
        child.resolve();
        assertTrue(child.status() == GameStatus.CHALLENGER_WINS, "never counts");
        child.claimCredit(BOB);
        assertEq(BOB.balance, BOND);
    }

    function test_resolve_openDisputes_reverts() external {
        ProposalGame game = genesisProposal();
        vm.prank(address(disputes));
        game.disputeOpened();
        pass(CLOCK);
        vm.expectRevert(abi.encodeWithSelector(ProposalGame.DisputesOpen.selector, 1));
        game.resolve();
        vm.prank(address(disputes));
        game.disputeSettled(false, BOB);
        game.resolve();
        assertTrue(game.status() == GameStatus.DEFENDER_WINS, "defender");
        assertEq(game.credit(ALICE), BOND);
    }

    function test_disputeSettled_oneself_succeeds() external {
        ProposalGame game = genesisProposal();
        vm.prank(address(disputes));
        game.disputeOpened();
        vm.prank(address(disputes));
        game.disputeSettled(true, ALICE);
        // Half is gone even so.
        assertEq(game.credit(ALICE), BOND / 2);
        vm.prank(address(disputes));
        vm.expectRevert(ProposalGame.GameNotInProgress.selector);
        game.disputeOpened();
    }

    function test_claimCredit_refused_reverts() external {
        ProposalGame game = genesisProposal();
        pass(CLOCK);
        game.resolve();
        vm.etch(ALICE, hex"fe");
        vm.expectRevert(ProposalGame.BondTransferFailed.selector);
        game.claimCredit(ALICE);
    }

    /// @dev A new implementation judges new proposals; those there are keep theirs, and can be built upon.
    function test_setImplementation_newProgram_succeeds() external {
        ProposalGame old = genesisProposal();
        ProposalGame next =
            new ProposalGame(config, inbox, factory, registry, address(0xD15), bytes32(uint256(5)));
        vm.prank(OWNER);
        factory.setImplementation(PROPOSALS, next);
        ProposalGame child = proposeBlocks(BOB, 0, 1, none, ROOT);
        assertEq(old.disputes(), address(disputes));
        assertEq(child.disputes(), address(0xD15));
        assertEq(child.parentClaim(), old.claim());
        pass(CLOCK);
        old.resolve();
        child.resolve();
        pass(FINALITY_DELAY + 1);
        assertTrue(registry.isGameClaimValid(old) && registry.isGameClaimValid(child), "both count");
        assertTrue(IDisputeGame(child).gameType() == GameType.wrap(301), "one type");
    }
}
