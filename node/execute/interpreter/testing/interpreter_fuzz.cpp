// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Both interpreters on random programs: the first bytes choose gas and revision.

#include <cstdio>
#include <cstdlib>

#include "core/codec/hex.hpp"
#include "node/execute/interpreter/testing/random_program.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    if (size < 4) return 0;
    const auto gas = static_cast<std::int64_t>(data[0] << 8 | data[1]);
    const auto rev = static_cast<Revision>(data[2] % REVISION_COUNT);
    const ByteView rest(data + 4, size - 4);
    const Bytes code =
        data[3] % 8 == 0 ? to_bytes(rest) : node::interpreter::test::random_program(rest);
    const auto differs =
        node::interpreter::test::difference(code, rest.first(rest.size() < 64 ? rest.size() : 64),
                                            gas, data[3] % 4 != 0 ? Revision::osaka : rev);
    if (differs) {
        std::vector<char> hex;
        append_hex(hex, code);
        std::fprintf(stderr, "%s: code %.*s\n", differs->c_str(), static_cast<int>(hex.size()),
                     hex.data());
        std::abort();
    }
    return 0;
}
