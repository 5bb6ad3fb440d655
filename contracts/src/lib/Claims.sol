// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Claims
/// @notice What a fraud proof is about: the claim of a block, and the question that the program answers with one.
library Claims {
    /// @dev A claim is a field element of a blob, and every number of 248 bits is below the field's order.
    uint256 private constant CLAIM_MASK = type(uint256).max >> 8;

    /// @notice Claim of block `blockNumber`.
    /// @param positionHash  Where the derivation stands after the block; the program's business.
    /// @param taken         Likewise.
    function claimOf(bytes32 outputRoot, uint64 blockNumber, bytes32 positionHash, uint64 taken)
        internal
        pure
        returns (bytes32)
    {
        return truncated(keccak256(abi.encode(outputRoot, blockNumber, positionHash, taken)));
    }

    /// @notice A word with its first byte zeroed.
    function truncated(bytes32 word) internal pure returns (bytes32) {
        return bytes32(uint256(word) & CLAIM_MASK);
    }

    /// @notice Local value 0 of the machine: which block follows `preClaim` in a chain whose inbox ends here?
    function question(bytes32 configHash, bytes32 preClaim, uint64 inboxCount, bytes32 inboxAcc)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(configHash, preClaim, inboxCount, inboxAcc, uint64(1)));
    }
}
