// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title RlpReader
/// @notice Reads canonical RLP out of calldata. Total: any bytes give a value or one of the errors below.
/// @dev Spec: Yellow Paper, appendix B.
library RlpReader {
    /// @notice The bytes end before the item they announce.
    error RlpTruncated();
    /// @notice A shorter encoding of the same item exists.
    error RlpNotCanonical();
    /// @notice A list was read where a string must be, or the other way round.
    error RlpWrongKind();
    /// @notice Bytes follow the item.
    error RlpTrailingBytes();
    /// @notice The list has more items than a trie node can.
    error RlpTooManyItems();

    /// @notice Items of the longest list read here, a branch node.
    uint256 internal constant MAX_ITEMS = 17;

    /// @notice Kind and payload range of the item that starts at `at`; the range lies within `input`.
    function header(bytes calldata input, uint256 at)
        internal
        pure
        returns (bool isList, uint256 payloadAt, uint256 payloadBytes)
    {
        if (at >= input.length) revert RlpTruncated();
        uint256 first = uint8(input[at]);
        if (first < 0x80) return (false, at, 1);

        isList = first >= 0xc0;
        uint256 size = first - (isList ? 0xc0 : 0x80);
        payloadAt = at + 1;
        if (size <= 55) {
            payloadBytes = size;
        } else {
            uint256 sizeBytes = size - 55;
            if (payloadAt + sizeBytes > input.length) revert RlpTruncated();
            payloadBytes = uint256(bytes32(input[payloadAt:payloadAt + sizeBytes])) >> (256 - 8 * sizeBytes);
            if (payloadBytes <= 55 || input[payloadAt] == 0) revert RlpNotCanonical();
            payloadAt += sizeBytes;
        }
        if (payloadAt + payloadBytes > input.length) revert RlpTruncated();
        if (!isList && payloadBytes == 1 && uint8(input[payloadAt]) < 0x80) revert RlpNotCanonical();
    }

    /// @notice Items of the list that `input` is, each as `start << 128 | end` of its encoding, header included.
    function readList(bytes calldata input)
        internal
        pure
        returns (uint256[MAX_ITEMS] memory ranges, uint256 count)
    {
        (bool isList, uint256 at, uint256 payloadBytes) = header(input, 0);
        if (!isList) revert RlpWrongKind();
        uint256 end = at + payloadBytes;
        if (end != input.length) revert RlpTrailingBytes();
        while (at < end) {
            if (count == MAX_ITEMS) revert RlpTooManyItems();
            (, uint256 itemAt, uint256 itemBytes) = header(input, at);
            ranges[count++] = (at << 128) | (itemAt + itemBytes);
            at = itemAt + itemBytes;
        }
    }

    /// @notice Encoding of the item at `range`, as `readList` gave it.
    function slice(bytes calldata input, uint256 range) internal pure returns (bytes calldata) {
        return input[range >> 128:uint128(range)];
    }

    /// @notice Payload of the string that `item` is.
    function readString(bytes calldata item) internal pure returns (bytes calldata) {
        (bool isList, uint256 at, uint256 payloadBytes) = header(item, 0);
        if (isList) revert RlpWrongKind();
        if (at + payloadBytes != item.length) revert RlpTrailingBytes();
        return item[at:];
    }
}
