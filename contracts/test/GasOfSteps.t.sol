// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PreimageOracle} from "src/parent/PreimageOracle.sol";
import {RvStep} from "src/parent/RvStep.sol";
import {GasMeter} from "test/GasMeter.sol";
import {Rv} from "test/Rv.sol";
import {RvReference} from "test/RvReference.sol";

/// @notice One transaction a step; registers are random, so that hardly a byte is a cheap zero.
contract GasOfStepsTest is Rv, GasMeter {
    using RvReference for RvReference.Cpu;

    uint256 internal constant PC = 0x1ffff8;
    uint256 internal constant LIMIT = 100_000;

    function measure(string memory name, RvReference.Cpu memory c, bytes memory rest) internal {
        bytes memory state = c.encode();
        bytes memory witness = bytes.concat(state, rest);
        judge.step(keccak256(state), LOCAL, witness);
        meter(name, abi.encodeCall(RvStep.step, (keccak256(state), LOCAL, witness)), LIMIT);
    }

    function test_gas_add() external {
        program(PC, typeR(0x33, 0, 0, 1, 2, 3));
        measure("step, add", cpu(PC, DATA), codePart);
    }

    function test_gas_rem() external {
        program(PC, typeR(0x33, 6, 1, 1, 2, 3));
        measure("step, rem", cpu(PC, DATA), codePart);
    }

    function test_gas_branch() external {
        program(PC, 0x00311063);
        measure("step, bne", cpu(PC, DATA), codePart);
    }

    function test_gas_load() external {
        program(PC, typeI(0x03, 0, 1, 2, 0));
        RvReference.Cpu memory c = cpu(PC, DATA);
        c.x[2] = DATA + 0x3fff_e01f;
        place(c, c.x[2]);
        measure("step, lb", c, bytes.concat(codePart, dataPart));
    }

    function test_gas_store() external {
        program(PC, typeS(1, 2, 3, 0));
        RvReference.Cpu memory c = cpu(PC, DATA);
        c.x[2] = DATA + 0x3fff_e01e;
        place(c, c.x[2]);
        measure("step, sh", c, bytes.concat(codePart, dataPart));
    }

    function test_gas_setKey() external {
        program(PC, ECALL);
        RvReference.Cpu memory c = cpu(PC, DATA);
        (c.x[10], c.x[17]) = (DATA, 1);
        measure("step, set_key", c, bytes.concat(codePart, dataPart));
    }

    function test_gas_read() external {
        program(PC, ECALL);
        RvReference.Cpu memory c = cpu(PC, DATA);
        bytes memory preimage = siblings("preimage", 768);
        c.key = oracle.loadKeccak256(32 * 766, preimage);
        meter(
            "load, keccak256 of 24,576 bytes",
            abi.encodeCall(PreimageOracle.loadKeccak256, (32 * 766, preimage)),
            1_100_000
        );
        (c.x[10], c.x[17], c.offset) = (DATA, 2, 32 * 766);
        measure("step, read", c, bytes.concat(codePart, dataPart));
    }

    function test_gas_loadBlobElement() external {
        bytes memory infinity = bytes.concat(hex"c0", new bytes(47));
        bytes32 blob = bytes32((uint256(sha256(infinity)) % 2 ** 248) | (1 << 248));
        bytes memory opening = bytes.concat(bytes32(0), infinity, infinity);
        oracle.loadBlobElement(blob, 4095, opening);
        meter("load, blob element", abi.encodeCall(PreimageOracle.loadBlobElement, (blob, 4095, opening)), 200_000);
    }
}
