// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/types/header.hpp"

#include "core/crypto/keccak.hpp"

namespace mezz {

namespace {

void append_header(Bytes& out, const Header& h) {
    const rlp::List list(out);
    rlp::append(out, h.parent_hash);
    rlp::append(out, h.ommers_hash);
    rlp::append(out, h.coinbase);
    rlp::append(out, h.state_root);
    rlp::append(out, h.transactions_root);
    rlp::append(out, h.receipts_root);
    rlp::append(out, h.logs_bloom);
    rlp::append(out, h.difficulty);
    rlp::append(out, h.number);
    rlp::append(out, h.gas_limit);
    rlp::append(out, h.gas_used);
    rlp::append(out, h.timestamp);
    rlp::append(out, h.extra_data);
    rlp::append(out, h.prev_randao);
    rlp::append(out, h.nonce);
    if (h.base_fee_per_gas) rlp::append(out, *h.base_fee_per_gas);
    if (h.withdrawals_root) rlp::append(out, *h.withdrawals_root);
    if (h.blob_gas_used) rlp::append(out, *h.blob_gas_used);
    if (h.excess_blob_gas) rlp::append(out, *h.excess_blob_gas);
    if (h.parent_beacon_block_root) rlp::append(out, *h.parent_beacon_block_root);
    if (h.requests_hash) rlp::append(out, *h.requests_hash);
}

}  // namespace

Bytes encode(const Header& h) {
    Bytes out;
    out.reserve(640);
    append_header(out, h);
    return out;
}

std::expected<Header, rlp::Error> decode_header(ByteView bytes) {
    Header h;
    rlp::Reader whole(bytes);
    rlp::Reader in = whole.list();
    h.parent_hash = in.fixed<32>();
    h.ommers_hash = in.fixed<32>();
    h.coinbase = in.fixed<20>();
    h.state_root = in.fixed<32>();
    h.transactions_root = in.fixed<32>();
    h.receipts_root = in.fixed<32>();
    h.logs_bloom = in.fixed<256>();
    h.difficulty = in.u256();
    h.number = in.u64();
    h.gas_limit = in.u64();
    h.gas_used = in.u64();
    h.timestamp = in.u64();
    h.extra_data = to_bytes(in.string());
    h.prev_randao = in.fixed<32>();
    h.nonce = in.fixed<8>();
    if (!in.at_end()) h.base_fee_per_gas = in.u256();
    if (!in.at_end()) h.withdrawals_root = in.fixed<32>();
    if (!in.at_end()) h.blob_gas_used = in.u64();
    if (!in.at_end()) h.excess_blob_gas = in.u64();
    if (!in.at_end()) h.parent_beacon_block_root = in.fixed<32>();
    if (!in.at_end()) h.requests_hash = in.fixed<32>();
    whole.take(in);
    if (const auto e = whole.finish(); e != rlp::Error::none) return std::unexpected(e);
    return h;
}

Bytes32 hash(const Header& header) {
    return crypto::keccak256(encode(header));
}

}  // namespace mezz
