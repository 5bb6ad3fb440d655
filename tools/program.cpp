// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// mezz-program FILE: what names the program in an ELF image, as guest/program.json has it.

#include <cstdio>
#include <fstream>
#include <iterator>

#include "core/crypto/sha256.hpp"
#include "node/ports/hex_text.hpp"
#include "node/prove/machine/machine.hpp"

int main(int argc, char** argv) {
    using namespace mezz;
    if (argc != 2) {
        std::fprintf(stderr, "usage: mezz-program FILE\n");
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    const auto image = node::prove::load_elf(bytes);
    if (!image) {
        std::fprintf(stderr, "mezz-program: %s: %s\n", argv[1],
                     std::string(node::prove::describe(image.error())).c_str());
        return 1;
    }
    const node::prove::Program program(*image);
    std::printf(
        "{\n  \"programId\": \"%s\",\n  \"codeRoot\": \"%s\",\n  \"initialState\": \"%s\",\n"
        "  \"sha256\": \"%s\"\n}\n",
        node::hex_text(program.id()).c_str(), node::hex_text(program.code_root()).c_str(),
        node::hex_text(riscv::hash(program.initial())).c_str(),
        node::hex_text(crypto::sha256(bytes)).c_str());
    return 0;
}
