// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {GameStatus, IDisputeGame} from "src/parent/IDisputeGame.sol";
import {OutputGame} from "src/parent/OutputGame.sol";
import {Portal} from "src/parent/Portal.sol";
import {Withdrawals} from "test/Withdrawals.sol";

/// @notice A target that never takes money.
contract Refuser {
    receive() external payable {
        revert("no");
    }
}

/// @notice What anybody can do in any order: users who deposit, prove and finalise; a proposer whose claims are now
///         honest, now lies with a withdrawal that never was; a challenger who objects to lies in time, and sometimes to
///         the truth; a guardian who pauses and blacklists.
contract Handler is Withdrawals {
    /// @dev A claim, and the withdrawals it is over.
    struct Claim {
        OutputGame game;
        bool honest;
        uint256 sent;
    }

    Portal.WithdrawalTransaction[] internal sent_;
    Claim[] internal claims_;
    address internal immutable REFUSER = address(new Refuser());

    uint256 public depositedWei;
    uint256 public paidWei;
    uint256 public bondsPostedWei;
    uint256 public bondsPaidWei;
    uint256 public forgedFinalizations;
    uint256 public unsupportedFinalizations;
    uint256 public finalizations;
    uint256 public refusals;

    constructor() {
        setUp();
    }

    /// @dev Once only: it is as public as the actions.
    function setUp() public override {
        if (address(portal) == address(0)) super.setUp();
    }

    function depositEth(uint256 valueWei) external {
        valueWei = bound(valueWei, 0, 5 ether);
        deposit(ALICE, valueWei);
        depositedWei += valueWei;
        pass(1);
    }

    function send(uint256 valueWei, bool refused) external {
        if (sent_.length == 8) return;
        sent_.push(
            withdrawalOf(sent_.length, refused ? REFUSER : BOB, bound(valueWei, 0, 3 ether), 30_000, "")
        );
    }

    /// @dev A lie adds one withdrawal of everything to those that are.
    function claim(bool honest) external {
        if (claims_.length == 10 || (honest && sent_.length == 0)) return;
        Portal.WithdrawalTransaction[] memory set = _set(sent_.length, honest);
        Portal.OutputRootProof memory output = outputOf(set);
        OutputGame game = propose(rootOf(output), claims_.length + 1);
        claims_.push(Claim(game, honest, sent_.length));
        bondsPostedWei += BOND;
        pass(1);
    }

    function challengeTruth(uint256 which) external {
        if (claims_.length == 0 || which % 7 != 0) return;
        vm.prank(CHALLENGER);
        try claims_[which % claims_.length].game.challenge() {} catch {}
    }

    function blacklist(uint256 which) external {
        if (claims_.length == 0 || which % 11 != 0) return;
        vm.prank(GUARDIAN);
        registry.blacklistDisputeGame(claims_[which % claims_.length].game);
    }

    function togglePause(bool on) external {
        vm.prank(GUARDIAN);
        if (on) try portal.pause() {} catch {}
        else portal.unpause();
    }

    function prove(uint256 which, uint256 element) external {
        if (claims_.length == 0) return;
        which %= claims_.length;
        Claim memory c = claims_[which];
        Portal.WithdrawalTransaction[] memory set = _set(c.sent, c.honest);
        element %= set.length;
        Portal.OutputRootProof memory output = outputOf(set);
        try portal.proveWithdrawalTransaction(set[element], which, output, proofOf(set, element)) {} catch {}
    }

    function finalize(uint256 which) external {
        // One beyond the last is the forged one.
        which %= sent_.length + 1;
        bool forged = which == sent_.length;
        for (uint256 count = 0; count <= sent_.length; ++count) {
            Portal.WithdrawalTransaction memory w = forged ? _forged(count) : sent_[which];
            uint256 before = w.target.balance;
            (address game,) = _proven(hashOf(w));
            try portal.finalizeWithdrawalTransaction(w) {
                ++finalizations;
                if (forged) ++forgedFinalizations;
                if (!_supports(OutputGame(game), which)) ++unsupportedFinalizations;
                if (w.target.balance == before) ++refusals;
                paidWei += w.target.balance - before;
            } catch {}
            if (!forged) break;
        }
    }

    function resolve(uint256 which) external {
        if (claims_.length == 0) return;
        try claims_[which % claims_.length].game.resolve() {} catch {}
    }

    function claimBond(uint256 which, bool ofChallenger) external {
        if (claims_.length == 0) return;
        address recipient = ofChallenger ? CHALLENGER : PROPOSER;
        uint256 before = recipient.balance;
        try claims_[which % claims_.length].game.claimCredit(recipient) {
            bondsPaidWei += recipient.balance - before;
        } catch {}
    }

    /// @dev Before a clock runs out, the honest challenger has looked at every claim.
    function wait(uint256 delaySeconds) external {
        for (uint256 i = 0; i < claims_.length; ++i) {
            if (claims_[i].honest || claims_[i].game.status() != GameStatus.IN_PROGRESS) continue;
            vm.prank(CHALLENGER);
            claims_[i].game.challenge();
        }
        pass(bound(delaySeconds, 1, CLOCK - 50));
    }

    function bondsHeldWei() external view returns (uint256 sum) {
        for (uint256 i = 0; i < claims_.length; ++i) sum += address(claims_[i].game).balance;
    }

    function portalBalanceWei() external view returns (uint256) {
        return address(portal).balance;
    }

    function _supports(OutputGame game, uint256 which) private view returns (bool) {
        for (uint256 i = 0; i < claims_.length; ++i) {
            if (claims_[i].game != game) continue;
            return claims_[i].honest && which < claims_[i].sent && game.status() == GameStatus.DEFENDER_WINS
                && block.timestamp > game.resolvedAt() + FINALITY_DELAY
                && game.resolvedAt() >= game.createdAt() + CLOCK && !registry.isGameBlacklisted(IDisputeGame(game));
        }
        return false;
    }

    function _proven(bytes32 h) private view returns (address game, uint64 at) {
        (bool ok, bytes memory answer) =
            address(portal).staticcall(abi.encodeCall(portal.provenWithdrawals, (h, address(this))));
        assertTrue(ok, "readable");
        return abi.decode(answer, (address, uint64));
    }

    function _forged(uint256 count) private pure returns (Portal.WithdrawalTransaction memory) {
        return withdrawalOf(1_000_000 + count, BOB, 1 ether, 21_000, "");
    }

    function _set(uint256 count, bool honest) private view returns (Portal.WithdrawalTransaction[] memory set) {
        set = new Portal.WithdrawalTransaction[](honest ? count : count + 1);
        for (uint256 i = 0; i < count; ++i) set[i] = sent_[i];
        if (!honest) set[count] = _forged(count);
    }
}

contract InvariantsTest is Withdrawals {
    Handler internal handler;

    function setUp() public override {
        handler = new Handler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_noWithdrawalWithoutFinalClaim() external view {
        assertEq(handler.forgedFinalizations(), 0);
        assertEq(handler.unsupportedFinalizations(), 0);
    }

    function invariant_portalEthIsConserved() external view {
        assertEq(handler.portalBalanceWei(), handler.depositedWei() - handler.paidWei());
    }

    function invariant_bondsAreConserved() external view {
        assertEq(handler.bondsHeldWei(), handler.bondsPostedWei() - handler.bondsPaidWei());
    }

    /// @dev The invariants above are not empty: one ordered walk through the handler finalises something.
    function test_handler_reachesFinalisation_succeeds() external {
        handler.depositEth(4 ether);
        handler.send(1 ether, false);
        handler.send(1 ether, true);
        handler.claim(false);
        handler.claim(true);
        handler.prove(0, 2);
        handler.prove(1, 0);
        handler.prove(1, 1);
        for (uint256 i = 0; i < 3; ++i) handler.wait(900);
        handler.resolve(0);
        handler.resolve(1);
        handler.wait(100);
        for (uint256 i = 0; i < 3; ++i) handler.finalize(i);
        handler.claimBond(0, true);
        handler.claimBond(1, false);
        assertEq(handler.finalizations(), 2);
        assertEq(handler.refusals(), 1);
        assertEq(handler.paidWei(), 1 ether);
        assertEq(handler.bondsPaidWei(), 2 * BOND);
        assertEq(handler.forgedFinalizations(), 0);
    }
}
