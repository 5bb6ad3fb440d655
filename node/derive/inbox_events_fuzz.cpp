// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any log of any contract, and any calldata: an event or none, and nothing outside of the bytes.

#include "core/base/assert.hpp"
#include "node/derive/inbox_events.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    using namespace mezz::node;
    const ByteView input{data, size};
    if (const auto found = decode_append_data(input)) ASSERT(found->size() + 36 <= size);
    if (size < 33) return 0;
    ParentLog log;
    log.log.topics = {{}, Bytes32::from(input.subspan(1))};
    log.log.topics.resize(1 + data[0] % 4);
    log.log.data = to_bytes(input.subspan(33));
    log.log.topics[0] = ENTRY_APPENDED_TOPIC;
    if (const auto entry = decode_entry_appended(log)) {
        ASSERT(entry->entry.openings.size() == entry->versioned_hashes.size());
        ASSERT(entry->versioned_hashes.size() <= size / 32);
        ASSERT(static_cast<unsigned>(entry->entry.entry.source) <= 2);
    }
    log.log.topics[0] = ENQUEUED_TOPIC;
    if (decode_enqueued(log)) ASSERT(log.log.topics.size() == 3);
    log.log.topics[0] = TRANSACTION_DEPOSITED_TOPIC;
    if (const auto deposited = decode_deposited(log)) ASSERT(deposited->size() + 32 <= size);
    return 0;
}
