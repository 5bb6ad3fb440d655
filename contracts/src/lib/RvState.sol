// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A state of the machine: where its 352 bytes are in memory.
type RvState is uint256;

using RvStates for RvState global;

/// @title RvStates
/// @notice Fields of a state (docs/reference/machine.md, "State").
library RvStates {
    /// @notice The bytes are not a state: an `exited` above 1, something in the zero bytes, or an x0 that is not zero.
    error MalformedState();

    /// @notice Size of a state.
    uint256 internal constant STATE_BYTES = 352;

    uint256 private constant PC_SHIFT = 192;
    uint256 private constant STEP_SHIFT = 128;
    uint256 private constant OFFSET_SHIFT = 64;
    uint256 private constant EXIT_CODE_SHIFT = 56;
    uint256 private constant EXITED_SHIFT = 48;
    /// @dev Exit code of a trap.
    uint256 private constant TRAPPED = 255;

    /// @notice Copies the state that stands first in `data`, which has at least 352 bytes.
    function read(bytes calldata data) internal pure returns (RvState state) {
        uint256 at;
        uint256 x0;
        assembly ("memory-safe") {
            at := mload(0x40)
            mstore(0x40, add(at, STATE_BYTES))
            calldatacopy(at, data.offset, STATE_BYTES)
            x0 := shr(192, mload(add(at, 96)))
        }
        state = RvState.wrap(at);
        if (_scalars(state) << 208 != 0 || uint8(_scalars(state) >> EXITED_SHIFT) > 1 || x0 != 0) {
            revert MalformedState();
        }
    }

    function hash(RvState state) internal pure returns (bytes32 stateHash) {
        assembly ("memory-safe") {
            stateHash := keccak256(state, STATE_BYTES)
        }
    }

    function memRoot(RvState state) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            root := mload(state)
        }
    }

    function setMemRoot(RvState state, bytes32 root) internal pure {
        assembly ("memory-safe") {
            mstore(state, root)
        }
    }

    function key(RvState state) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := mload(add(state, 32))
        }
    }

    function setKey(RvState state, bytes32 value) internal pure {
        assembly ("memory-safe") {
            mstore(add(state, 32), value)
        }
    }

    function pc(RvState state) internal pure returns (uint64) {
        return uint64(_scalars(state) >> PC_SHIFT);
    }

    function setPc(RvState state, uint64 value) internal pure {
        _replace(state, PC_SHIFT, type(uint64).max, value);
    }

    function step(RvState state) internal pure returns (uint64) {
        return uint64(_scalars(state) >> STEP_SHIFT);
    }

    function setStep(RvState state, uint64 value) internal pure {
        _replace(state, STEP_SHIFT, type(uint64).max, value);
    }

    function offset(RvState state) internal pure returns (uint64) {
        return uint64(_scalars(state) >> OFFSET_SHIFT);
    }

    function setOffset(RvState state, uint64 value) internal pure {
        _replace(state, OFFSET_SHIFT, type(uint64).max, value);
    }

    function exited(RvState state) internal pure returns (bool) {
        return uint8(_scalars(state) >> EXITED_SHIFT) != 0;
    }

    function exitCode(RvState state) internal pure returns (uint8) {
        return uint8(_scalars(state) >> EXIT_CODE_SHIFT);
    }

    function exit(RvState state, uint8 code) internal pure {
        _replace(state, EXIT_CODE_SHIFT, type(uint8).max, code);
        _replace(state, EXITED_SHIFT, type(uint8).max, 1);
    }

    function trap(RvState state) internal pure {
        exit(state, uint8(TRAPPED));
    }

    function register(RvState state, uint256 index) internal pure returns (uint64 value) {
        assembly ("memory-safe") {
            value := shr(192, mload(add(add(state, 96), shl(3, index))))
        }
    }

    /// @notice Sets a register; x0 stays zero.
    function setRegister(RvState state, uint256 index, uint64 value) internal pure {
        if (index == 0) return;
        assembly ("memory-safe") {
            // The word ends with the register, so that it never reaches behind the state.
            let at := add(add(state, 72), shl(3, index))
            mstore(at, or(and(mload(at), not(0xffffffffffffffff)), and(value, 0xffffffffffffffff)))
        }
    }

    /// @dev pc ‖ step ‖ offset ‖ exitCode ‖ exited ‖ zeros.
    function _scalars(RvState state) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(state, 64))
        }
    }

    function _replace(RvState state, uint256 shift, uint256 mask, uint256 value) private pure {
        uint256 word = (_scalars(state) & ~(mask << shift)) | (value << shift);
        assembly ("memory-safe") {
            mstore(add(state, 64), word)
        }
    }
}
