// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any bytes walk to an end, and what is read as an integer or a fixed string is canonical.

#include "core/base/assert.hpp"
#include "core/codec/rlp.hpp"

namespace {

using namespace mezz;

/// Copies the items of `in` to `out` in the shapes they seem to have.
void copy(rlp::Reader& in, Bytes& out, int depth) {
    while (!in.at_end() && depth < 64) {
        if (in.next_is_list()) {
            rlp::Reader nested = in.list();
            {
                const rlp::List list(out);
                copy(nested, out, depth + 1);
            }
            in.take(nested);
        } else {
            rlp::append(out, in.string());
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input{data, size};
    rlp::Reader in(input);
    Bytes out;
    copy(in, out, 0);
    if (in.finish() == rlp::Error::none) ASSERT(equal(out, input));

    rlp::Reader number(input);
    const uint256 v = number.u256();
    if (number.finish() == rlp::Error::none) {
        Bytes again;
        rlp::append(again, v);
        ASSERT(equal(again, input));
    }
    return 0;
}
