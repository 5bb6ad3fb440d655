// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

interface IPairToken {
    function balanceOf(address owner) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title BenchPair
/// @notice A constant-product pair that does, for each swap, the work of Uniswap V2: a lock, two balances read back, the
///         product checked after a fee of 0.3 %, prices summed over time, two events. `mezz bench load --kind swaps`
///         deploys it. No shares: what is sent and synced is given away. Not part of any chain.
contract BenchPair {
    event Sync(uint112 reserve0, uint112 reserve1);
    event Swap(
        address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to
    );

    error Locked();
    error NothingOut();
    error NothingIn();
    error TooMuchOut();
    error ProductFell();
    error Overflow();

    IPairToken public immutable TOKEN0;
    IPairToken public immutable TOKEN1;
    uint112 private reserve0;
    uint112 private reserve1;
    uint32 private lastSecond;
    /// @notice Sums of price * seconds, prices with 112 bits behind the point; they wrap.
    uint256 public price0Cumulative;
    uint256 public price1Cumulative;
    bool private locked;

    constructor(IPairToken token0, IPairToken token1) {
        TOKEN0 = token0;
        TOKEN1 = token1;
    }

    modifier lock() {
        if (locked) revert Locked();
        locked = true;
        _;
        locked = false;
    }

    function getReserves() external view returns (uint112, uint112, uint32) {
        return (reserve0, reserve1, lastSecond);
    }

    /// @notice Takes what the pair owns for its reserves.
    function sync() external lock {
        update(TOKEN0.balanceOf(address(this)), TOKEN1.balanceOf(address(this)), reserve0, reserve1);
    }

    /// @notice Pays out; what was sent before must be worth it.
    function swap(uint256 amount0Out, uint256 amount1Out, address to) external lock {
        if (amount0Out == 0 && amount1Out == 0) revert NothingOut();
        (uint112 r0, uint112 r1) = (reserve0, reserve1);
        if (amount0Out >= r0 || amount1Out >= r1) revert TooMuchOut();
        if (amount0Out > 0) TOKEN0.transfer(to, amount0Out);
        if (amount1Out > 0) TOKEN1.transfer(to, amount1Out);
        uint256 balance0 = TOKEN0.balanceOf(address(this));
        uint256 balance1 = TOKEN1.balanceOf(address(this));
        uint256 in0 = balance0 > r0 - amount0Out ? balance0 - (r0 - amount0Out) : 0;
        uint256 in1 = balance1 > r1 - amount1Out ? balance1 - (r1 - amount1Out) : 0;
        if (in0 == 0 && in1 == 0) revert NothingIn();
        if ((balance0 * 1000 - in0 * 3) * (balance1 * 1000 - in1 * 3) < uint256(r0) * r1 * 1_000_000) revert ProductFell();
        update(balance0, balance1, r0, r1);
        emit Swap(msg.sender, in0, in1, amount0Out, amount1Out, to);
    }

    function update(uint256 balance0, uint256 balance1, uint112 r0, uint112 r1) private {
        if (balance0 > type(uint112).max || balance1 > type(uint112).max) revert Overflow();
        unchecked {
            uint32 second = uint32(block.timestamp);
            uint32 elapsed = second - lastSecond;
            if (elapsed > 0 && r0 != 0 && r1 != 0) {
                price0Cumulative += ((uint256(r1) << 112) / r0) * elapsed;
                price1Cumulative += ((uint256(r0) << 112) / r1) * elapsed;
            }
            (reserve0, reserve1, lastSecond) = (uint112(balance0), uint112(balance1), second);
        }
        emit Sync(uint112(balance0), uint112(balance1));
    }
}

/// @title BenchRouter
/// @notice What a user calls to swap with a BenchPair: quotes, moves the tokens in, swaps. Not part of any chain.
contract BenchRouter {
    error Expired();
    error TooLittle();

    /// @param zeroForOne Whether the pair's first token goes in.
    /// @param least      Units of the other token below which the swap reverts.
    /// @param deadline   Unix time in seconds after which it reverts.
    /// @return amountOut Units paid out.
    function swapExactIn(BenchPair pair, bool zeroForOne, uint256 amountIn, uint256 least, address to, uint256 deadline)
        external
        returns (uint256 amountOut)
    {
        if (block.timestamp > deadline) revert Expired();
        (uint256 r0, uint256 r1,) = pair.getReserves();
        (uint256 from, uint256 other) = zeroForOne ? (r0, r1) : (r1, r0);
        uint256 charged = amountIn * 997;
        amountOut = charged * other / (from * 1000 + charged);
        if (amountOut < least) revert TooLittle();
        IPairToken token = zeroForOne ? pair.TOKEN0() : pair.TOKEN1();
        token.transferFrom(msg.sender, address(pair), amountIn);
        pair.swap(zeroForOne ? 0 : amountOut, zeroForOne ? amountOut : 0, to);
    }
}
