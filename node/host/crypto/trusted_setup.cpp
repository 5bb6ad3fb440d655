// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/trusted_setup.hpp"

#include "core/base/assert.hpp"

#pragma clang diagnostic ignored "-Wc23-extensions"

namespace mezz::host {
namespace {

constexpr std::uint8_t EMBEDDED[] = {
#embed "trusted_setup.bin"
};

}  // namespace

ByteView trusted_setup_bytes() noexcept {
    return EMBEDDED;
}

const crypto::KzgSetup& trusted_setup() {
    static const crypto::KzgSetup setup = [] {
        auto decoded = crypto::decode_setup(EMBEDDED);
        ASSERT(decoded.has_value());
        return std::move(*decoded);
    }();
    return setup;
}

}  // namespace mezz::host
