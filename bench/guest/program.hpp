// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Programs that the guest benches run, and what they need of their environment.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/stf/preimages.hpp"
#include "node/prove/machine/machine.hpp"

namespace mezz::bench {

using Program = std::shared_ptr<const node::prove::Program>;

/// Ends the process when the file is no image.
inline Program load_program(const std::filesystem::path& elf) {
    std::ifstream in(elf, std::ios::binary);
    const Bytes bytes((std::istreambuf_iterator<char>(in)), {});
    const auto image = node::prove::load_elf(bytes);
    if (!image) {
        std::fprintf(stderr, "%s: %s\n", elf.c_str(),
                     std::string(node::prove::describe(image.error())).c_str());
        std::exit(1);
    }
    return std::make_shared<const node::prove::Program>(*image);
}

/// What is measured has no blobs.
class NoBlobs final : public stf::BlobAuthority {
public:
    bool holds(const Bytes32& /*versioned_hash*/, ByteView /*blob*/) override { return false; }
};

}  // namespace mezz::bench
