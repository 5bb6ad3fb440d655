// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// A damaged database row is refused; one that decodes encodes to the same record.

#include "core/base/assert.hpp"
#include "node/execute/store/records.hpp"
#include "node/ports/rollup.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    using namespace mezz::node;
    const ByteView input{data, size};
    if (const auto r = decode_header_record(input)) {
        const Bytes again = encode(*r);
        const auto second = decode_header_record(again);
        ASSERT(second && encode(*second) == again);
    }
    if (const auto items = decode_body(input)) {
        const Bytes again = encode_body(*items);
        const auto second = decode_body(again);
        ASSERT(second && encode_body(*second) == again);
    }
    if (const auto receipts = decode_receipts(input)) {
        const Bytes again = encode_receipts(*receipts);
        const auto second = decode_receipts(again);
        ASSERT(second && encode_receipts(*second) == again);
    }
    if (const auto note = decode_rollup_note(input)) {
        const Bytes again = encode(*note);
        const auto second = decode_rollup_note(again);
        ASSERT(second && encode(*second) == again);
    }
    return 0;
}
