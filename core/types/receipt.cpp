// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/types/receipt.hpp"

#include "core/crypto/keccak.hpp"

namespace mezz {
namespace {

struct BloomBit {
    std::size_t byte;
    std::uint8_t mask;
};
/// The i-th of three bits of a value's hash. spec: Yellow Paper §4.3.1 (27).
BloomBit bloom_bit(const Bytes32& h, std::size_t i) noexcept {
    const unsigned bit = ((static_cast<unsigned>(h[2 * i]) << 8) | h[2 * i + 1]) & 2047;
    return {255 - bit / 8, static_cast<std::uint8_t>(1u << (bit % 8))};
}

void add(Bloom& bloom, ByteView value) {
    const Bytes32 h = crypto::keccak256(value);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto [byte, mask] = bloom_bit(h, i);
        bloom[byte] |= mask;
    }
}

}  // namespace

void add_to_bloom(Bloom& bloom, const Log& log) {
    add(bloom, log.address);
    for (const auto& topic : log.topics) add(bloom, topic);
}

void merge(Bloom& into, const Bloom& other) noexcept {
    for (std::size_t i = 0; i < Bloom::size(); ++i) into[i] |= other[i];
}

bool may_contain(const Bloom& bloom, ByteView value) {
    const Bytes32 h = crypto::keccak256(value);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto [byte, mask] = bloom_bit(h, i);
        if ((bloom[byte] & mask) == 0) return false;
    }
    return true;
}

namespace {

void append_receipt(Bytes& out, const Receipt& r) {
    const rlp::List list(out);
    if (r.state_root)
        rlp::append(out, *r.state_root);
    else
        rlp::append(out, std::uint64_t{r.success});
    rlp::append(out, r.cumulative_gas_used);
    rlp::append(out, r.bloom);
    {
        const rlp::List logs(out);
        for (const auto& log : r.logs) {
            const rlp::List item(out);
            rlp::append(out, log.address);
            {
                const rlp::List topics(out);
                for (const auto& topic : log.topics) rlp::append(out, topic);
            }
            rlp::append(out, log.data);
        }
    }
    if (r.deposit_nonce) {
        rlp::append(out, *r.deposit_nonce);
        rlp::append(out, deposit_receipt_version);
    }
}

}  // namespace

Bytes encode(const Receipt& r) {
    Bytes out;
    if (r.type != TxType::legacy) out.push_back(static_cast<std::uint8_t>(r.type));
    append_receipt(out, r);
    return out;
}

std::expected<Receipt, rlp::Error> decode_receipt(ByteView bytes) {
    if (bytes.empty()) return std::unexpected(rlp::Error::input_too_short);
    Receipt r;
    if (bytes[0] < 0x80) {
        if (bytes[0] == 0 || (bytes[0] > 4 && bytes[0] != 0x7e))
            return std::unexpected(rlp::Error::wrong_value);
        r.type = static_cast<TxType>(bytes[0]);
        bytes = bytes.subspan(1);
    }
    rlp::Reader whole(bytes);
    rlp::Reader in = whole.list();
    rlp::Reader probe = in;
    if (r.type == TxType::legacy && probe.string().size() == Bytes32::size()) {
        r.state_root = in.fixed<32>();
    } else {
        const std::uint64_t status = in.u64();
        if (status > 1) in.fail(rlp::Error::wrong_value);
        r.success = status == 1;
    }
    r.cumulative_gas_used = in.u64();
    r.bloom = in.fixed<256>();
    rlp::Reader logs = in.list();
    while (!logs.at_end()) {
        rlp::Reader item = logs.list();
        Log log;
        log.address = item.fixed<20>();
        rlp::Reader topics = item.list();
        while (!topics.at_end()) log.topics.push_back(topics.fixed<32>());
        item.take(topics);
        log.data = to_bytes(item.string());
        logs.take(item);
        r.logs.push_back(std::move(log));
    }
    in.take(logs);
    if (r.type == TxType::deposit) {
        r.deposit_nonce = in.u64();
        if (in.u64() != deposit_receipt_version) in.fail(rlp::Error::wrong_value);
    }
    whole.take(in);
    if (const auto e = whole.finish(); e != rlp::Error::none) return std::unexpected(e);
    return r;
}

}  // namespace mezz
