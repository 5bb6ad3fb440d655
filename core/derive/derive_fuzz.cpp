// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any inbox data derives: batches that decode encode to the same bytes, block numbers and times
/// never go back, and every queue item lands in exactly one block.

#include "core/base/assert.hpp"
#include "core/derive/derivation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    using namespace mezz::derive;
    if (size < 2) return 0;
    const std::uint8_t choice = data[0];
    const ByteView input{data + 1, size - 1};
    if (const auto batch = decode_batch(input)) ASSERT(equal(encode_batch(*batch), input));

    RollupSpec spec;
    spec.chain_id = 7;
    spec.gas_limit = 1'000'000;
    Position start;
    start.head_timestamp = 10;
    start.origin = {5, 10, {}, 1, 1};
    std::vector<QueueItem> queue(choice & 7);
    Entry entry;
    entry.source = (choice & 8) != 0 ? Source::calldata : Source::forced;
    entry.data_hash = chunk_hash(input);
    entry.parent_number = 50;
    entry.parent_timestamp = 100;
    entry.origin_number = 40;
    for (auto& item : queue) {
        item.index = entry.queue_cursor++;
        if ((choice & 16) != 0) item.opaque_data.assign(size % 100, choice);
        entry.queue_acc = accumulate(entry.queue_acc, item_hash(item));
    }
    Derivation derivation(spec, start);
    std::uint64_t number = 0, timestamp = start.head_timestamp, origin = start.origin.number;
    std::size_t consumed = 0;
    bool given = false;
    for (;;) {
        auto step = derivation.step();
        if (std::holds_alternative<NeedEntry>(step)) {
            if (given) break;
            given = true;
            ASSERT(derivation.provide_entry(entry, {}));
        } else if (std::holds_alternative<NeedData>(step)) {
            ASSERT(derivation.provide_data(input));
        } else if (std::holds_alternative<NeedQueue>(step)) {
            ASSERT(derivation.provide_queue(queue));
        } else {
            const auto& block = std::get<NextBlock>(step).attributes;
            ASSERT(block.number == ++number);
            ASSERT(block.timestamp >= timestamp && block.origin.number >= origin);
            timestamp = block.timestamp;
            origin = block.origin.number;
            ASSERT(block.labels.size() == block.queue_items.size());
            for (const auto& item : block.queue_items) ASSERT(item.index == consumed++);
            (void)leading_transactions(spec, block);
        }
    }
    ASSERT(consumed == queue.size());
    ASSERT(derivation.position().inbox_count == 1);
    return 0;
}
