// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The machine once more, slowly: registers are numbers without a width, signs are subtractions of 2^64, memory is
///         one leaf of bytes, and every instruction is looked up by what the ISA's table says of it. Calls are not here.
library RvReference {
    struct Cpu {
        bytes32 memRoot;
        bytes32 key;
        uint256 pc;
        uint256 step;
        uint256 offset;
        uint256 exitCode;
        uint256 exited;
        uint256[32] x;
    }

    /// @dev What the instruction did to data memory.
    struct Access {
        bool present;
        uint256 at;
        bytes32 leaf;
    }

    uint256 private constant B64 = 1 << 64;

    function encode(Cpu memory c) internal pure returns (bytes memory out) {
        out = abi.encodePacked(
            c.memRoot, c.key, uint64(c.pc), uint64(c.step), uint64(c.offset), uint8(c.exitCode), uint8(c.exited), bytes6(0)
        );
        for (uint256 i = 0; i < 32; ++i) out = abi.encodePacked(out, uint64(c.x[i]));
    }

    /// @dev Executes `word` at the CPU's pc, the accessed leaf being `leaf`; changes `c`, all but its memRoot.
    function execute(Cpu memory c, uint256 word, bytes32 leaf) internal pure returns (Access memory access) {
        c.step = (c.step + 1) % B64;
        uint256 opcode = word % 128;
        uint256 f3 = (word >> 12) % 8;
        if (opcode == 0x03 || opcode == 0x23) return _memory(c, word, leaf);
        uint256 next = (c.pc + 4) % B64;
        uint256 a = c.x[(word >> 15) % 32];
        uint256 b = c.x[(word >> 20) % 32];
        bool ok = true;
        uint256 v = c.x[(word >> 7) % 32];
        if (opcode == 0x37) {
            v = wrap(signed(word >> 12, 20) * 4096);
        } else if (opcode == 0x17) {
            v = wrap(int256(c.pc) + signed(word >> 12, 20) * 4096);
        } else if (opcode == 0x6f) {
            v = next;
            next = wrap(int256(c.pc) + immJ(word));
        } else if (opcode == 0x67) {
            ok = f3 == 0;
            v = next;
            next = wrap(int256(a) + signed(word >> 20, 12));
            next -= next % 2;
        } else if (opcode == 0x63) {
            ok = f3 != 2 && f3 != 3;
            bool less = f3 < 6 ? signed(a, 64) < signed(b, 64) : a < b;
            bool taken = (f3 < 4 ? a == b : less) == (f3 % 2 == 0);
            if (taken) next = wrap(int256(c.pc) + immB(word));
        } else if (opcode == 0x0f) {
            ok = f3 == 0;
        } else if (opcode == 0x33 || opcode == 0x3b) {
            (ok, v) = _register(word >> 25, f3, a, b, opcode == 0x3b ? 32 : 64);
        } else if (opcode == 0x13 || opcode == 0x1b) {
            (ok, v) = _immediate(word, f3, a, opcode == 0x1b ? 32 : 64);
        } else {
            ok = false;
        }
        if (!ok) {
            (c.exitCode, c.exited) = (255, 1);
            return access;
        }
        if (opcode != 0x63 && opcode != 0x0f && (word >> 7) % 32 != 0) c.x[(word >> 7) % 32] = v;
        c.pc = next;
    }

    function _immediate(uint256 word, uint256 f3, uint256 a, uint256 width) private pure returns (bool, uint256) {
        if (f3 == 1 || f3 == 5) {
            uint256 amount = (word >> 20) % width;
            uint256 rest = (word >> 20) / width * width;
            if (rest == 0) return _register(0, f3, a, amount, width);
            if (rest == 1024 && f3 == 5) return _register(32, 5, a, amount, width);
            return (false, 0);
        }
        if (width == 32 && f3 != 0) return (false, 0);
        return _register(0, f3, a, wrap(signed(word >> 20, 12)), width);
    }

    function _register(uint256 f7, uint256 f3, uint256 a, uint256 b, uint256 width)
        private
        pure
        returns (bool ok, uint256)
    {
        (a, b) = (a % 2 ** width, b % 2 ** width);
        (int256 sa, int256 sb) = (signed(a, width), signed(b, width));
        uint256 shift = b % width;
        int256 v;
        ok = true;
        if (f7 == 0 && f3 == 0) v = int256(a + b);
        else if (f7 == 32 && f3 == 0) v = int256(a) - int256(b);
        else if (f7 == 0 && f3 == 1) v = int256(a * 2 ** shift);
        else if (f7 == 0 && f3 == 5) v = int256(a / 2 ** shift);
        else if (f7 == 32 && f3 == 5) v = floor(sa, 2 ** shift);
        else if (f7 == 1 && f3 == 0) v = int256(a * b);
        else if (f7 == 1 && f3 == 4) v = b == 0 ? -1 : int256(sa / sb);
        else if (f7 == 1 && f3 == 5) v = b == 0 ? -1 : int256(a / b);
        else if (f7 == 1 && f3 == 6) v = b == 0 ? sa : sa % sb;
        else if (f7 == 1 && f3 == 7) v = int256(b == 0 ? a : a % b);
        else if (width == 32) ok = false;
        else if (f7 == 0 && f3 == 2) v = sa < sb ? int256(1) : int256(0);
        else if (f7 == 0 && f3 == 3) v = a < b ? int256(1) : int256(0);
        else if (f7 == 0 && f3 == 4) v = int256((a | b) - (a & b));
        else if (f7 == 0 && f3 == 6) v = int256(a + b - (a & b));
        else if (f7 == 0 && f3 == 7) v = int256(a + b - (a | b));
        else if (f7 == 1 && f3 == 1) v = floor(sa * sb, B64);
        else if (f7 == 1 && f3 == 2) v = floor(sa * int256(b), B64);
        else if (f7 == 1 && f3 == 3) v = int256(a * b / B64);
        else ok = false;
        return (ok, wrap(signed(wrap(v) % 2 ** width, width)));
    }

    function _memory(Cpu memory c, uint256 word, bytes32 leaf) private pure returns (Access memory access) {
        bool isLoad = word % 128 == 0x03;
        uint256 f3 = (word >> 12) % 8;
        uint256 size = 2 ** (f3 % 4);
        uint256 low = isLoad ? word >> 20 : (word >> 25) * 32 + (word >> 7) % 32;
        uint256 at = wrap(int256(c.x[(word >> 15) % 32]) + signed(low, 12));
        if (at % size != 0 || at < 1 << 21 || at >= 1 << 32 || (isLoad ? f3 == 7 : f3 > 3)) {
            (c.exitCode, c.exited) = (255, 1);
            return access;
        }
        access = Access(true, at, leaf);
        bytes memory data = abi.encodePacked(leaf);
        uint256 v = c.x[(word >> 20) % 32];
        uint256 loaded;
        for (uint256 i = 0; i < size; ++i) {
            loaded += uint256(uint8(data[at % 32 + i])) * 256 ** i;
            if (!isLoad) data[at % 32 + i] = bytes1(uint8(v / 256 ** i % 256));
        }
        access.leaf = bytes32(data);
        if (f3 < 3) loaded = wrap(signed(loaded, 8 * size));
        if (isLoad && (word >> 7) % 32 != 0) c.x[(word >> 7) % 32] = loaded;
        c.pc = (c.pc + 4) % B64;
    }

    /// @dev The number that the low `bits` of `v` are in two's complement.
    function signed(uint256 v, uint256 bits) internal pure returns (int256) {
        v %= 2 ** bits;
        return v < 2 ** (bits - 1) ? int256(v) : int256(v) - int256(2 ** bits);
    }

    /// @dev Modulo 2^64.
    function wrap(int256 v) internal pure returns (uint256) {
        int256 rest = v % int256(B64);
        return uint256(rest < 0 ? rest + int256(B64) : rest);
    }

    function floor(int256 v, uint256 divisor) internal pure returns (int256) {
        int256 d = int256(divisor);
        return v >= 0 ? v / d : -((-v + d - 1) / d);
    }

    function immJ(uint256 w) internal pure returns (int256) {
        uint256 v = (w >> 31) * 2 ** 20 + (w >> 12) % 256 * 2 ** 12 + (w >> 20) % 2 * 2 ** 11 + (w >> 21) % 1024 * 2;
        return signed(v, 21);
    }

    function immB(uint256 w) internal pure returns (int256) {
        uint256 v = (w >> 31) * 2 ** 12 + (w >> 7) % 2 * 2 ** 11 + (w >> 25) % 64 * 2 ** 5 + (w >> 8) % 16 * 2;
        return signed(v, 13);
    }
}
