// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BenchPair, BenchRouter, IPairToken} from "src/bench/BenchPair.sol";
import {BenchToken} from "src/bench/BenchToken.sol";
import {Asserts} from "test/Base.sol";

contract BenchPairTest is Asserts {
    uint256 internal constant LIQUIDITY = 1_000_000;
    BenchToken internal token0;
    BenchToken internal token1;
    BenchPair internal pair;
    BenchRouter internal router;

    function setUp() public {
        address[] memory holders = new address[](1);
        holders[0] = address(this);
        token0 = new BenchToken(holders, 1 << 120);
        token1 = new BenchToken(holders, 1 << 120);
        pair = new BenchPair(IPairToken(address(token0)), IPairToken(address(token1)));
        router = new BenchRouter();
        token0.transfer(address(pair), LIQUIDITY);
        token1.transfer(address(pair), 2 * LIQUIDITY);
        pair.sync();
        token0.approve(address(router), type(uint256).max);
        token1.approve(address(router), type(uint256).max);
    }

    function test_swap_bothWays_succeeds(uint256 amount, bool zeroForOne) external {
        amount = bound(amount, 1000, LIQUIDITY);
        vm.warp(block.timestamp + 10);
        (uint256 r0, uint256 r1,) = pair.getReserves();
        uint256 out = router.swapExactIn(pair, zeroForOne, amount, 1, address(0xBEEF), block.timestamp);
        (uint256 s0, uint256 s1, uint256 second) = pair.getReserves();
        assertTrue(s0 * s1 >= r0 * r1, "the product never falls");
        assertEq((zeroForOne ? token1 : token0).balanceOf(address(0xBEEF)), out);
        assertEq(token0.balanceOf(address(pair)), s0);
        assertEq(token1.balanceOf(address(pair)), s1);
        assertEq(second, block.timestamp);
        assertEq(pair.price0Cumulative(), 10 * ((r1 << 112) / r0));
    }

    function test_swap_oneUnitMore_reverts() external {
        uint256 charged = 1000 * 997;
        uint256 out = charged * 2 * LIQUIDITY / (LIQUIDITY * 1000 + charged);
        token0.transfer(address(pair), 1000);
        vm.expectRevert(BenchPair.ProductFell.selector);
        pair.swap(0, out + 1, address(this));
        pair.swap(0, out, address(this));
    }

    function test_swap_wrongAmounts_reverts() external {
        vm.expectRevert(BenchPair.NothingOut.selector);
        pair.swap(0, 0, address(this));
        vm.expectRevert(BenchPair.NothingIn.selector);
        pair.swap(1, 0, address(this));
        vm.expectRevert(BenchPair.TooMuchOut.selector);
        pair.swap(LIQUIDITY, 0, address(this));
    }

    function test_sync_moreThan112Bits_reverts() external {
        token0.transfer(address(pair), 1 << 112);
        vm.expectRevert(BenchPair.Overflow.selector);
        pair.sync();
    }

    function test_swapExactIn_tooLittleOrLate_reverts() external {
        vm.expectRevert(BenchRouter.TooLittle.selector);
        router.swapExactIn(pair, true, 1000, 2000, address(this), block.timestamp);
        vm.warp(100);
        vm.expectRevert(BenchRouter.Expired.selector);
        router.swapExactIn(pair, true, 1000, 0, address(this), 99);
    }

    /// @dev A token that calls back finds the pair locked.
    function transfer(address, uint256) external returns (bool) {
        pair.sync();
        return true;
    }

    function balanceOf(address) external pure returns (uint256) {
        return 1000;
    }

    function test_swap_reentered_reverts() external {
        pair = new BenchPair(IPairToken(address(this)), IPairToken(address(token1)));
        token1.transfer(address(pair), 1000);
        pair.sync();
        vm.expectRevert(BenchPair.Locked.selector);
        pair.swap(1, 0, address(this));
    }
}
