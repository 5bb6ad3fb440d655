// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Block headers through Prague/Osaka. Fields a fork adds are optional, in the order the forks
/// added them: one that is present makes every earlier one present.
/// spec: Yellow Paper §4.3; EIP-1559, EIP-4895, EIP-4844, EIP-4788, EIP-7685.

#include <expected>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"
#include "core/codec/rlp.hpp"

namespace mezz {

/// keccak256(rlp([])): the ommers hash of every block after the Merge.
inline constexpr Bytes32 EMPTY_OMMERS_HASH =
    hex<Bytes32>("0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
/// The root of a trie without entries: keccak256(0x80).
inline constexpr Bytes32 EMPTY_TRIE_ROOT =
    hex<Bytes32>("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
/// sha256 of nothing: the requests hash of a block without requests. spec: EIP-7685.
inline constexpr Bytes32 EMPTY_REQUESTS_HASH =
    hex<Bytes32>("0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

struct Header {
    Bytes32 parent_hash;
    Bytes32 ommers_hash = EMPTY_OMMERS_HASH;
    Address coinbase;
    Bytes32 state_root;
    Bytes32 transactions_root = EMPTY_TRIE_ROOT;
    Bytes32 receipts_root = EMPTY_TRIE_ROOT;
    Bloom logs_bloom;
    uint256 difficulty;
    std::uint64_t number = 0;
    std::uint64_t gas_limit = 0;
    std::uint64_t gas_used = 0;
    std::uint64_t timestamp = 0;  ///< units: seconds since 1970.
    Bytes extra_data;
    Bytes32 prev_randao;
    Bytes8 nonce;
    std::optional<uint256> base_fee_per_gas;
    std::optional<Bytes32> withdrawals_root;
    std::optional<std::uint64_t> blob_gas_used;
    std::optional<std::uint64_t> excess_blob_gas;
    std::optional<Bytes32> parent_beacon_block_root;
    std::optional<Bytes32> requests_hash;

    friend bool operator==(const Header&, const Header&) = default;
};

Bytes encode(const Header& header);
std::expected<Header, rlp::Error> decode_header(ByteView bytes);
/// keccak256 of the encoding: the block hash.
Bytes32 hash(const Header& header);

}  // namespace mezz
