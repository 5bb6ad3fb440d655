// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BinaryTree} from "src/lib/BinaryTree.sol";
import {RvAlu} from "src/lib/RvAlu.sol";
import {RvState, RvStates} from "src/lib/RvState.sol";
import {PreimageOracle} from "src/parent/PreimageOracle.sol";

/// @title RvStep
/// @notice Judge of one step of one program: computes the next state's hash from a state's hash and a witness, exactly as
///         docs/reference/machine.md says. Every state and word has a next state; where the parts of the witness do not
///         belong together, and where a preimage is not in the oracle, there is no answer but an error.
contract RvStep {
    /// @notice The witness is not as long as this step's.
    error WitnessLength(uint256 expectedBytes, uint256 givenBytes);
    /// @notice The witness is of another state.
    error StateMismatch(bytes32 stateHash);
    /// @notice The instruction and its siblings are not the program's.
    error CodeProofMismatch();
    /// @notice The data and its siblings are not the state's.
    error DataProofMismatch();
    /// @notice There is no local value but the one of index 0.
    error LocalValueAbsent(bytes32 key);

    string public constant version = "0.1.0";

    /// @dev First address of data, one past the last of code.
    uint256 private constant DATA_BASE = 1 << 21;
    uint256 private constant DATA_END = 1 << 32;
    uint256 private constant LEAF_BYTES = 32;
    /// @dev Ends of the witness's three parts: state; code leaf and 16 siblings; data leaf and 27 siblings.
    uint256 private constant CODE_AT = RvStates.STATE_BYTES;
    uint256 private constant DATA_AT = CODE_AT + 17 * 32;
    uint256 private constant DATA_PART_END = DATA_AT + 28 * 32;

    uint256 private constant A0 = 10;
    uint256 private constant A7 = 17;
    uint64 private constant CALL_SET_KEY = 1;
    uint64 private constant CALL_READ = 2;
    uint64 private constant CALL_EXIT = 93;
    uint256 private constant KIND_LOCAL = 1;

    /// @notice Root of the program's code memory.
    bytes32 public immutable codeRoot;
    PreimageOracle public immutable oracle;

    constructor(bytes32 codeRoot_, PreimageOracle oracle_) {
        codeRoot = codeRoot_;
        oracle = oracle_;
    }

    /// @notice Hash of the state after the one whose hash is `stateHash`.
    /// @param localValue  What the question binds: the 32 bytes under the local key of index 0.
    /// @param witness     State, code leaf with siblings, data leaf with siblings; later parts only where the step uses them.
    function step(bytes32 stateHash, bytes32 localValue, bytes calldata witness)
        external
        view
        returns (bytes32 nextStateHash)
    {
        if (witness.length < RvStates.STATE_BYTES) revert WitnessLength(RvStates.STATE_BYTES, witness.length);
        RvState state = RvStates.read(witness);
        if (state.hash() != stateHash) revert StateMismatch(state.hash());
        if (state.exited()) {
            _checkLength(witness, RvStates.STATE_BYTES);
            return stateHash;
        }
        _step(state, localValue, witness);
        return state.hash();
    }

    function _step(RvState state, bytes32 localValue, bytes calldata witness) private view {
        uint64 pc = state.pc();
        unchecked {
            state.setStep(state.step() + 1);
        }
        if (pc % 4 != 0 || pc >= DATA_BASE) {
            _checkLength(witness, RvStates.STATE_BYTES);
            return state.trap();
        }
        if (witness.length < DATA_AT) revert WitnessLength(DATA_AT, witness.length);
        uint256 word = _fetch(pc, witness);
        uint256 opcode = word & 0x7f;
        // What stands behind the code part is checked by the instructions that may use it, and here for the others.
        if (opcode == 0x03) return _load(state, word, witness);
        if (opcode == 0x23) return _store(state, word, witness);
        if (word == 0x73) return _call(state, localValue, witness);
        _checkLength(witness, DATA_AT);
        if (opcode == 0x13 || opcode == 0x1b) return _compute(state, word, true);
        if (opcode == 0x33 || opcode == 0x3b) return _compute(state, word, false);
        _control(state, opcode, word);
    }

    /// @dev Jumps, branches, upper immediates, FENCE, and every opcode that does not exist.
    function _control(RvState state, uint256 opcode, uint256 word) private pure {
        uint64 pc = state.pc();
        uint256 funct3 = _funct3(word);
        unchecked {
            if (opcode == 0x37) return _retire(state, word, _upper(word));
            if (opcode == 0x17) return _retire(state, word, pc + _upper(word));
            if (opcode == 0x6f) return _jump(state, word, pc + _immediateJ(word));
            if (opcode == 0x67 && funct3 == 0) {
                // Before the link is written: both may be the same register.
                return _jump(state, word, (_rs1(state, word) + _immediateI(word)) & ~uint64(1));
            }
            if (opcode == 0x63) {
                (bool defined, bool taken) = RvAlu.branch(funct3, _rs1(state, word), _rs2(state, word));
                if (defined) return state.setPc(taken ? pc + _immediateB(word) : pc + 4);
            }
            if (opcode == 0x0f && funct3 == 0) return state.setPc(pc + 4);
        }
        state.trap();
    }

    /// @dev OP-IMM, OP-IMM-32, OP, OP-32.
    function _compute(RvState state, uint256 word, bool immediate) private pure {
        uint256 funct3 = _funct3(word);
        uint256 funct7 = word >> 25;
        bool narrow = word & 0x08 != 0;
        uint64 b = immediate ? _immediateI(word) : _rs2(state, word);
        if (immediate) {
            if (funct3 == 1 || funct3 == 5) {
                // The amount has one bit of funct7 where registers have 64 bits; only SRAI may have another.
                if (!narrow) funct7 &= 0x7e;
                if (funct7 != 0 && (funct7 != 0x20 || funct3 == 1)) return state.trap();
            } else {
                funct7 = 0;
            }
        }
        (bool defined, uint64 value) = narrow
            ? RvAlu.opWord(funct3, funct7, _rs1(state, word), b)
            : RvAlu.op(funct3, funct7, _rs1(state, word), b);
        if (!defined) {
            return state.trap();
        }
        _retire(state, word, value);
    }

    function _load(RvState state, uint256 word, bytes calldata witness) private pure {
        uint256 funct3 = _funct3(word);
        (bool traps, uint64 at) = _address(_rs1(state, word), _immediateI(word), funct3 & 3);
        if (traps || funct3 == 7) {
            _checkLength(witness, DATA_AT);
            return state.trap();
        }
        uint256 bits = 8 << (funct3 & 3);
        // The byte at `at` becomes the lowest, and what follows the value falls away.
        uint256 leaf = uint256(_dataLeaf(state, at, witness));
        uint64 value = _swap(uint64((leaf << (8 * (at % LEAF_BYTES))) >> 192)) & uint64((1 << bits) - 1);
        if (funct3 == 0) value = uint64(int64(int8(uint8(value))));
        else if (funct3 == 1) value = uint64(int64(int16(uint16(value))));
        else if (funct3 == 2) value = uint64(int64(int32(uint32(value))));
        _retire(state, word, value);
    }

    function _store(RvState state, uint256 word, bytes calldata witness) private pure {
        uint256 funct3 = _funct3(word);
        (bool traps, uint64 at) = _address(_rs1(state, word), _immediateS(word), funct3 & 3);
        if (traps || funct3 > 3) {
            _checkLength(witness, DATA_AT);
            return state.trap();
        }
        uint256 bits = 8 << funct3;
        uint256 leaf = uint256(_dataLeaf(state, at, witness));
        // The value's bytes, first in memory first, at the top of a word; then moved to their place in the leaf.
        uint256 place = 8 * (at % LEAF_BYTES);
        uint256 mask = (type(uint256).max << (256 - bits)) >> place;
        uint256 value = (uint256(_swap(_rs2(state, word))) << 192) >> place;
        _setDataLeaf(state, at, bytes32((leaf & ~mask) | (value & mask)), witness);
        _next(state);
    }

    function _call(RvState state, bytes32 localValue, bytes calldata witness) private view {
        uint64 number = state.register(A7);
        uint64 a0 = state.register(A0);
        if (number == CALL_SET_KEY || number == CALL_READ) {
            if (a0 % LEAF_BYTES != 0 || a0 < DATA_BASE || a0 >= DATA_END) {
                _checkLength(witness, DATA_AT);
                return state.trap();
            }
            bytes32 leaf = _dataLeaf(state, a0, witness);
            if (number == CALL_SET_KEY) {
                state.setKey(leaf);
                state.setOffset(0);
            } else {
                (bytes32 data, uint64 lengthBytes) = _preimage(state.key(), state.offset(), localValue);
                _setDataLeaf(state, a0, data, witness);
                unchecked {
                    state.setOffset(state.offset() + 32);
                }
                state.setRegister(A0, lengthBytes);
            }
        } else {
            _checkLength(witness, DATA_AT);
            if (number == CALL_EXIT) state.exit(uint8(a0));
            else state.setRegister(A0, type(uint64).max);
        }
        _next(state);
    }

    function _preimage(bytes32 key, uint64 offset, bytes32 localValue) private view returns (bytes32, uint64) {
        if (uint256(key) >> 248 != KIND_LOCAL) return oracle.read(key, offset);
        if (uint256(key) != KIND_LOCAL << 248) revert LocalValueAbsent(key);
        return (offset == 0 ? localValue : bytes32(offset < 32 ? uint256(localValue) << (8 * offset) : 0), 32);
    }

    /// @dev The instruction at `pc`; its bytes are little-endian.
    function _fetch(uint64 pc, bytes calldata witness) private view returns (uint256) {
        bytes32 leaf = bytes32(witness[CODE_AT:]);
        if (BinaryTree.rootOf(leaf, pc / LEAF_BYTES, witness[CODE_AT + 32:DATA_AT]) != codeRoot) {
            revert CodeProofMismatch();
        }
        uint64 word = uint64((uint256(leaf) << (8 * (pc % LEAF_BYTES))) >> 192);
        return uint32(_swap(word));
    }

    /// @dev The leaf that holds the data at `at`, by the witness, which must have this part and nothing behind it.
    function _dataLeaf(RvState state, uint64 at, bytes calldata witness) private pure returns (bytes32 leaf) {
        _checkLength(witness, DATA_PART_END);
        leaf = bytes32(witness[DATA_AT:]);
        if (BinaryTree.rootOf(leaf, at / LEAF_BYTES, witness[DATA_AT + 32:]) != state.memRoot()) {
            revert DataProofMismatch();
        }
    }

    /// @dev To be called after `_dataLeaf`, which has checked the siblings.
    function _setDataLeaf(RvState state, uint64 at, bytes32 leaf, bytes calldata witness) private pure {
        state.setMemRoot(BinaryTree.rootOf(leaf, at / LEAF_BYTES, witness[DATA_AT + 32:]));
    }

    /// @dev Address of a load or store of 2^log2Bytes bytes, and whether it traps.
    function _address(uint64 base, uint64 displacement, uint256 log2Bytes) private pure returns (bool traps, uint64 at) {
        unchecked {
            at = base + displacement;
        }
        traps = at % (1 << log2Bytes) != 0 || at < DATA_BASE || at >= DATA_END;
    }

    function _retire(RvState state, uint256 word, uint64 value) private pure {
        state.setRegister((word >> 7) & 31, value);
        _next(state);
    }

    function _jump(RvState state, uint256 word, uint64 target) private pure {
        unchecked {
            state.setRegister((word >> 7) & 31, state.pc() + 4);
        }
        state.setPc(target);
    }

    function _next(RvState state) private pure {
        unchecked {
            state.setPc(state.pc() + 4);
        }
    }

    function _checkLength(bytes calldata witness, uint256 expectedBytes) private pure {
        if (witness.length != expectedBytes) revert WitnessLength(expectedBytes, witness.length);
    }

    function _funct3(uint256 word) private pure returns (uint256) {
        return (word >> 12) & 7;
    }

    function _rs1(RvState state, uint256 word) private pure returns (uint64) {
        return state.register((word >> 15) & 31);
    }

    function _rs2(RvState state, uint256 word) private pure returns (uint64) {
        return state.register((word >> 20) & 31);
    }

    function _immediateI(uint256 word) private pure returns (uint64) {
        return _signed(word >> 20, 12);
    }

    function _immediateS(uint256 word) private pure returns (uint64) {
        return _signed(((word >> 25) << 5) | ((word >> 7) & 0x1f), 12);
    }

    function _immediateB(uint256 word) private pure returns (uint64) {
        return _signed(
            ((word >> 31) << 12) | ((word & 0x80) << 4) | ((word >> 20) & 0x7e0) | ((word >> 7) & 0x1e), 13
        );
    }

    function _immediateJ(uint256 word) private pure returns (uint64) {
        return _signed(
            ((word >> 31) << 20) | (word & 0xff000) | ((word >> 9) & 0x800) | ((word >> 20) & 0x7fe), 21
        );
    }

    function _upper(uint256 word) private pure returns (uint64) {
        return _signed(word & 0xfffff000, 32);
    }

    /// @dev Sign-extends the low `bits` of a value without others.
    function _signed(uint256 value, uint256 bits) private pure returns (uint64) {
        unchecked {
            uint256 sign = 1 << (bits - 1);
            return uint64((value ^ sign) - sign);
        }
    }

    /// @dev Reverses the bytes.
    function _swap(uint64 v) private pure returns (uint64) {
        v = ((v & 0xff00ff00ff00ff00) >> 8) | ((v & 0x00ff00ff00ff00ff) << 8);
        v = ((v & 0xffff0000ffff0000) >> 16) | ((v & 0x0000ffff0000ffff) << 16);
        return (v >> 32) | (v << 32);
    }
}
