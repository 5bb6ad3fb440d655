// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Inside of the EVM: frames, their memory, and the loop that runs them. Not for other modules.
///
/// Instructions are functions that end in a tail call of the next one. A frame that makes a call
/// returns to the loop in `Machine::execute`, which keeps the frames on a stack of its own.

#include <memory>
#include <vector>

#include "core/vm/evm/evm.hpp"

namespace mezz::evm {

class Machine;
struct Frame;
struct Table;

/// pc: the opcode; sp: one past the top of the stack; gas: what is left before the instruction.
using Handler = void (*)(const std::uint8_t* pc, uint256* sp, std::int64_t gas, Frame* f,
                         const Table* table);
struct Table {
    Handler at[256];
};
/// The instructions of a revision; `traced` ones report to the Observer first.
const Table& instructions(Revision rev) noexcept;
const Table& traced_instructions() noexcept;

inline constexpr std::int32_t MAX_CALL_DEPTH = 1024;
inline constexpr std::size_t STACK_LIMIT = 1024;
/// Words past the end of the stack that a Runner may scribble on.
inline constexpr std::size_t STACK_MARGIN = 64;

/// Linear memory of a frame: zero where never written, a multiple of 32 bytes long.
class Memory {
public:
    [[nodiscard]] std::uint8_t* data() noexcept { return data_.get(); }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint8_t* at(std::uint64_t offset) noexcept { return data_.get() + offset; }
    [[nodiscard]] ByteView view(std::uint64_t offset, std::uint64_t size) noexcept {
        return size == 0 ? ByteView{} : ByteView{data_.get() + offset, size};
    }
    /// requires: bytes > size(), a multiple of 32.
    void grow(std::uint64_t bytes) {
        if (bytes > clean_) extend(bytes);
        size_ = bytes;
    }
    /// Empties the memory; keeps the allocation unless it is larger than `kept_bytes`.
    void reset(std::uint64_t kept_bytes) noexcept;

private:
    void extend(std::uint64_t bytes);

    std::unique_ptr<std::uint8_t[]> data_;
    std::uint64_t size_ = 0;
    std::uint64_t clean_ = 0;  ///< bytes above size_ and below this are zero.
    std::uint64_t capacity_ = 0;
};

/// A message that is being executed.
struct Frame {
    Machine* machine = nullptr;
    uint256* stack = nullptr;
    uint256* stack_end = nullptr;
    const AnalysedCode* code = nullptr;
    Memory memory;
    Message message;
    AccountId self{};
    ByteView return_data;  ///< of the latest call; lives in the callee's frame.

    // How the instructions left: suspended by a call, or halted.
    bool calls = false;
    bool paused = false;  ///< a Runner stopped at pc.
    Status status = Status::success;
    const std::uint8_t* pc = nullptr;
    uint256* sp = nullptr;
    std::int64_t gas = 0;
    ByteView output;  ///< in `memory`.

    Message pending;  ///< while `calls`.
    std::uint64_t pending_output_offset = 0;
    std::uint64_t pending_output_size = 0;

    Journal::Checkpoint checkpoint;
    Address create_address;
    bool is_create = false;
    AnalysedCode initcode;
    Bytes precompile_output;
    /// Not cleared: a word is written before it is read.
    std::unique_ptr<std::byte[]> stack_memory;
};

/// Runs frames faster than the instructions of this folder do, which define what the outcome is.
/// Implementations live outside of core and are compared with them.
class Runner {
public:
    virtual ~Runner() = default;
    /// Runs the frame from its pc, sp and gas until it halts (`calls` false, status, gas, output)
    /// or makes a call (`calls` true, as the instructions leave it). returns: false when it stopped
    /// half-way, with pc, sp and gas set; then the plain instructions go on.
    virtual bool run(Frame& frame) = 0;
};

/// What a message came to. `output` lives in the frame that ran it.
struct Outcome {
    Status status = Status::success;
    std::int64_t gas_left = 0;
    ByteView output;
    Address create_address;
};

class Machine {
public:
    Machine(Journal& journal_, const ChainSpec& spec_, const BlockContext& block_,
            BlockHashes& hashes_);

    CallResult execute(const Message& message);

    Journal& journal;
    const ChainSpec& spec;
    const BlockContext& block;
    BlockHashes& hashes;
    const Revision rev;
    const uint256 blob_base_fee;
    TxContext txn;
    PreparedModulus modulus;  ///< of the latest MULMOD.
    Observer* observer = nullptr;
    Runner* runner = nullptr;
    bool unlimited_code_size = false;
    std::span<const PrecompileMove> precompile_moves;

    /// The precompile at an address, 0 for none.
    [[nodiscard]] unsigned precompile_at(const Address& address) const noexcept;

private:
    /// returns: whether a frame was pushed; otherwise `out` is the result.
    bool start(const Message& message, Outcome& out);
    bool start_create(const Message& message, Outcome& out);
    bool start_call(const Message& message, Outcome& out);
    Outcome finish(Frame& frame);
    void deploy(Frame& frame);
    void resume(Frame& frame, const Outcome& out);
    void run(Frame& frame);
    Frame& push_frame(const Message& message);
    const AnalysedCode& analysed(AccountId id);

    std::vector<std::unique_ptr<Frame>> frames_;
    std::size_t active_ = 0;
    FlatIndex<Bytes32> code_index_;
    StableVector<AnalysedCode, 16> codes_;
    Bytes top_output_;
};

}  // namespace mezz::evm
