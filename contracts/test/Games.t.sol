// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Clone} from "src/lib/Clone.sol";
import {AnchorStateRegistry} from "src/parent/AnchorStateRegistry.sol";
import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {GameStatus, GameType, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {OutputGame} from "src/parent/OutputGame.sol";
import {Base} from "test/Base.sol";

contract GamesTest is Base {
    bytes32 internal constant ROOT = keccak256("root");

    function resolved(bytes32 root, uint256 blockNumber) internal returns (OutputGame game) {
        game = propose(root, blockNumber);
        pass(CLOCK);
        game.resolve();
    }

    // ---- factory

    function test_create_fields_succeeds() external {
        bytes memory extra = extraData(7);
        OutputGame game = propose(ROOT, 7);
        assertEq(game.rootClaim(), ROOT);
        assertEq(keccak256(game.extraData()), keccak256(extra));
        assertEq(game.gameCreator(), PROPOSER);
        assertEq(game.l2BlockNumber(), 7);
        assertEq(game.l2SequenceNumber(), 7);
        assertEq(game.inboxCount(), 0);
        assertEq(game.inboxAcc(), bytes32(0));
        assertEq(game.createdAt(), block.timestamp);
        assertEq(game.resolvedAt(), 0);
        assertEq(game.maxClockDuration(), CLOCK);
        assertEq(address(game).balance, BOND);
        assertTrue(game.status() == GameStatus.IN_PROGRESS, "in progress");
        assertTrue(game.gameType() == TYPE, "type");
        assertTrue(game.wasRespectedGameTypeWhenCreated(), "respected");
        (IDisputeGame found, uint64 timestamp) = factory.games(TYPE, ROOT, extra);
        assertEq(address(found), address(game));
        assertEq(timestamp, block.timestamp);
        (GameType gameType, uint64 at, IDisputeGame listed) = factory.gameAtIndex(0);
        assertTrue(gameType == TYPE && at == timestamp && listed == found, "listed");
    }

    function test_create_unknownType_reverts() external {
        vm.expectRevert(abi.encodeWithSelector(DisputeGameFactory.NoImplementation.selector, 1));
        factory.create(GameType.wrap(1), ROOT, "");
    }

    function testFuzz_create_bond_reverts(uint256 bond) external {
        bond = bound(bond, 0, 1 ether);
        vm.assume(bond != BOND);
        vm.deal(PROPOSER, bond);
        bytes memory extra = extraData(1);
        vm.expectRevert(abi.encodeWithSelector(DisputeGameFactory.IncorrectBondAmount.selector, BOND, bond));
        vm.prank(PROPOSER);
        factory.create{value: bond}(TYPE, ROOT, extra);
    }

    function test_create_twice_reverts() external {
        propose(ROOT, 1);
        propose(ROOT, 2);
        bytes32 uuid = factory.getGameUUID(TYPE, ROOT, extraData(1));
        bytes memory extra = extraData(1);
        vm.deal(PROPOSER, BOND);
        vm.expectRevert(abi.encodeWithSelector(DisputeGameFactory.GameAlreadyExists.selector, uuid));
        vm.prank(PROPOSER);
        factory.create{value: BOND}(TYPE, ROOT, extra);
    }

    function test_create_notProposer_reverts() external {
        vm.deal(ALICE, BOND);
        bytes memory extra = extraData(1);
        vm.expectRevert(OutputGame.NotProposer.selector);
        vm.prank(ALICE);
        factory.create{value: BOND}(TYPE, ROOT, extra);
    }

    function createWith(bytes memory extra, bytes memory reason) internal {
        vm.deal(PROPOSER, BOND);
        vm.expectRevert(reason);
        vm.prank(PROPOSER);
        factory.create{value: BOND}(TYPE, ROOT, extra);
    }

    function test_create_extraData_reverts() external {
        bytes memory reason = abi.encodeWithSelector(OutputGame.BadExtraData.selector);
        createWith("", reason);
        createWith(new bytes(95), reason);
        createWith(new bytes(97), reason);
        createWith(abi.encode(uint256(1) << 64, 0, 0), reason);
        createWith(abi.encode(1, uint256(1) << 64, 0), reason);
    }

    function test_create_inbox_reverts() external {
        bytes32 other = keccak256("other fork");
        createWith(abi.encode(1, 0, other), abi.encodeWithSelector(OutputGame.InboxMismatch.selector, 0, other));
        // An entry that is not there yet has no accumulator, not even zero.
        createWith(abi.encode(1, 1, 0), abi.encodeWithSelector(OutputGame.InboxMismatch.selector, 1, 0));
        bytes32 origin = blockhash(block.number - 1);
        vm.prank(BATCHER, BATCHER);
        inbox.appendCalldata(0, 0, uint64(block.number - 1), origin, "batch");
        createWith(abi.encode(1, 1, other), abi.encodeWithSelector(OutputGame.InboxMismatch.selector, 1, other));
        assertEq(propose(ROOT, 1).inboxAcc(), inbox.acc(1));
    }

    function test_owner_settings_reverts() external {
        vm.expectRevert(DisputeGameFactory.NotOwner.selector);
        factory.setImplementation(TYPE, gameImpl);
        vm.expectRevert(DisputeGameFactory.NotOwner.selector);
        factory.setInitBond(TYPE, 1);
    }

    function test_findLatestGames_filters_succeeds() external {
        vm.prank(OWNER);
        factory.setImplementation(GameType.wrap(301), gameImpl);
        vm.prank(OWNER);
        factory.setInitBond(GameType.wrap(301), BOND);
        assertEq(factory.findLatestGames(TYPE, 0, 5).length, 0);
        for (uint256 i = 0; i < 6; ++i) {
            vm.deal(PROPOSER, BOND);
            bytes memory extra = extraData(i);
            vm.prank(PROPOSER);
            factory.create{value: BOND}(GameType.wrap(i % 2 == 0 ? 300 : 301), ROOT, extra);
        }
        assertEq(factory.gameCount(), 6);
        DisputeGameFactory.GameSearchResult[] memory found = factory.findLatestGames(TYPE, 5, 10);
        assertEq(found.length, 3);
        assertEq(found[0].index, 4);
        assertEq(found[2].index, 0);
        assertEq(found[0].rootClaim, ROOT);
        assertEq(uint256(found[0].metadata) >> 224, 300);
        assertEq(uint64(uint256(found[0].metadata) >> 160), block.timestamp);
        assertEq(keccak256(found[0].extraData), keccak256(extraData(4)));
        assertEq(factory.findLatestGames(TYPE, 5, 1).length, 1);
        assertEq(factory.findLatestGames(TYPE, 5, type(uint256).max).length, 3);
        assertEq(factory.findLatestGames(TYPE, 5, 0).length, 0);
        assertEq(factory.findLatestGames(TYPE, 6, 1).length, 0);
    }

    function cloneOf(address implementation, bytes memory args) external returns (address) {
        return Clone.create(implementation, args);
    }

    function test_clone_tooLarge_reverts() external {
        this.cloneOf(address(gameImpl), new bytes(24_576 - 45));
        vm.expectRevert(Clone.CloneFailed.selector);
        this.cloneOf(address(gameImpl), new bytes(24_576 - 44));
    }

    // ---- game

    function test_initialize_caller_reverts() external {
        OutputGame game = propose(ROOT, 1);
        vm.expectRevert(OutputGame.NotFactory.selector);
        game.initialize();
        vm.expectRevert(OutputGame.AlreadyInitialized.selector);
        vm.prank(address(factory));
        game.initialize();
    }

    function test_resolve_unchallenged_succeeds() external {
        OutputGame game = propose(ROOT, 1);
        pass(CLOCK - 1);
        vm.expectRevert(OutputGame.ClockNotExpired.selector);
        game.resolve();
        vm.expectRevert(OutputGame.GameNotResolved.selector);
        game.claimCredit(PROPOSER);
        assertEq(game.credit(PROPOSER), 0);
        pass(1);
        vm.expectRevert(OutputGame.ClockTimeExceeded.selector);
        vm.prank(CHALLENGER);
        game.challenge();
        assertTrue(game.resolve() == GameStatus.DEFENDER_WINS, "defender");
        assertEq(game.resolvedAt(), block.timestamp);
        vm.expectRevert(OutputGame.GameNotInProgress.selector);
        game.resolve();
        vm.expectRevert(OutputGame.NoCreditToClaim.selector);
        game.claimCredit(CHALLENGER);
        game.claimCredit(PROPOSER);
        assertEq(PROPOSER.balance, BOND);
        vm.expectRevert(OutputGame.NoCreditToClaim.selector);
        game.claimCredit(PROPOSER);
    }

    function test_challenge_inTime_succeeds() external {
        OutputGame game = propose(ROOT, 1);
        vm.expectRevert(OutputGame.NotChallenger.selector);
        game.challenge();
        pass(CLOCK - 1);
        vm.prank(CHALLENGER);
        game.challenge();
        assertTrue(game.status() == GameStatus.CHALLENGER_WINS, "challenger");
        assertEq(game.challengedBy(), CHALLENGER);
        vm.expectRevert(OutputGame.GameNotInProgress.selector);
        vm.prank(CHALLENGER);
        game.challenge();
        pass(1);
        vm.expectRevert(OutputGame.GameNotInProgress.selector);
        game.resolve();
        game.claimCredit(CHALLENGER);
        assertEq(CHALLENGER.balance, BOND);
        assertTrue(!registry.isGameProper(game), "improper");
    }

    function test_claimCredit_refused_reverts() external {
        OutputGame game = resolved(ROOT, 1);
        vm.etch(PROPOSER, hex"fe");
        vm.expectRevert(OutputGame.BondTransferFailed.selector);
        game.claimCredit(PROPOSER);
    }

    // ---- registry

    function test_isGameClaimValid_overTime_succeeds() external {
        OutputGame game = resolved(ROOT, 1);
        assertTrue(registry.isGameProper(game) && registry.isGameRespected(game), "proper and respected");
        pass(FINALITY_DELAY);
        assertTrue(!registry.isGameFinalized(game) && !registry.isGameClaimValid(game), "one second early");
        pass(1);
        assertTrue(registry.isGameFinalized(game) && registry.isGameClaimValid(game), "final");
    }

    function test_isGameProper_unregistered_succeeds() external {
        // The same code with the same arguments, but not from the factory.
        propose(ROOT, 1);
        bytes memory args = abi.encodePacked(PROPOSER, ROOT, extraData(1));
        assertTrue(!registry.isGameRegistered(IDisputeGame(this.cloneOf(address(gameImpl), args))), "unregistered");
    }

    function test_guardian_excludes_succeeds() external {
        OutputGame first = resolved(ROOT, 1);
        OutputGame second = resolved(ROOT, 2);
        pass(FINALITY_DELAY + 1);
        vm.prank(GUARDIAN);
        registry.blacklistDisputeGame(first);
        assertTrue(!registry.isGameClaimValid(first) && registry.isGameClaimValid(second), "blacklisted");
        vm.prank(GUARDIAN);
        registry.updateRetirementTimestamp();
        assertTrue(registry.isGameRetired(second) && !registry.isGameClaimValid(second), "retired");
        vm.prank(GUARDIAN);
        registry.setRespectedGameType(GameType.wrap(301));
        pass(1);
        OutputGame third = resolved(ROOT, 3);
        assertTrue(registry.isGameProper(third) && !registry.isGameRespected(third), "not respected");
        assertTrue(registry.isGameRespected(second), "was respected");
    }

    function test_guardian_caller_reverts() external {
        vm.expectRevert(AnchorStateRegistry.NotGuardian.selector);
        registry.blacklistDisputeGame(gameImpl);
        vm.expectRevert(AnchorStateRegistry.NotGuardian.selector);
        registry.updateRetirementTimestamp();
        vm.expectRevert(AnchorStateRegistry.NotGuardian.selector);
        registry.setRespectedGameType(TYPE);
    }

    function test_setAnchorState_newer_succeeds() external {
        (bytes32 root, uint256 number) = registry.getAnchorRoot();
        assertEq(root, keccak256("genesis"));
        assertEq(number, 0);
        OutputGame five = resolved(ROOT, 5);
        OutputGame four = resolved(ROOT, 4);
        vm.expectRevert(AnchorStateRegistry.InvalidAnchorGame.selector);
        registry.setAnchorState(four);
        pass(FINALITY_DELAY + 1);
        registry.setAnchorState(five);
        (root, number) = registry.getAnchorRoot();
        assertEq(root, ROOT);
        assertEq(number, 5);
        vm.expectRevert(AnchorStateRegistry.InvalidAnchorGame.selector);
        registry.setAnchorState(four);
        vm.expectRevert(AnchorStateRegistry.InvalidAnchorGame.selector);
        registry.setAnchorState(five);
    }
}
