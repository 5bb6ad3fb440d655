// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Turns the ceremony's text into the binary that the node embeds:
//     make_trusted_setup trusted_setup.txt node/host/crypto/trusted_setup.bin
#include <cstdio>
#include <fstream>
#include <iterator>

#include "core/crypto/kzg_setup.hpp"

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: make_trusted_setup TEXT BINARY\n");
        return 2;
    }
    std::ifstream in(argv[1], std::ios::binary);
    const mezz::Bytes text{std::istreambuf_iterator<char>(in), {}};
    const auto setup = mezz::crypto::parse_trusted_setup(text);
    if (!setup) {
        std::fprintf(stderr, "make_trusted_setup: %s is not the ceremony's output\n", argv[1]);
        return 1;
    }
    const mezz::Bytes bytes = mezz::crypto::encode_setup(*setup);
    std::ofstream out(argv[2], std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    return out.good() ? 0 : 1;
}
