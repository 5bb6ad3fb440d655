// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A program on the machine of docs/reference/machine.md.
///
///     auto program = std::make_shared<const Program>(*load_elf(file));
///     Machine machine(program, preimages);
///     if (auto ran = machine.run_to(1 << 20); !ran) ... ran.error().key is not known
///     Bytes32 hash = machine.state_hash();

#include <expected>
#include <memory>

#include "core/riscv/preimages.hpp"
#include "core/riscv/step.hpp"
#include "node/prove/machine/image.hpp"
#include "node/prove/machine/interpreter.hpp"

namespace mezz::node::prove {

/// What a run needs of an image. Immutable, so shared between threads.
class Program {
public:
    explicit Program(const Image& image);

    [[nodiscard]] const riscv::PaddedTree& code_tree() const noexcept { return code_tree_; }
    [[nodiscard]] const Bytes32& code_root() const noexcept { return code_tree_.root(); }
    [[nodiscard]] const DecodedCode& decoded() const noexcept { return decoded_; }
    /// The word at `pc`. requires: can_fetch(pc).
    [[nodiscard]] std::uint32_t word(std::uint64_t pc) const noexcept;
    [[nodiscard]] const MemoryTree& data() const noexcept { return data_; }
    [[nodiscard]] riscv::State initial() const;
    [[nodiscard]] Bytes32 id() const;

private:
    Bytes code_;
    riscv::PaddedTree code_tree_;
    DecodedCode decoded_;
    MemoryTree data_;
    std::uint64_t entry_;
};

/// Why a state has no next: `read` of a preimage that the environment does not know.
struct UnknownPreimage {
    Bytes32 key;
    std::uint64_t step = 0;  ///< of the state that stands before the call

    friend bool operator==(const UnknownPreimage&, const UnknownPreimage&) = default;
};

/// A state between steps, without hashes: what a run goes back to.
struct Snapshot {
    riscv::Hart hart;
    MemoryTree memory;
};
/// The state's hash.
[[nodiscard]] Bytes32 hash_of(const Snapshot& snapshot);

/// Thread-compatible.
class Machine {
public:
    /// At the initial state. Keeps a reference to `preimages`.
    Machine(std::shared_ptr<const Program> program, riscv::PreimageEnv& preimages);

    [[nodiscard]] const Program& program() const noexcept { return *program_; }
    [[nodiscard]] const riscv::Hart& hart() const noexcept { return hart_; }
    [[nodiscard]] Memory& memory() noexcept { return memory_; }

    /// Runs until `step` steps are done or the program exited.
    /// errors: an unknown preimage; the machine stands before the call, and may be asked again.
    std::expected<void, UnknownPreimage> run_to(std::uint64_t step);
    /// One step as the definition does it; of data, what it touched.
    std::expected<std::optional<riscv::Touched>, UnknownPreimage> step();

    /// What another party needs to compute the next state's hash; the machine stays where it is.
    /// spec: docs/reference/machine.md, "Witness of a step".
    [[nodiscard]] std::expected<Bytes, UnknownPreimage> witness();

    /// The state, for which what was written is hashed.
    [[nodiscard]] riscv::State state();
    [[nodiscard]] Bytes32 state_hash();
    [[nodiscard]] Snapshot snapshot();
    /// The same, with the hashes left to the caller: until they are made, the machine may only run,
    /// and be asked for its next snapshot in this way.
    [[nodiscard]] Snapshot snapshot(Unhashed& unhashed);
    void restore(const Snapshot& snapshot);

private:
    std::expected<void, UnknownPreimage> step_plainly();

    std::shared_ptr<const Program> program_;
    riscv::PreimageEnv* preimages_;
    riscv::Hart hart_;
    Memory memory_;
};

}  // namespace mezz::node::prove
