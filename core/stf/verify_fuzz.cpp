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
        if (const auto it = fixed_.items().find(hash); it != fixed_.items().end())
            return ByteView(it->second);
        if (const auto it = given_.find(hash); it != given_.end()) return it->second;
        if (rest_.size() < 2) return std::nullopt;
        const std::size_t size =
            std::min<std::size_t>(rest_[0] | (rest_[1] & 3) << 8, rest_.size() - 2);
        const ByteView out = rest_.subspan(2, size);
        rest_ = rest_.subspan(2 + size);
        return given_[hash] = out;
    }

private:
    const stf::WitnessBuilder& fixed_;
    ByteView rest_;
    std::map<Bytes32, ByteView> given_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteView input{data, size};
    if (auto witness = stf::Witness::decode(input)) (void)stf::verify({}, *witness);
    (void)stf::decode_statement(input);
    if (size < 3) return 0;
    const std::size_t data_bytes = std::min<std::size_t>(data[1] | (data[2] & 3) << 8, size - 3);
    const ByteView inbox_data = input.subspan(3, data_bytes);

    derive::RollupSpec spec;
    spec.chain_id = 7;
    spec.gas_limit = 300'000;
    spec.genesis_state_root[0] = 1;
    const Header head = derive::genesis_header(spec, {});
    derive::Entry entry;
    entry.source = (data[0] & 1) != 0 ? derive::Source::calldata : derive::Source::forced;
    entry.data_hash = derive::chunk_hash(inbox_data);
    entry.parent_number = entry.parent_timestamp = entry.origin_number = 1000;
    derive::QueueItem item;
    if ((data[0] & 2) != 0) {
        item.opaque_data.assign(inbox_data.begin(), inbox_data.end());
        entry.queue_cursor = 1;
        entry.queue_acc = derive::accumulate({}, derive::item_hash(item));
    }
    stf::WitnessBuilder fixed;
    stf::Statement s;
    s.config_hash = fixed.add(derive::encode(spec));
    s.pre.output_root = fixed.add(derive::output_preimage(head));
    fixed.add(encode(head));
    const Bytes32 element = fixed.add(derive::encode(entry));
    s.post.inbox_count = 1;
    s.post.inbox_acc = fixed.add(derive::encode_link({}, element));
    const Bytes32 queued = fixed.add(derive::encode(item));
    fixed.add(derive::encode_link({}, queued));
    fixed.add(derive::chunk_hashes(inbox_data));
    fixed.add(inbox_data);
    Stream source(fixed, input.subspan(3 + data_bytes));
    (void)stf::verify(s, source);
    return 0;
}
