// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// For tests: images made of instructions, random programs, and the comparison of all ways to run
/// one.

#include <bit>
#include <optional>
#include <random>
#include <string>

#include "core/riscv/test_machine.hpp"
#include "core/riscv/witness.hpp"
#include "node/prove/machine/machine.hpp"

namespace mezz::node::prove::testing {

using riscv::Kind;
using riscv::testing::assemble;
using Words = std::vector<std::uint32_t>;

inline Bytes bytes_of(const Words& words) {
    Bytes out(words.size() * 4);
    for (std::size_t i = 0; i < words.size(); ++i) store_le32(out.data() + 4 * i, words[i]);
    return out;
}

struct ElfSegment {
    std::uint64_t address = 0;
    Bytes bytes;
    std::uint64_t memory_bytes = 0;
    std::uint32_t flags = 0;  ///< 4 read, 2 write, 1 execute
};

/// An executable with these segments.
inline Bytes elf(std::uint64_t entry, const std::vector<ElfSegment>& segments) {
    const auto put = [](Bytes& out, std::uint64_t value, unsigned size) {
        for (unsigned i = 0; i < size; ++i)
            out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    Bytes out{0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    put(out, 2, 2);    // executable
    put(out, 243, 2);  // RISC-V
    put(out, 1, 4);
    put(out, entry, 8);
    put(out, 64, 8);  // program headers
    put(out, 0, 8);
    put(out, 0, 4);
    for (const std::uint64_t v :
         {std::uint64_t{64}, std::uint64_t{56}, std::uint64_t{segments.size()}, std::uint64_t{64}})
        put(out, v, 2);
    put(out, 0, 4);
    // Offsets and addresses agree modulo a page, as systems want it.
    std::uint64_t offset = 4096;
    for (const ElfSegment& s : segments) {
        offset += s.address % 4096;
        put(out, 1, 4);
        put(out, s.flags, 4);
        for (const std::uint64_t v : {offset, s.address, s.address, std::uint64_t{s.bytes.size()},
                                      s.memory_bytes, std::uint64_t{4096}})
            put(out, v, 8);
        offset = (offset + s.bytes.size() + 4095) / 4096 * 4096;
    }
    for (const ElfSegment& s : segments) {
        out.resize((out.size() + 4095) / 4096 * 4096 + s.address % 4096);
        append(out, s.bytes);
    }
    return out;
}

/// A program with these words at CODE and from there on.
inline constexpr std::uint64_t CODE = 0x1000;
inline std::shared_ptr<const Program> program_of(const Words& words) {
    Image image;
    image.code.push_back({CODE, bytes_of(words)});
    image.data.push_back({riscv::DATA_START, Bytes(100, 0x81)});
    image.entry = CODE;
    return std::make_shared<const Program>(image);
}

/// Numbers where something changes.
inline std::uint64_t edge_number(std::mt19937_64& random) {
    constexpr std::uint64_t EDGES[] = {0,
                                       1,
                                       2,
                                       3,
                                       31,
                                       32,
                                       63,
                                       64,
                                       0x7f,
                                       0x80,
                                       0xff,
                                       0x7fff,
                                       0x8000,
                                       0xffff,
                                       0x7fff'ffff,
                                       0x8000'0000,
                                       0xffff'ffff,
                                       0x1'0000'0000,
                                       0x7fff'ffff'ffff'ffff,
                                       0x8000'0000'0000'0000};
    const std::uint64_t edge = EDGES[random() % std::size(EDGES)];
    switch (random() % 6) {
        case 0:
            return random();
        case 1:
            return ~edge;
        case 2:
            return 0 - edge;
        case 3:
            return edge + random() % 3 - 1;
        case 4:
            return riscv::extend_word(static_cast<std::uint32_t>(edge));
        default:
            return edge;
    }
}

/// A state from which a random program does more than trap: some registers point into data, one to
/// code, one chooses a call.
inline riscv::Hart random_hart(std::mt19937_64& random) {
    riscv::Hart hart;
    hart.pc = CODE;
    hart.step = random() % 8 == 0 ? random() >> (random() % 64) : 0;
    for (unsigned i = 1; i < 32; ++i) hart.x[i] = edge_number(random);
    hart.x[1] = riscv::DATA_START + 2048 + 8 * (random() % 16);
    hart.x[2] = riscv::DATA_END - 4096 + random() % 2048 / 8 * 8;
    hart.x[3] = CODE + 4 * (random() % 64);
    hart.x[riscv::A0] = riscv::DATA_START + 32 * (random() % 4);
    constexpr std::uint64_t CALLS[] = {riscv::CALL_SET_KEY, riscv::CALL_READ, riscv::CALL_EXIT, 64};
    hart.x[riscv::A7] = CALLS[random() % 4];
    return hart;
}

inline Words random_words(std::mt19937_64& random, std::size_t count) {
    Words out;
    while (out.size() < count) {
        if (random() % 64 == 0) {  // seldom an instruction, often nearly one
            out.push_back(static_cast<std::uint32_t>(random()) | 3);
            continue;
        }
        const auto& e = riscv::testing::ENCODINGS[random() % std::size(riscv::testing::ENCODINGS)];
        // Few registers, so that results are used; pointers seldom overwritten.
        unsigned rd = random() % 16 == 0 ? static_cast<unsigned>(random() % 32)
                                         : 4 + static_cast<unsigned>(random() % 6);
        if (random() % 16 == 0) rd = 0;
        unsigned rs1 = static_cast<unsigned>(random() % 12);
        const unsigned rs2 = static_cast<unsigned>(random() % 12);
        auto imm = static_cast<std::int32_t>(random());
        if (riscv::is_load(e.kind) || riscv::is_store(e.kind)) {
            rs1 = 1 + static_cast<unsigned>(random() % 2);
            if (random() % 16 != 0) imm &= 0x7f8;
        }
        if (e.kind == Kind::jalr) {
            rs1 = 3;
            imm &= random() % 8 == 0 ? 0x3f : 0x3c;
        }
        if (riscv::is_branch(e.kind) || e.kind == Kind::jal)
            imm = static_cast<std::int32_t>(random() % 24) * 4 - (random() % 4 == 0 ? 40 : 0);
        if (e.kind == Kind::ecall && random() % 2 == 0) continue;
        out.push_back(assemble(e.kind, rd, rs1, rs2, imm));
    }
    return out;
}

/// Runs `words` from `hart` for `steps` steps in every way there is: by the definition over maps,
/// by the fast interpreter in strides, and each step from its witness.
/// returns: nothing if all agree, or what does not.
inline std::optional<std::string> difference(const Words& words, const riscv::Hart& hart,
                                             std::uint64_t steps, std::mt19937_64& random,
                                             bool witnesses) {
    const auto program = program_of(words);
    riscv::testing::MapAccess plain;
    for (std::size_t i = 0; i < words.size(); ++i) plain.put_code(CODE + 4 * i, words[i]);
    for (unsigned i = 0; i < 100; ++i) (void)plain.store(riscv::DATA_START + i, 1, 0x81);
    // Every second key is known.
    class Some final : public riscv::PreimageEnv {
    public:
        std::optional<ByteView> get(const Bytes32& key) override {
            return key[0] % 4 != 3 ? std::optional<ByteView>(ByteView(bytes_).first(key[1] % 70))
                                   : std::nullopt;
        }

    private:
        Bytes bytes_ = Bytes(70, 0x5a);
    } preimages;
    struct Plain {
        riscv::testing::MapAccess& base;
        riscv::PreimageEnv& preimages;
        bool fetch(std::uint64_t pc, std::uint32_t& word) { return base.fetch(pc, word); }
        bool load(std::uint64_t a, unsigned n, std::uint64_t& v) { return base.load(a, n, v); }
        bool store(std::uint64_t a, unsigned n, std::uint64_t v) { return base.store(a, n, v); }
        bool load_leaf(std::uint64_t a, Bytes32& leaf) { return base.load_leaf(a, leaf); }
        bool read_preimage(const Bytes32& key, std::uint64_t offset, std::uint64_t a,
                           std::uint64_t& length) {
            const auto preimage = preimages.get(key);
            if (!preimage) return false;
            length = preimage->size();
            base.data[a] = riscv::preimage_leaf(*preimage, offset);
            return true;
        }
    } access{plain, preimages};

    Machine fast(program, preimages), single(program, preimages);
    fast.restore({hart, program->data()});
    single.restore({hart, program->data()});
    riscv::Hart expected = hart;
    std::uint64_t next_look = 0;
    for (std::uint64_t i = 0; i < steps; ++i) {
        const auto at = [&](const char* what) {
            return std::string(what) + " after " + std::to_string(i) + " steps";
        };
        std::expected<Bytes, UnknownPreimage> witness;
        Bytes32 before;
        if (witnesses) {
            before = single.state_hash();
            witness = single.witness();
        }
        const bool known = riscv::step(expected, access);
        const auto stepped = single.step();
        if (known != stepped.has_value()) return at("the definition stops elsewhere");
        if (!known) {
            const auto ran = fast.run_to(hart.step + steps);
            if (ran || ran.error() != UnknownPreimage{expected.key, expected.step})
                return at("the fast one does not stop at an unknown key");
            if (witnesses && witness.has_value()) return at("a witness without a preimage");
            if (fast.hart() != expected) return at("the fast one stops in another state");
            return std::nullopt;
        }
        if (single.hart() != expected) return at("the single steps differ");
        if (witnesses) {
            const auto hash = riscv::replay(*witness, before, program->code_root(), preimages);
            if (!hash || *hash != single.state_hash()) return at("the witness gives another hash");
        }
        if (i < next_look && i + 1 < steps && !expected.exited) continue;
        next_look = i + random() % 40;
        if (!fast.run_to(hart.step + i + 1)) return at("the fast one misses a preimage");
        if (fast.hart() != expected) return at("the fast one differs");
        if (fast.state_hash() != single.state_hash()) return at("memory differs");
        if (expected.exited) break;
    }
    const Bytes32 root = riscv::testing::SparseTree(plain.data, riscv::DATA_LEVELS).root();
    return fast.state().memory_root == root ? std::nullopt
                                            : std::optional<std::string>("the roots differ");
}

}  // namespace mezz::node::prove::testing
