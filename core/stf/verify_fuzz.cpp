// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any witness gives an answer. The parent's side of it is honest, as the statement fixes it by
/// hashes; the batch, the state and the code are the fuzzer's: a source that answers with its next
/// bytes whatever it is asked reaches deeper than one that must find preimages.

#include <algorithm>

#include "core/derive/block.hpp"
#include "core/stf/verify.hpp"

namespace {

using namespace mezz;

class Stream final : public stf::PreimageSource {
public:
    Stream(const stf::WitnessBuilder& fixed, ByteView rest) : fixed_(fixed), rest_(rest) {}
    std::optional<ByteView> get(const Bytes32& hash) override {
        const auto it = fixed_.items().find(riscv::keccak256_key(hash));
        if (it != fixed_.items().end()) return ByteView(it->second);
        return answer(hash);
    }
    std::optional<ByteView> blob(const Bytes32& versioned_hash) override {
        return answer(versioned_hash);
    }

private:
    std::optional<ByteView> answer(const Bytes32& hash) {
        if (const auto it = given_.find(hash); it != given_.end()) return it->second;
        if (rest_.size() < 2) return std::nullopt;
        const std::size_t size =
            std::min<std::size_t>(rest_[0] | (rest_[1] & 3) << 8, rest_.size() - 2);
        const ByteView out = rest_.subspan(2, size);
        rest_ = rest_.subspan(2 + size);
        return given_[hash] = out;
    }

    const stf::WitnessBuilder& fixed_;
    ByteView rest_;
    std::map<Bytes32, ByteView> given_;
};

class AnyBlob final : public stf::BlobAuthority {
public:
    bool holds(const Bytes32& /*versioned_hash*/, ByteView /*blob*/) override { return true; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteView input{data, size};
    AnyBlob any;
    if (auto witness = stf::Witness::decode(input, any)) (void)stf::verify({}, *witness);
    (void)stf::decode_statement(input);
    if (size < 3) return 0;
    const std::size_t data_bytes = std::min<std::size_t>(data[1] | (data[2] & 3) << 8, size - 3);
    const ByteView inbox_data = input.subspan(3, data_bytes);

    derive::RollupSpec spec;
    spec.chain_id = 7;
    spec.gas_limit = 300'000;
    spec.genesis_state_root[0] = 1;
    Header head = derive::genesis_header(spec, {});
    head.number = data[0] >> 6;  // a claim in the midst of the entry
    derive::Entry entry;
    entry.source = static_cast<derive::Source>((data[0] >> 4) % 3);
    entry.data_hash = derive::chunk_hash(inbox_data);
    entry.parent_number = entry.parent_timestamp = entry.origin_number = 1000;
    derive::QueueItem item;
    if ((data[0] & 2) != 0) {
        item.opaque_data.assign(inbox_data.begin(), inbox_data.end());
        entry.queue_cursor = 1;
        entry.queue_acc = derive::accumulate({}, derive::item_hash(item));
    }
    stf::WitnessBuilder fixed;
    if (entry.source == derive::Source::blobs) {
        const derive::BlobOpening opening{{}, 1};
        const Bytes openings = derive::encode(std::span(&opening, 1));
        entry.blobs_hash = fixed.add(openings);
    }
    derive::Position start;
    start.head_timestamp = spec.genesis_timestamp;
    const stf::Claim pre{fixed.add(derive::output_preimage(head)), head.number,
                         fixed.add(stf::encode(start)), head.number};
    stf::Question q;
    q.config_hash = fixed.add(derive::encode(spec));
    q.pre = fixed.add(stf::encode(pre));
    fixed.add(encode(head));
    const Bytes32 element = fixed.add(derive::encode(entry));
    q.inbox_count = 1;
    q.inbox_acc = fixed.add(derive::encode_link({}, element));
    q.block_count = 5;
    const Bytes32 queued = fixed.add(derive::encode(item));
    fixed.add(derive::encode_link({}, queued));
    fixed.add(derive::chunk_hashes(inbox_data));
    fixed.add(inbox_data);
    Stream source(fixed, input.subspan(3 + data_bytes));
    (void)stf::run(q, source);
    return 0;
}
