// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/derive/inbox_events.hpp"

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::node {
namespace {

/// Reads ABI words at fixed places; any failure sticks.
class Abi {
public:
    explicit Abi(ByteView bytes) : bytes_(bytes) {}
    [[nodiscard]] bool ok() const { return ok_; }
    Bytes32 word(std::uint64_t index) { return word_at(index * 32); }
    std::uint64_t number(std::uint64_t index) { return small(word(index)); }
    Bytes bytes(std::uint64_t index) {
        const std::uint64_t at = number(index);
        const std::uint64_t size = small(word_at(at));
        if (!ok_ || at > bytes_.size() || size > bytes_.size() - at - 32) {
            ok_ = false;
            return {};
        }
        return to_bytes(bytes_.subspan(at + 32, size));
    }
    std::vector<Bytes32> words(std::uint64_t index) {
        const std::uint64_t at = number(index);
        const std::uint64_t count = small(word_at(at));
        std::vector<Bytes32> out;
        for (std::uint64_t i = 0; i < count && ok_; ++i) out.push_back(word_at(at + 32 + 32 * i));
        return out;
    }

private:
    Bytes32 word_at(std::uint64_t at) {
        if (!ok_ || at > bytes_.size() || bytes_.size() - at < 32) {
            ok_ = false;
            return {};
        }
        return Bytes32::from(bytes_.subspan(at));
    }
    std::uint64_t small(const Bytes32& w) {
        const uint256 v = to_uint256(w);
        if (!v.fits_u64()) ok_ = false;
        return v.limb[0];
    }
    ByteView bytes_;
    bool ok_ = true;
};

ByteView text(std::string_view s) {
    return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}

bool has_selector(ByteView calldata, std::string_view signature) {
    const Bytes32 h = crypto::keccak256(text(signature));
    return calldata.size() >= 4 && equal(calldata.first(4), ByteView(h).first(4));
}

}  // namespace

std::optional<DecodedEntry> decode_entry_appended(const ParentLog& log) {
    const Log& l = log.log;
    if (l.topics.size() != 2 || l.topics[0] != ENTRY_APPENDED_TOPIC) return std::nullopt;
    const uint256 index = to_uint256(l.topics[1]);
    Abi in(l.data);
    DecodedEntry out;
    InboxEntry& e = out.entry;
    e.index = index.limb[0];
    e.acc = in.word(0);
    const std::uint64_t source = in.number(1);
    e.entry.source = static_cast<derive::Source>(source);
    e.entry.data_hash = in.word(2);
    e.entry.blobs_hash = in.word(3);
    e.entry.parent_number = in.number(4);
    e.entry.parent_timestamp = in.number(5);
    e.entry.origin_number = in.number(6);
    e.entry.origin_hash = in.word(7);
    e.entry.queue_cursor = in.number(8);
    e.entry.queue_acc = in.word(9);
    out.versioned_hashes = in.words(10);
    const auto ys = in.words(11);
    if (!in.ok() || source > 2 || !index.fits_u64() || ys.size() != out.versioned_hashes.size())
        return std::nullopt;
    for (std::size_t i = 0; i < ys.size(); ++i)
        e.openings.push_back({out.versioned_hashes[i], to_uint256(ys[i])});
    e.parent_block = {log.block_number, log.block_hash};
    e.transaction_hash = log.transaction_hash;
    return out;
}

std::optional<Enqueued> decode_enqueued(const ParentLog& log) {
    const Log& l = log.log;
    if (l.topics.size() != 3 || l.topics[0] != ENQUEUED_TOPIC) return std::nullopt;
    const uint256 index = to_uint256(l.topics[1]);
    Abi in(l.data);
    Enqueued out{index.limb[0], in.word(0), in.number(1)};
    if (!in.ok() || !index.fits_u64()) return std::nullopt;
    return out;
}

std::optional<Bytes> decode_deposited(const ParentLog& log) {
    const Log& l = log.log;
    if (l.topics.size() != 4 || l.topics[0] != TRANSACTION_DEPOSITED_TOPIC) return std::nullopt;
    Abi in(l.data);
    Bytes out = in.bytes(0);
    if (!in.ok()) return std::nullopt;
    return out;
}

std::optional<Bytes> decode_append_data(ByteView calldata) {
    std::uint64_t argument = 0;
    if (has_selector(calldata, "appendCalldata(uint64,uint64,uint64,bytes32,bytes)"))
        argument = 4;
    else if (has_selector(calldata, "forceInclude(uint64,uint64,bytes)"))
        argument = 2;
    else
        return std::nullopt;
    Abi in(calldata.subspan(4));
    Bytes out = in.bytes(argument);
    if (!in.ok()) return std::nullopt;
    return out;
}

}  // namespace mezz::node
