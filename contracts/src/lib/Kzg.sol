// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Kzg
/// @notice Opens blobs with the parent's point evaluation precompile.
/// @dev Spec: EIP-4844, "Point evaluation precompile".
library Kzg {
    /// @notice This parent has no point evaluation precompile.
    error PointEvaluationAbsent();
    /// @notice The blob does not have that value at that point.
    error InvalidOpening();
    /// @notice A blob has 4096 elements.
    error ElementOutOfRange(uint256 index);

    /// @notice Order of the scalar field of BLS12-381.
    uint256 internal constant BLS_MODULUS = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;
    /// @notice FIELD_ELEMENTS_PER_BLOB.
    uint256 internal constant ELEMENTS = 4096;
    /// @notice Bytes of an opening: y (32) ‖ commitment (48) ‖ proof (48).
    uint256 internal constant OPENING_BYTES = 128;

    /// @dev 7^((BLS_MODULUS - 1) / 4096), a primitive 4096th root of unity.
    uint256 private constant OMEGA = 0x564c0a11a0f704f4fc3e8acfe0f8245f0ad1347b378fbf96e206da11a5d36306;
    /// @dev POINT_EVALUATION_PRECOMPILE_ADDRESS.
    address private constant POINT_EVALUATION = address(0x0a);

    /// @notice Value that an opening shows of a blob at `z`.
    function open(bytes32 versionedHash, uint256 z, bytes calldata opening) internal view returns (bytes32 y) {
        if (opening.length != OPENING_BYTES) revert InvalidOpening();
        (bool ok, bytes memory answer) = POINT_EVALUATION.staticcall(abi.encodePacked(versionedHash, z, opening));
        if (!ok) revert InvalidOpening();
        // An account without code answers every call, with nothing.
        if (keccak256(answer) != keccak256(abi.encode(ELEMENTS, BLS_MODULUS))) revert PointEvaluationAbsent();
        return bytes32(opening);
    }

    /// @notice Element `index` of a blob.
    function element(bytes32 versionedHash, uint256 index, bytes calldata opening) internal view returns (bytes32) {
        return open(versionedHash, pointOf(index), opening);
    }

    /// @notice Point at which a blob's polynomial has the value of element `index`: the elements stand in bit-reversed
    ///         order of the powers of the root of unity.
    function pointOf(uint256 index) internal pure returns (uint256 z) {
        if (index >= ELEMENTS) revert ElementOutOfRange(index);
        z = 1;
        uint256 power = OMEGA;
        // The highest of the index's 12 bits is the exponent's lowest.
        for (uint256 bit = ELEMENTS / 2; bit != 0; bit /= 2) {
            if (index & bit != 0) z = mulmod(z, power, BLS_MODULUS);
            power = mulmod(power, power, BLS_MODULUS);
        }
    }
}
