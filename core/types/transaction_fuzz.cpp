// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// A transaction, receipt, header or block that decodes encodes to the same bytes.

#include "core/base/assert.hpp"
#include "core/types/block.hpp"
#include "core/types/receipt.hpp"
#include "core/types/transaction.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const ByteView input{data, size};
    if (const auto t = decode_transaction(input)) {
        ASSERT(equal(encode(*t), input));
        if (t->type != TxType::deposit) (void)signing_hash(*t);
    }
    if (const auto r = decode_receipt(input)) ASSERT(equal(encode(*r), input));
    if (const auto h = decode_header(input)) ASSERT(equal(encode(*h), input));
    if (const auto b = decode_block(input)) ASSERT(equal(encode(*b), input));
    return 0;
}
