// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MerkleProof} from "src/lib/MerkleProof.sol";
import {GameType} from "src/parent/IDisputeGame.sol";
import {Inbox} from "src/parent/Inbox.sol";
import {OutputGame} from "src/parent/OutputGame.sol";
import {Portal} from "src/parent/Portal.sol";
import {TrieBuilder} from "test/TrieBuilder.sol";
import {Withdrawals} from "test/Withdrawals.sol";

/// @notice Targets of withdrawals.
contract Target {
    Portal internal immutable PORTAL;
    address public seenSender;
    uint256 public seenGas;
    bytes4 public reentryError;

    constructor(Portal portal) {
        PORTAL = portal;
    }

    function note() external payable {
        seenGas = gasleft();
        seenSender = PORTAL.l2Sender();
    }

    function refuse() external payable {
        revert("no");
    }

    /// @dev Returns a megabyte, which a caller that copies it would have to pay for.
    function bomb() external payable {
        assembly {
            revert(0, 1000000)
        }
    }

    function reenter(Portal.WithdrawalTransaction calldata w, address submitter) external payable {
        try PORTAL.finalizeWithdrawalTransactionExternalProof(w, submitter) {}
        catch (bytes memory reason) {
            reentryError = bytes4(reason);
        }
    }

    function depositFrom(uint256 value) external payable {
        PORTAL.depositTransaction{value: msg.value}(address(this), value, 100_000, false, "");
    }
}

contract PortalDepositTest is Withdrawals {
    function test_version_majorIsThree_succeeds() external view {
        assertEq(bytes32(bytes(portal.version())), bytes32("3.0.0-mezz"));
    }

    function test_constructor_otherAddress_reverts() external {
        vm.expectRevert(abi.encodeWithSelector(Portal.PortalAddressMismatch.selector, address(portal)));
        new Portal(config, inbox, factory, registry);
    }

    function testFuzz_depositTransaction_account_succeeds(
        address to,
        uint96 mintWei,
        uint256 value,
        uint64 gasLimit,
        bool isCreation,
        bytes calldata data
    ) external {
        vm.assume(data.length <= 2000);
        gasLimit = uint64(bound(gasLimit, portal.minimumGasLimit(uint64(data.length)), 20_000_000));
        if (isCreation) to = address(0);
        vm.deal(ALICE, mintWei);
        bytes memory opaque = abi.encodePacked(uint256(mintWei), value, gasLimit, isCreation, data);
        vm.expectEmit(address(portal));
        emit Portal.TransactionDeposited(ALICE, to, 0, opaque);
        vm.prank(ALICE, ALICE);
        portal.depositTransaction{value: mintWei}(to, value, gasLimit, isCreation, data);
        assertEq(address(portal).balance, mintWei);
        bytes32 item = keccak256(
            abi.encode(
                uint64(0),
                ALICE,
                to,
                uint64(block.number),
                uint64(block.timestamp),
                keccak256(abi.encode(keccak256(opaque)))
            )
        );
        assertEq(inbox.queueAcc(1), keccak256(abi.encode(bytes32(0), item)));
        (, uint64 bought, uint64 number) = portal.params();
        assertEq(bought, gasLimit);
        assertEq(number, block.number);
    }

    function test_depositTransaction_contract_aliases() external {
        Target target = new Target(portal);
        address aliased = address(uint160(address(target)) + uint160(0x1111000000000000000000000000000000001111));
        vm.expectEmit(address(portal));
        emit Portal.TransactionDeposited(
            aliased, address(target), 0, abi.encodePacked(uint256(5), uint256(6), uint64(100_000), false)
        );
        target.depositFrom{value: 5}(6);
    }

    function test_depositTransaction_delegatedAccount_keepsAddress() external {
        vm.etch(ALICE, abi.encodePacked(hex"ef0100", BOB));
        vm.expectEmit(address(portal));
        emit Portal.TransactionDeposited(ALICE, BOB, 0, abi.encodePacked(uint256(0), uint256(0), uint64(21_000), false));
        vm.prank(ALICE, BOB);
        portal.depositTransaction(BOB, 0, 21_000, false, "");
    }

    function test_receive_deposits_succeeds() external {
        vm.deal(ALICE, 3);
        vm.expectEmit(address(portal));
        emit Portal.TransactionDeposited(ALICE, ALICE, 0, abi.encodePacked(uint256(3), uint256(3), uint64(100_000), false));
        vm.prank(ALICE, ALICE);
        (bool ok,) = address(portal).call{value: 3}("");
        assertTrue(ok, "received");
        assertEq(inbox.queueLength(), 1);
    }

    function test_donateETH_queuesNothing_succeeds() external {
        portal.donateETH{value: 4}();
        assertEq(address(portal).balance, 4);
        assertEq(inbox.queueLength(), 0);
    }

    function test_depositTransaction_creationWithTarget_reverts() external {
        vm.expectRevert(Portal.OptimismPortal_BadTarget.selector);
        portal.depositTransaction(ALICE, 0, 100_000, true, "");
    }

    function test_depositTransaction_size_reverts() external {
        vm.expectRevert(Portal.OptimismPortal_CalldataTooLarge.selector);
        portal.depositTransaction(ALICE, 0, 10_000_000, false, new bytes(120_001));
        portal.depositTransaction(ALICE, 0, 10_000_000, false, new bytes(120_000));
    }

    function testFuzz_depositTransaction_gasLimit_reverts(uint64 size) external {
        size = uint64(bound(size, 0, 3000));
        uint64 least = 21_000 + 40 * size;
        vm.expectRevert(Portal.OptimismPortal_GasLimitTooLow.selector);
        portal.depositTransaction(ALICE, 0, least - 1, false, new bytes(size));
        portal.depositTransaction(ALICE, 0, least, false, new bytes(size));
    }

    function test_depositTransaction_blockGas_reverts() external {
        portal.depositTransaction(ALICE, 0, 19_000_000, false, "");
        vm.expectRevert(abi.encodeWithSelector(Portal.DepositGasExhausted.selector, 1_000_000, 1_000_001));
        portal.depositTransaction(ALICE, 0, 1_000_001, false, "");
        portal.depositTransaction(ALICE, 0, 1_000_000, false, "");
        vm.expectRevert(abi.encodeWithSelector(Portal.DepositGasExhausted.selector, 0, 21_000));
        portal.depositTransaction(ALICE, 0, 21_000, false, "");
        pass(1);
        portal.depositTransaction(ALICE, 0, 20_000_000, false, "");
    }
}

contract PortalWithdrawalTest is Withdrawals {
    Target internal target;
    Portal.WithdrawalTransaction internal w;

    function setUp() public override {
        super.setUp();
        target = new Target(portal);
        deposit(ALICE, 10 ether);
        w = withdrawalOf(0, BOB, 1 ether, 21_000, "");
    }

    function prove(Portal.WithdrawalTransaction memory withdrawal) internal returns (OutputGame game) {
        Portal.WithdrawalTransaction[] memory set = setWith(withdrawal, 5);
        game = propose(rootOf(outputOf(set)), withdrawal.nonce & type(uint64).max);
        pass(1);
        proveAgainst(set, factory.gameCount() - 1);
    }

    function proveAgainst(Portal.WithdrawalTransaction[] memory set, uint256 index) internal {
        portal.proveWithdrawalTransaction(set[0], index, outputOf(set), proofOf(set, 0));
    }

    /// @dev Everything up to the first second in which the withdrawal can be finalised.
    function ready(Portal.WithdrawalTransaction memory withdrawal) internal returns (OutputGame game) {
        game = prove(withdrawal);
        pass(CLOCK);
        game.resolve();
        pass(FINALITY_DELAY + 1);
        portal.checkWithdrawal(hashOf(withdrawal), address(this));
    }

    function expectCheck(bytes4 selector) internal {
        vm.expectRevert(selector);
        portal.checkWithdrawal(hashOf(w), address(this));
    }

    // ---- prove

    function test_proveWithdrawalTransaction_records_succeeds() external {
        OutputGame game = prove(w);
        bytes32 h = hashOf(w);
        (address proven, uint64 at) = (address(0), 0);
        (bool ok, bytes memory answer) =
            address(portal).staticcall(abi.encodeCall(portal.provenWithdrawals, (h, address(this))));
        assertTrue(ok, "readable");
        (proven, at) = abi.decode(answer, (address, uint64));
        assertEq(proven, address(game));
        assertEq(at, block.timestamp);
        assertEq(portal.numProofSubmitters(h), 1);
        assertEq(portal.proofSubmitters(h, 0), address(this));
        assertEq(portal.hashWithdrawal(w), h);
    }

    function testFuzz_proveWithdrawalTransaction_anySet_succeeds(uint256 others, bytes32 salt) external {
        w.data = abi.encode(salt);
        Portal.WithdrawalTransaction[] memory set = setWith(w, bound(others, 0, 12));
        propose(rootOf(outputOf(set)), 1);
        pass(1);
        proveAgainst(set, 0);
    }

    function test_proveWithdrawalTransaction_forbiddenTarget_reverts() external {
        w.target = address(portal);
        Portal.WithdrawalTransaction[] memory set = setWith(w, 1);
        propose(rootOf(outputOf(set)), 1);
        pass(1);
        Portal.OutputRootProof memory output = outputOf(set);
        bytes[] memory proof = proofOf(set, 0);
        vm.expectRevert(Portal.OptimismPortal_BadTarget.selector);
        portal.proveWithdrawalTransaction(set[0], 0, output, proof);
        // A call of the inbox in the portal's name would be a deposit that nobody paid for.
        set[0].target = address(inbox);
        set[0].data = abi.encodeCall(Inbox.enqueue, (ALICE, BOB, abi.encodePacked(type(uint128).max)));
        vm.expectRevert(Portal.OptimismPortal_BadTarget.selector);
        portal.proveWithdrawalTransaction(set[0], 0, output, proof);
    }

    function expectProve(Portal.WithdrawalTransaction[] memory set, bytes4 selector) internal {
        Portal.OutputRootProof memory output = outputOf(set);
        bytes[] memory proof = proofOf(set, 0);
        vm.expectRevert(selector);
        portal.proveWithdrawalTransaction(set[0], 0, output, proof);
    }

    function test_proveWithdrawalTransaction_game_reverts() external {
        Portal.WithdrawalTransaction[] memory set = setWith(w, 1);
        OutputGame game = propose(rootOf(outputOf(set)), 1);
        expectProve(set, Portal.OptimismPortal_InvalidProofTimestamp.selector);
        pass(1);
        vm.prank(CHALLENGER);
        game.challenge();
        expectProve(set, Portal.OptimismPortal_ImproperDisputeGame.selector);
    }

    function test_proveWithdrawalTransaction_notRespected_reverts() external {
        vm.prank(GUARDIAN);
        registry.setRespectedGameType(GameType.wrap(301));
        Portal.WithdrawalTransaction[] memory set = setWith(w, 1);
        propose(rootOf(outputOf(set)), 1);
        pass(1);
        expectProve(set, Portal.OptimismPortal_InvalidDisputeGame.selector);
    }

    function test_proveWithdrawalTransaction_outputRoot_reverts() external {
        Portal.WithdrawalTransaction[] memory set = setWith(w, 1);
        Portal.OutputRootProof memory output = outputOf(set);
        bytes[] memory proof = proofOf(set, 0);
        propose(rootOf(output), 1);
        output.version = bytes32(uint256(1));
        propose(rootOf(output), 1);
        pass(1);
        // The preimage of another claim, and a claim of an unknown version.
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(Portal.OptimismPortal_InvalidOutputRootProof.selector);
            portal.proveWithdrawalTransaction(set[0], i, output, proof);
        }
    }

    function test_proveWithdrawalTransaction_storedValue_reverts() external {
        (bytes32[] memory paths, bytes[] memory values) = trieOf(setWith(w, 2));
        values[0] = hex"02";
        Portal.OutputRootProof memory output;
        output.messagePasserStorageRoot = TrieBuilder.root(paths, values);
        propose(rootOf(output), 1);
        pass(1);
        bytes[] memory proof = TrieBuilder.proof(paths, values, paths[0]);
        vm.expectRevert(Portal.OptimismPortal_InvalidMerkleProof.selector);
        portal.proveWithdrawalTransaction(w, 0, output, proof);
    }

    function testFuzz_proveWithdrawalTransaction_changed_reverts(uint256 value, bytes calldata data) external {
        Portal.WithdrawalTransaction[] memory set = setWith(w, 3);
        propose(rootOf(outputOf(set)), 1);
        pass(1);
        Portal.OutputRootProof memory output = outputOf(set);
        bytes[] memory proof = proofOf(set, 0);
        vm.assume(value != set[0].value || data.length != 0);
        set[0].value = value;
        set[0].data = data;
        vm.expectRevert();
        portal.proveWithdrawalTransaction(set[0], 0, output, proof);
    }

    // ---- finalise

    function test_finalizeWithdrawalTransaction_delays_succeeds() external {
        OutputGame game = prove(w);
        uint256 provenAt = block.timestamp;
        pass(MATURITY_DELAY);
        expectCheck(Portal.OptimismPortal_ProofNotOldEnough.selector);
        pass(1);
        expectCheck(Portal.OptimismPortal_InvalidRootClaim.selector);
        pass(provenAt + CLOCK - block.timestamp);
        game.resolve();
        pass(FINALITY_DELAY);
        expectCheck(Portal.OptimismPortal_InvalidRootClaim.selector);
        pass(1);
        vm.expectEmit(address(portal));
        emit Portal.WithdrawalFinalized(hashOf(w), true);
        portal.finalizeWithdrawalTransaction(w);
        assertEq(BOB.balance, 1 ether);
        assertEq(address(portal).balance, 9 ether);
        assertTrue(portal.finalizedWithdrawals(hashOf(w)), "finalised");
        vm.expectRevert(Portal.OptimismPortal_AlreadyFinalized.selector);
        portal.finalizeWithdrawalTransaction(w);
    }

    function test_finalizeWithdrawalTransaction_unproven_reverts() external {
        vm.expectRevert(Portal.OptimismPortal_Unproven.selector);
        portal.finalizeWithdrawalTransaction(w);
        ready(w);
        vm.expectRevert(Portal.OptimismPortal_Unproven.selector);
        vm.prank(BOB);
        portal.finalizeWithdrawalTransaction(w);
        vm.prank(BOB);
        portal.finalizeWithdrawalTransactionExternalProof(w, address(this));
    }

    function test_finalizeWithdrawalTransaction_challenged_reverts() external {
        OutputGame game = prove(w);
        vm.prank(CHALLENGER);
        game.challenge();
        pass(CLOCK + FINALITY_DELAY);
        expectCheck(Portal.OptimismPortal_InvalidRootClaim.selector);
    }

    function test_finalizeWithdrawalTransaction_blacklisted_reverts() external {
        OutputGame game = ready(w);
        vm.prank(GUARDIAN);
        registry.blacklistDisputeGame(game);
        expectCheck(Portal.OptimismPortal_InvalidRootClaim.selector);
    }

    function test_checkWithdrawal_proofTimestamp_reverts() external {
        OutputGame game = prove(w);
        // A game cannot become younger than its proof; this is how it would look.
        vm.store(address(game), 0, bytes32(block.timestamp));
        pass(MATURITY_DELAY + 1);
        expectCheck(Portal.OptimismPortal_InvalidProofTimestamp.selector);
    }

    function test_finalizeWithdrawalTransaction_callsTarget_succeeds() external {
        w = withdrawalOf(0, address(target), 2 ether, 150_000, abi.encodeCall(Target.note, ()));
        ready(w);
        assertEq(portal.l2Sender(), address(0xdEaD));
        portal.finalizeWithdrawalTransaction(w);
        assertEq(target.seenSender(), ALICE);
        assertEq(portal.l2Sender(), address(0xdEaD));
        assertEq(address(target).balance, 2 ether);
    }

    function testFuzz_finalizeWithdrawalTransaction_gas_succeeds(uint256 gas) external {
        gas = bound(gas, 100_000, 500_000);
        w = withdrawalOf(0, address(target), 0, 150_000, abi.encodeCall(Target.note, ()));
        ready(w);
        try portal.finalizeWithdrawalTransaction{gas: gas}(w) {
            assertTrue(portal.finalizedWithdrawals(hashOf(w)), "done");
            // The selector is found before the target can look; that costs it less than 500 gas.
            assertTrue(target.seenGas() >= 149_500, "the promised gas");
        } catch {
            assertTrue(!portal.finalizedWithdrawals(hashOf(w)), "to be tried again");
        }
    }

    function test_finalizeWithdrawalTransaction_tooLittleGas_reverts() external {
        w.gasLimit = 1_000_000;
        ready(w);
        vm.expectRevert(Portal.InsufficientGas.selector);
        portal.finalizeWithdrawalTransaction{gas: 1_000_000}(w);
        portal.finalizeWithdrawalTransaction{gas: 1_200_000}(w);
    }

    function test_finalizeWithdrawalTransaction_endlessGas_reverts() external {
        w.gasLimit = type(uint256).max;
        ready(w);
        vm.expectRevert(Portal.InsufficientGas.selector);
        portal.finalizeWithdrawalTransaction(w);
    }

    function test_finalizeWithdrawalTransaction_failingTarget_finalises() external {
        bytes[2] memory calls = [abi.encodeCall(Target.refuse, ()), abi.encodeCall(Target.bomb, ())];
        for (uint256 i = 0; i < 2; ++i) {
            w = withdrawalOf(i, address(target), 1 ether, 4_000_000, calls[i]);
            ready(w);
            vm.expectEmit(address(portal));
            emit Portal.WithdrawalFinalized(hashOf(w), false);
            portal.finalizeWithdrawalTransaction{gas: 6_000_000}(w);
            assertEq(address(portal).balance, 10 ether);
        }
    }

    function test_finalizeWithdrawalTransaction_gasEstimation_reverts() external {
        w = withdrawalOf(0, address(target), 0, 100_000, abi.encodeCall(Target.refuse, ()));
        ready(w);
        vm.expectRevert(Portal.OptimismPortal_GasEstimation.selector);
        vm.prank(address(this), address(1));
        portal.finalizeWithdrawalTransaction(w);
    }

    function test_finalizeWithdrawalTransaction_moreThanHeld_reverts() external {
        w.value = 10 ether + 1;
        ready(w);
        vm.expectRevert(abi.encodeWithSelector(Portal.InsufficientBalance.selector, 10 ether, 10 ether + 1));
        portal.finalizeWithdrawalTransaction(w);
        portal.donateETH{value: 1}();
        portal.finalizeWithdrawalTransaction(w);
        assertEq(address(portal).balance, 0);
    }

    function test_finalizeWithdrawalTransaction_reentrant_refuses() external {
        Portal.WithdrawalTransaction memory inner = w;
        ready(inner);
        w = withdrawalOf(
            9, address(target), 0, 300_000, abi.encodeCall(Target.reenter, (inner, address(this)))
        );
        ready(w);
        portal.finalizeWithdrawalTransaction(w);
        assertEq(target.reentryError(), Portal.OptimismPortal_NoReentrancy.selector);
        portal.finalizeWithdrawalTransaction(inner);
    }

    // ---- pause

    function test_pause_bounded_succeeds() external {
        vm.expectRevert(Portal.NotGuardian.selector);
        portal.pause();
        vm.expectRevert(Portal.NotGuardian.selector);
        portal.unpause();

        ready(w);
        uint256 start = block.timestamp;
        vm.prank(GUARDIAN);
        portal.pause();
        assertTrue(portal.paused(), "paused");
        vm.expectRevert(Portal.OptimismPortal_CallPaused.selector);
        portal.finalizeWithdrawalTransaction(w);
        Portal.WithdrawalTransaction[] memory set = setWith(w, 1);
        expectProve(set, Portal.OptimismPortal_CallPaused.selector);
        deposit(ALICE, 1);

        vm.warp(start + 7 days - 1);
        assertTrue(portal.paused(), "last second");
        vm.warp(start + 7 days);
        assertTrue(!portal.paused(), "over");
        vm.expectRevert(abi.encodeWithSelector(Portal.PauseNotAvailable.selector, start + 14 days));
        vm.prank(GUARDIAN);
        portal.pause();
        portal.finalizeWithdrawalTransaction(w);
        vm.warp(start + 14 days);
        vm.prank(GUARDIAN);
        portal.pause();
        vm.prank(GUARDIAN);
        portal.unpause();
        assertTrue(!portal.paused(), "ended early");
        vm.expectRevert(abi.encodeWithSelector(Portal.PauseNotAvailable.selector, start + 21 days));
        vm.prank(GUARDIAN);
        portal.pause();
    }

    function test_views_ofClients_succeeds() external view {
        assertEq(portal.proofMaturityDelaySeconds(), MATURITY_DELAY);
        assertEq(portal.disputeGameFinalityDelaySeconds(), FINALITY_DELAY);
        assertEq(registry.disputeGameFinalityDelaySeconds(), FINALITY_DELAY);
        assertTrue(portal.respectedGameType() == TYPE, "type");
        assertEq(address(portal.anchorStateRegistry()), address(registry));
        assertEq(portal.guardian(), GUARDIAN);
    }

    function test_proveWithdrawalTransaction_shortProof_reverts() external {
        Portal.WithdrawalTransaction[] memory set = setWith(w, 5);
        propose(rootOf(outputOf(set)), 1);
        pass(1);
        Portal.OutputRootProof memory output = outputOf(set);
        vm.expectRevert(MerkleProof.ProofTooShort.selector);
        portal.proveWithdrawalTransaction(set[0], 0, output, new bytes[](0));
    }
}
