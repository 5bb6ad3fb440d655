// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/machine.hpp"

#include <algorithm>
#include <utility>

#include "core/base/endian.hpp"
#include "node/host/crypto/keccak_native.hpp"

namespace mezz::node::prove {
namespace {

/// The code memory from address 0 to the end of the image's, in whole leaves.
Bytes code_memory(const Image& image) {
    Bytes out;
    for (const auto& s : image.code) {
        const std::size_t end = s.address + s.bytes.size();
        if (out.size() < end) out.resize((end + 31) / 32 * 32);
        std::ranges::copy(s.bytes, out.begin() + static_cast<std::ptrdiff_t>(s.address));
    }
    return out;
}

riscv::PaddedTree tree_over(ByteView code) {
    std::vector<Bytes32> leaves;
    for (; !code.empty(); code = code.subspan(riscv::LEAF_BYTES))
        leaves.push_back(Bytes32::from(code));
    return {std::move(leaves), {}, riscv::CODE_LEVELS, hash_nodes_native};
}

MemoryTree data_memory(const Image& image) {
    std::vector<std::pair<std::uint64_t, ByteView>> parts;
    for (const auto& s : image.data) parts.emplace_back(s.address, s.bytes);
    return memory_of(parts);
}

/// The leaf at `address`, and its siblings.
void append_data_part(Bytes& out, const MemoryTree& memory, std::uint64_t address) {
    static const Page ZERO;
    const auto index = static_cast<std::uint32_t>(address >> PAGE_BITS);
    const Page* const page = memory.page(index);
    PageTree tree;
    hash_page(page != nullptr ? page->bytes : ZERO.bytes, tree);
    std::size_t node = tree.size() / 2 + address % PAGE_BYTES / riscv::LEAF_BYTES;
    append(out, tree[node]);
    for (; node > 1; node /= 2) append(out, tree[node ^ 1]);
    for (const Bytes32& sibling : memory.page_path(index)) append(out, sibling);
}

/// The access of the definition to a machine.
class MachineAccess {
public:
    MachineAccess(const Program& program, Memory& memory, riscv::PreimageEnv& preimages) noexcept
        : program_(program), memory_(memory), preimages_(preimages) {}

    bool fetch(std::uint64_t pc, std::uint32_t& word) const noexcept {
        word = program_.word(pc);
        return true;
    }
    bool load(std::uint64_t address, unsigned size_bytes, std::uint64_t& value) noexcept {
        value = memory_.load(address, size_bytes);
        return true;
    }
    bool store(std::uint64_t address, unsigned size_bytes, std::uint64_t value) {
        memory_.store(address, size_bytes, value);
        return true;
    }
    bool load_leaf(std::uint64_t address, Bytes32& leaf) noexcept {
        leaf = memory_.load_leaf(address);
        return true;
    }
    bool read_preimage(const Bytes32& key, std::uint64_t offset, std::uint64_t address,
                       std::uint64_t& length) {
        const auto preimage = preimages_.get(key);
        if (!preimage) return false;
        length = preimage->size();
        memory_.store_leaf(address, riscv::preimage_leaf(*preimage, offset));
        return true;
    }

private:
    const Program& program_;
    Memory& memory_;
    riscv::PreimageEnv& preimages_;
};

}  // namespace

Program::Program(const Image& image)
    : code_(code_memory(image)),
      code_tree_(tree_over(code_)),
      decoded_(code_),
      data_(data_memory(image)),
      entry_(image.entry) {}

std::uint32_t Program::word(std::uint64_t pc) const noexcept {
    return pc < code_.size() ? load_le32(code_.data() + pc) : 0;
}

riscv::State Program::initial() const {
    riscv::State out;
    out.memory_root = data_.root();
    out.hart.pc = entry_;
    return out;
}

Bytes32 Program::id() const {
    return riscv::program_id(code_root(), riscv::hash(initial()));
}

Machine::Machine(std::shared_ptr<const Program> program, riscv::PreimageEnv& preimages)
    : program_(std::move(program)),
      preimages_(&preimages),
      hart_(program_->initial().hart),
      memory_(program_->data()) {}

std::expected<void, UnknownPreimage> Machine::step_plainly() {
    MachineAccess access(*program_, memory_, *preimages_);
    if (!riscv::step(hart_, access)) return std::unexpected(UnknownPreimage{hart_.key, hart_.step});
    return {};
}

std::expected<void, UnknownPreimage> Machine::run_to(std::uint64_t step) {
    while (hart_.step < step && !hart_.exited) {
        program_->decoded().run(hart_, memory_, step - hart_.step);
        if (hart_.step == step) break;
        if (auto done = step_plainly(); !done) return done;
    }
    return {};
}

std::expected<std::optional<riscv::Touched>, UnknownPreimage> Machine::step() {
    MachineAccess access(*program_, memory_, *preimages_);
    riscv::RecordingAccess recording(access);
    if (!riscv::step(hart_, recording))
        return std::unexpected(UnknownPreimage{hart_.key, hart_.step});
    return recording.touched();
}

std::expected<Bytes, UnknownPreimage> Machine::witness() {
    const riscv::State before = state();
    Bytes out = to_bytes(riscv::encode(before));
    const std::uint64_t pc = hart_.pc;
    if (hart_.exited || !riscv::can_fetch(pc)) return out;
    Bytes32 code_leaf;
    for (std::uint64_t i = 0; i < riscv::LEAF_BYTES; i += 4)
        store_le32(code_leaf.data() + i,
                   program_->word(pc / riscv::LEAF_BYTES * riscv::LEAF_BYTES + i));
    append(out, code_leaf);
    append(out, program_->code_tree().path(pc / riscv::LEAF_BYTES));

    const auto touched = step();
    if (!touched) return std::unexpected(touched.error());
    // What was committed before the step is still there: it went to a copy of the page.
    if (*touched) append_data_part(out, memory_.committed(), (*touched)->address);
    restore({before.hart, memory_.committed()});
    return out;
}

Bytes32 hash_of(const Snapshot& snapshot) {
    return host::keccak256_native(
        riscv::encode(riscv::State{snapshot.memory.root(), snapshot.hart}));
}

riscv::State Machine::state() {
    return {memory_.commit().root(), hart_};
}

Bytes32 Machine::state_hash() {
    return host::keccak256_native(riscv::encode(state()));
}

Snapshot Machine::snapshot() {
    return {hart_, memory_.commit()};
}

Snapshot Machine::snapshot(Unhashed& unhashed) {
    return {hart_, memory_.commit(unhashed)};
}

void Machine::restore(const Snapshot& snapshot) {
    hart_ = snapshot.hart;
    memory_.restore(snapshot.memory);
}

}  // namespace mezz::node::prove
