// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title RvAlu
/// @notice Arithmetic of RV64IM. Every function says whether the encoding is defined; where not, the value is 0.
/// @dev Spec: RISC-V unprivileged ISA 20191213, RV64I and "M" (division by zero and overflow included).
library RvAlu {
    /// @notice funct7 of MUL … REMU.
    uint256 private constant MULDIV = 0x01;
    /// @notice funct7 of SUB, SRA.
    uint256 private constant ALTERNATE = 0x20;

    /// @notice What OP computes.
    function op(uint256 funct3, uint256 funct7, uint64 a, uint64 b) internal pure returns (bool defined, uint64) {
        unchecked {
            if (funct7 == MULDIV) return (true, _mulDiv(funct3, a, b));
            if (funct7 == ALTERNATE) {
                if (funct3 == 0) return (true, a - b);
                if (funct3 == 5) return (true, uint64(int64(a) >> (b & 63)));
                return (false, 0);
            }
            if (funct7 != 0) return (false, 0);
            if (funct3 == 0) return (true, a + b);
            if (funct3 == 1) return (true, a << (b & 63));
            if (funct3 == 2) return (true, int64(a) < int64(b) ? 1 : 0);
            if (funct3 == 3) return (true, a < b ? 1 : 0);
            if (funct3 == 4) return (true, a ^ b);
            if (funct3 == 5) return (true, a >> (b & 63));
            if (funct3 == 6) return (true, a | b);
            return (true, a & b);
        }
    }

    /// @notice What OP-32 computes: on the low halves, the result sign-extended.
    function opWord(uint256 funct3, uint256 funct7, uint64 a, uint64 b) internal pure returns (bool defined, uint64) {
        unchecked {
            (uint32 x, uint32 y) = (uint32(a), uint32(b));
            if (funct7 == MULDIV) {
                if (funct3 == 0) return (true, _extend(x * y));
                // MULH and its kin have no form of 32 bits.
                if (funct3 < 4) return (false, 0);
                return (true, _extend(_divWord(funct3, x, y)));
            }
            if (funct7 == ALTERNATE) {
                if (funct3 == 0) return (true, _extend(x - y));
                if (funct3 == 5) return (true, _extend(uint32(int32(x) >> (y & 31))));
                return (false, 0);
            }
            if (funct7 != 0) return (false, 0);
            if (funct3 == 0) return (true, _extend(x + y));
            if (funct3 == 1) return (true, _extend(x << (y & 31)));
            if (funct3 == 5) return (true, _extend(x >> (y & 31)));
            return (false, 0);
        }
    }

    /// @notice Whether BRANCH is taken.
    function branch(uint256 funct3, uint64 a, uint64 b) internal pure returns (bool defined, bool taken) {
        if (funct3 == 0) return (true, a == b);
        if (funct3 == 1) return (true, a != b);
        if (funct3 == 4) return (true, int64(a) < int64(b));
        if (funct3 == 5) return (true, int64(a) >= int64(b));
        if (funct3 == 6) return (true, a < b);
        if (funct3 == 7) return (true, a >= b);
        return (false, false);
    }

    function _mulDiv(uint256 funct3, uint64 a, uint64 b) private pure returns (uint64) {
        unchecked {
            if (funct3 == 0) return a * b;
            if (funct3 == 1) return uint64(uint256((int256(int64(a)) * int256(int64(b))) >> 64));
            if (funct3 == 2) return uint64(uint256((int256(int64(a)) * int256(uint256(b))) >> 64));
            if (funct3 == 3) return uint64((uint256(a) * uint256(b)) >> 64);
            // Without checks the quotient of the lowest number and -1 wraps to that number, as M has it.
            if (funct3 == 4) return b == 0 ? type(uint64).max : uint64(int64(a) / int64(b));
            if (funct3 == 5) return b == 0 ? type(uint64).max : a / b;
            if (funct3 == 6) return b == 0 ? a : uint64(int64(a) % int64(b));
            return b == 0 ? a : a % b;
        }
    }

    function _divWord(uint256 funct3, uint32 x, uint32 y) private pure returns (uint32) {
        unchecked {
            if (funct3 == 4) return y == 0 ? type(uint32).max : uint32(int32(x) / int32(y));
            if (funct3 == 5) return y == 0 ? type(uint32).max : x / y;
            if (funct3 == 6) return y == 0 ? x : uint32(int32(x) % int32(y));
            return y == 0 ? x : x % y;
        }
    }

    function _extend(uint32 x) private pure returns (uint64) {
        return uint64(int64(int32(x)));
    }
}
