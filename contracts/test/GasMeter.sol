// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Asserts} from "test/Base.sol";

/// @notice Gas of whole transactions as a parent of today charges it.
abstract contract GasMeter is Asserts {
    /// @dev Keeps the gas of the last call, and holds it to a limit.
    function meter(string memory name, bytes memory input, uint256 limit) internal {
        uint256 gas = gasOf(input);
        vm.snapshotValue(name, gas);
        assertTrue(gas <= limit, name);
    }

    /// @dev Gas of the last call. To be run with --isolate: then the call was a transaction, but one before EIP-7623,
    ///      whose floor for the same input is added here.
    function gasOf(bytes memory input) internal view returns (uint256 gas) {
        gas = vm.lastCallGas().gasTotalUsed;
        uint256 floor = floorOf(input);
        if (gas < floor) gas = floor;
    }

    function floorOf(bytes memory input) internal pure returns (uint256 gas) {
        uint256 tokens;
        for (uint256 i = 0; i < input.length; ++i) tokens += input[i] == 0 ? 1 : 4;
        return 21_000 + 10 * tokens;
    }
}
