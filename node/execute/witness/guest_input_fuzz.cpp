// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any file given to `mezz verify` is a statement with a witness, or refused; what is read writes
/// back to the same bytes.

#include <cstdlib>

#include "node/execute/witness/recorder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const ByteView bytes(data, size);
    const auto input = node::read_guest_input(bytes);
    if (!input) return 0;
    if (!equal(node::guest_input(input->statement, input->witness), bytes)) std::abort();
    if (auto witness = stf::Witness::decode(input->witness))
        (void)stf::verify(input->statement, *witness);
    return 0;
}
