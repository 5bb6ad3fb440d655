// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The Ethereum virtual machine: runs one message (and all the messages it makes) on a Journal.
///
/// The machine keeps its own frame stack, so a call depth of 1024 uses no native stack. Frames,
/// stacks, memories and code analyses are kept from one message to the next; make one Evm a block.

#include <memory>

#include "core/spec/chain_spec.hpp"
#include "core/state/journal.hpp"
#include "core/vm/evm/code.hpp"
#include "core/vm/evm/context.hpp"

namespace mezz::evm {

enum class CallKind : std::uint8_t { call, call_code, delegate_call, create, create2 };

/// How a frame ended. Everything but `success` and `revert` consumes all of the frame's gas.
enum class Status : std::uint8_t {
    success,
    revert,
    out_of_gas,
    invalid_instruction,    ///< the designated INVALID (0xfe).
    undefined_instruction,  ///< not assigned in this revision.
    stack_overflow,
    stack_underflow,
    bad_jump_destination,
    static_mode_violation,
    invalid_memory_access,  ///< RETURNDATACOPY out of bounds. spec: EIP-211.
    precompile_failure,
    call_depth_exceeded,
    insufficient_balance,
    nonce_overflow,          ///< the creator's nonce is 2^64-1. spec: EIP-2681.
    create_collision,        ///< spec: EIP-684, EIP-7610.
    code_size_exceeded,      ///< spec: EIP-170.
    initcode_size_exceeded,  ///< spec: EIP-3860.
    invalid_code_prefix,     ///< new code starts with 0xef. spec: EIP-3541.
    code_deposit_out_of_gas,
};

struct Message {
    CallKind kind = CallKind::call;
    bool is_static = false;  ///< spec: EIP-214.
    /// The code of `code_address` was reached through a delegation. spec: EIP-7702.
    bool delegated = false;
    std::int32_t depth = 0;
    std::int64_t gas = 0;
    Address sender;
    Address recipient;     ///< whose storage and balance; ignored by create and create2.
    Address code_address;  ///< whose code; ignored by create and create2.
    uint256 value;         ///< wei; apparent value only, for delegate_call.
    ByteView input;        ///< call data, or initcode; must outlive the call.
    Bytes32 salt;          ///< create2 only.
};

struct CallResult {
    Status status = Status::success;
    std::int64_t gas_left = 0;
    std::int64_t gas_refund = 0;  ///< refund counter of the transaction so far.
    Bytes output;                 ///< return data, or revert data.
    Address create_address;       ///< where a create put (or would have put) its code.
};

/// Sees execution from outside: tracers implement it. Costs nothing while absent.
class Observer {
public:
    struct Step {
        std::uint64_t program_counter;
        std::uint8_t opcode;
        std::int64_t gas_left;  ///< before the instruction.
        std::int32_t depth;
        std::span<const uint256> stack;  ///< bottom first.
        ByteView memory;
        ByteView return_data;
        std::int64_t refund;
        const Address* address;  ///< whose storage.
    };
    virtual ~Observer() = default;
    virtual void on_step(const Step& step) { (void)step; }
    /// Asked after each step: once true, every frame ends out of gas before its next instruction.
    /// For those who only look and have seen enough; the effects are of no use then.
    [[nodiscard]] virtual bool stops() const { return false; }
    /// A frame starts; also for precompiles and for calls that fail before running any code.
    virtual void on_enter(const Message& message, const Address& create_address) {
        (void)message;
        (void)create_address;
    }
    virtual void on_exit(Status status, std::int64_t gas_left, ByteView output) {
        (void)status;
        (void)gas_left;
        (void)output;
    }
    /// SELFDESTRUCT moved `balance` wei. Comes inside the destroyed contract's frame.
    virtual void on_selfdestruct(const Address& contract, const Address& heir,
                                 const uint256& balance) {
        (void)contract;
        (void)heir;
        (void)balance;
    }
};

/// Precompiles that simulations put elsewhere than the revision does. Later entries win.
struct PrecompileMove {
    Address from;               ///< nothing runs here any more
    std::optional<Address> to;  ///< where it runs instead
};

class Machine;
class Runner;

class Evm {
public:
    /// Keeps references to all arguments; they must outlive the Evm.
    Evm(Journal& journal, const ChainSpec& spec, const BlockContext& block, BlockHashes& hashes);
    ~Evm();
    Evm(const Evm&) = delete;
    Evm& operator=(const Evm&) = delete;

    /// Sets what ORIGIN, GASPRICE and BLOBHASH answer. Keeps the span of blob hashes.
    void set_transaction(const TxContext& context) noexcept;
    /// nullptr = none.
    void set_observer(Observer* observer) noexcept;
    /// A faster way to run frames, with equal effect; unused while an observer is set. nullptr =
    /// none.
    void set_runner(Runner* runner) noexcept;
    /// Keeps the span. For simulations.
    void set_precompile_moves(std::span<const PrecompileMove> moves) noexcept;
    /// Lets simulations pass the size limits of EIP-170 and EIP-3860.
    void set_unlimited_code_size(bool unlimited) noexcept;

    /// Runs a message inside the Journal's current transaction: moves value, increments the
    /// creator's nonce for nested creates (not for depth 0, where the transaction did), runs code
    /// and keeps or reverts the effects. Warmth of addresses is the caller's concern.
    CallResult execute(const Message& message);

    [[nodiscard]] Revision revision() const noexcept;
    [[nodiscard]] const uint256& blob_base_fee() const noexcept;

private:
    std::unique_ptr<Machine> machine_;
};

/// Address a CREATE2 gives (CREATE's is `mezz::create_address`). spec: EIP-1014.
[[nodiscard]] Address create2_address(const Address& sender, const Bytes32& salt,
                                      ByteView initcode);
/// Whether `address` is a precompile in `rev`.
[[nodiscard]] bool is_precompile(const Address& address, Revision rev) noexcept;

}  // namespace mezz::evm
