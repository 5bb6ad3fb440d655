// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Clone
/// @notice Minimal proxies (ERC-1167) with constant arguments behind their code: a game costs about 200 gas a byte of
///         arguments instead of a whole deployment.
library Clone {
    /// @notice The arguments are too long, or CREATE gave no contract.
    error CloneFailed();

    /// @notice Bytes of proxy code ahead of the arguments.
    uint256 private constant PROXY_BYTES = 45;
    /// @notice Most bytes of arguments: proxy and arguments stay within every chain's MAX_CODE_SIZE (EIP-170).
    uint256 private constant MAX_ARGS_BYTES = 24_576 - PROXY_BYTES;

    /// @notice Deploys a proxy of `implementation` that carries `args`.
    function create(address implementation, bytes memory args) internal returns (address clone) {
        if (args.length > MAX_ARGS_BYTES) revert CloneFailed();
        // The loader returns everything behind its own 10 bytes: PUSH2 size, RETURNDATASIZE, DUP2, PUSH1 10,
        // RETURNDATASIZE, CODECOPY, RETURN.
        bytes memory code = abi.encodePacked(
            hex"61",
            uint16(PROXY_BYTES + args.length),
            hex"3d81600a3d39f3",
            hex"363d3d373d3d3d363d73",
            implementation,
            hex"5af43d82803e903d91602b57fd5bf3",
            args
        );
        assembly ("memory-safe") {
            clone := create(0, add(code, 32), mload(code))
        }
        if (clone == address(0)) revert CloneFailed();
    }

    /// @notice 32 bytes of this clone's arguments from byte `at`; zeros behind the end.
    function argWord(uint256 at) internal view returns (bytes32 word) {
        assembly ("memory-safe") {
            extcodecopy(address(), 0, add(PROXY_BYTES, at), 32)
            word := mload(0)
        }
    }

    /// @notice This clone's arguments from byte `at` to the end.
    function argsFrom(uint256 at) internal view returns (bytes memory args) {
        uint256 size = address(this).code.length - PROXY_BYTES - at;
        args = new bytes(size);
        assembly ("memory-safe") {
            extcodecopy(address(), add(args, 32), add(PROXY_BYTES, at), size)
        }
    }
}
