// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

interface IBenchToken {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title BenchPool
/// @notice A constant-product exchange of two BenchTokens, for counting what a swap costs: two transfers, two reserves in
///         one slot, an event. No shares: who adds liquidity gives it away. Not part of any chain.
contract BenchPool {
    event Swap(address indexed sender, bool zeroForOne, uint256 amountIn, uint256 amountOut);

    error TooLittle();

    IBenchToken public immutable TOKEN0;
    IBenchToken public immutable TOKEN1;
    uint128 public reserve0;
    uint128 public reserve1;

    constructor(IBenchToken token0, IBenchToken token1) {
        TOKEN0 = token0;
        TOKEN1 = token1;
    }

    function add(uint128 amount0, uint128 amount1) external {
        reserve0 += amount0;
        reserve1 += amount1;
        TOKEN0.transferFrom(msg.sender, address(this), amount0);
        TOKEN1.transferFrom(msg.sender, address(this), amount1);
    }

    /// @param least Units of the other token below which the swap reverts.
    /// @return amountOut Units paid out, after a fee of 0.3 % of `amountIn`.
    function swap(bool zeroForOne, uint128 amountIn, uint128 least) external returns (uint128 amountOut) {
        (uint128 from, uint128 to) = zeroForOne ? (reserve0, reserve1) : (reserve1, reserve0);
        uint256 charged = uint256(amountIn) * 997;
        amountOut = uint128(charged * to / (uint256(from) * 1000 + charged));
        if (amountOut < least) revert TooLittle();
        (reserve0, reserve1) = zeroForOne ? (from + amountIn, to - amountOut) : (to - amountOut, from + amountIn);
        (IBenchToken tokenIn, IBenchToken tokenOut) = zeroForOne ? (TOKEN0, TOKEN1) : (TOKEN1, TOKEN0);
        tokenIn.transferFrom(msg.sender, address(this), amountIn);
        tokenOut.transfer(msg.sender, amountOut);
        emit Swap(msg.sender, zeroForOne, amountIn, amountOut);
    }
}
