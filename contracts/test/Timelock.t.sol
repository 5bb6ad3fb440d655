// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisputeGameFactory} from "src/parent/DisputeGameFactory.sol";
import {Portal} from "src/parent/Portal.sol";
import {ProposalGame} from "src/parent/ProposalGame.sol";
import {SystemConfig} from "src/parent/SystemConfig.sol";
import {Timelock} from "src/parent/Timelock.sol";
import {Disputes} from "test/Disputes.sol";
import {Base} from "test/Base.sol";
import {Withdrawals} from "test/Withdrawals.sol";

/// @notice The owner of the contracts is a timelock from here on.
contract TimelockTest is Withdrawals, Disputes {
    address internal constant ADMIN = address(0xAD317);
    uint64 internal constant DELAY = 5000;

    Timelock internal timelock;
    ProposalGame internal next;

    function setUp() public override(Base, Disputes) {
        super.setUp();
        // At the owner's address, which the configuration fixes.
        vm.etch(OWNER, address(new Timelock(ADMIN, DELAY)).code);
        timelock = Timelock(OWNER);
        next = new ProposalGame(config, inbox, factory, registry, address(0xD15), GENESIS_CLAIM);
    }

    function upgrade() internal view returns (bytes memory) {
        return abi.encodeCall(DisputeGameFactory.setImplementation, (PROPOSALS, next));
    }

    function announce() internal returns (bytes32) {
        vm.prank(ADMIN);
        return timelock.announce(address(factory), upgrade(), 0);
    }

    /// @dev A withdrawal that is proven when the program changes is paid as if it had not.
    function test_execute_pendingWithdrawal_succeeds() external {
        deposit(ALICE, 1 ether);
        Portal.WithdrawalTransaction memory w = withdrawalOf(0, BOB, 1 ether, 21_000, "");
        Portal.WithdrawalTransaction[] memory set = setWith(w, 4);
        Portal.OutputRootProof memory output = outputOf(set);
        ProposalGame game = proposeBlocks(ALICE, NO_PARENT, 0, new bytes32[](0), rootOf(output));
        announce();
        pass(DELAY - CLOCK / 2);
        pass(CLOCK / 2);
        game.resolve();
        portal.proveWithdrawalTransaction(w, 0, output, proofOf(set, 0));
        timelock.execute(address(factory), upgrade(), 0);
        assertEq(address(factory.gameImpls(PROPOSALS)), address(next));
        pass(FINALITY_DELAY + MATURITY_DELAY + 1);
        portal.finalizeWithdrawalTransaction(w);
        assertEq(BOB.balance, 1 ether);
        // And the new program's first proposal follows the old one's last.
        ProposalGame child = proposeBlocks(ALICE, 0, 1, new bytes32[](0), "new");
        assertEq(child.parentClaim(), game.claim());
        assertEq(child.disputes(), address(0xD15));
    }

    function test_execute_wait_reverts() external {
        vm.expectRevert(Timelock.NotAdministrator.selector);
        timelock.announce(address(factory), upgrade(), 0);
        bytes32 id = announce();
        bytes memory data = upgrade();
        vm.expectRevert(abi.encodeWithSelector(Timelock.AlreadyAnnounced.selector, id));
        vm.prank(ADMIN);
        timelock.announce(address(factory), data, 0);
        pass(DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(Timelock.TooEarly.selector, block.timestamp + 1));
        timelock.execute(address(factory), data, 0);
        bytes32 other = timelock.idOf(address(factory), data, bytes32(uint256(1)));
        vm.expectRevert(abi.encodeWithSelector(Timelock.NotAnnounced.selector, other));
        timelock.execute(address(factory), data, bytes32(uint256(1)));
        pass(1);
        timelock.execute(address(factory), data, 0);
        vm.expectRevert(abi.encodeWithSelector(Timelock.NotAnnounced.selector, id));
        timelock.execute(address(factory), data, 0);
    }

    function test_withdraw_announced_succeeds() external {
        bytes32 id = announce();
        vm.expectRevert(Timelock.NotAdministrator.selector);
        timelock.withdraw(id);
        vm.prank(ADMIN);
        timelock.withdraw(id);
        pass(DELAY);
        bytes memory data = upgrade();
        vm.expectRevert(abi.encodeWithSelector(Timelock.NotAnnounced.selector, id));
        timelock.execute(address(factory), data, 0);
        vm.expectRevert(abi.encodeWithSelector(Timelock.NotAnnounced.selector, id));
        vm.prank(ADMIN);
        timelock.withdraw(id);
    }

    function test_execute_failure_reverts() external {
        bytes memory data = abi.encodeCall(SystemConfig.setBatcher, (address(0)));
        vm.prank(ADMIN);
        timelock.announce(address(config), data, 0);
        pass(DELAY);
        vm.expectRevert(SystemConfig.ZeroAddress.selector);
        timelock.execute(address(config), data, 0);
    }

    function test_operators_atOnce_succeeds() external {
        vm.expectRevert(Timelock.NotAdministrator.selector);
        timelock.setBatcher(config, BOB);
        vm.expectRevert(Timelock.NotAdministrator.selector);
        timelock.setProposer(config, BOB);
        vm.expectRevert(Timelock.NotAdministrator.selector);
        timelock.setChallenger(config, BOB);
        vm.prank(ADMIN);
        timelock.setBatcher(config, BOB);
        vm.prank(ADMIN);
        timelock.setProposer(config, BOB);
        vm.prank(ADMIN);
        timelock.setChallenger(config, BOB);
        assertEq(config.batcher(), BOB);
        assertEq(config.proposer(), BOB);
        assertEq(config.challenger(), BOB);
    }
}
