// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any file given to `mezz verify` is a statement with a witness, or refused; what is read writes
/// back to the same bytes.

#include <cstdlib>

#include "node/execute/witness/recorder.hpp"

namespace {

/// Lets any blob in, so that derivation meets it.
class AnyBlob final : public mezz::stf::BlobAuthority {
public:
    bool holds(const mezz::Bytes32& /*versioned_hash*/, mezz::ByteView /*blob*/) override {
        return true;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const ByteView bytes(data, size);
    const auto input = node::read_guest_input(bytes);
    if (!input) return 0;
    if (!equal(node::guest_input(input->statement, input->witness), bytes)) std::abort();
    AnyBlob any;
    if (auto witness = stf::Witness::decode(input->witness, any))
        (void)stf::verify(input->statement, *witness);
    return 0;
}
