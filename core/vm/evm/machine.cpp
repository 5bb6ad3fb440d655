// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/vm/evm/machine.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/types/transaction.hpp"
#include "core/vm/evm/precompiles.hpp"

namespace mezz::evm {
namespace {

/// Larger memories are given back to the allocator when their frame is used again. Only the first
/// frame keeps a large one: there can be a thousand others.
constexpr std::uint64_t KEPT_MEMORY_BYTES = 1 << 20;
constexpr std::uint64_t KEPT_FIRST_MEMORY_BYTES = 16 << 20;
/// Memory grows by a word or two at a time: what is cleared ahead saves as many calls of memset.
constexpr std::uint64_t CLEANED_AHEAD_BYTES = 512;
/// spec: Yellow Paper, Appendix G, G_codedeposit.
constexpr std::int64_t CODE_DEPOSIT_GAS = 200;

}  // namespace

// --- memory -----------------------------------------------------------------------------------

void Memory::extend(std::uint64_t bytes) {
    if (bytes > capacity_) {
        const std::uint64_t capacity = std::max<std::uint64_t>({bytes, capacity_ * 2, 4096});
        std::unique_ptr<std::uint8_t[]> bigger(new std::uint8_t[capacity]);
        if (size_ != 0) std::memcpy(bigger.get(), data_.get(), size_);
        data_ = std::move(bigger);
        capacity_ = capacity;
        clean_ = size_;
    }
    const std::uint64_t ahead = std::min(capacity_, bytes + CLEANED_AHEAD_BYTES);
    std::memset(data_.get() + clean_, 0, ahead - clean_);
    clean_ = ahead;
}

void Memory::reset(std::uint64_t kept_bytes) noexcept {
    size_ = clean_ = 0;
    if (capacity_ > kept_bytes) {
        data_.reset();
        capacity_ = 0;
    }
}

// --- machine ----------------------------------------------------------------------------------

Machine::Machine(Journal& journal_, const ChainSpec& spec_, const BlockContext& block_,
                 BlockHashes& hashes_)
    : journal(journal_),
      spec(spec_),
      block(block_),
      hashes(hashes_),
      rev(journal_.revision()),
      blob_base_fee(rev >= Revision::cancun
                        ? mezz::blob_base_fee(block_.excess_blob_gas,
                                              spec_.blobs_at(block_.timestamp).update_fraction)
                        : uint256{}) {}

CallResult Machine::execute(const Message& message) {
    Outcome out;
    const std::size_t base = active_;
    if (start(message, out)) {
        for (;;) {
            Frame& frame = *frames_[active_ - 1];
            run(frame);
            if (frame.calls) {
                if (!start(frame.pending, out)) resume(frame, out);
                continue;
            }
            out = finish(frame);
            --active_;
            if (active_ == base) break;
            resume(*frames_[active_ - 1], out);
        }
    }
    return {out.status, out.gas_left, journal.refund(), to_bytes(out.output), out.create_address};
}

void Machine::run(Frame& frame) {
    if (runner != nullptr && observer == nullptr && runner->run(frame)) return;
    const Table& table = observer != nullptr ? traced_instructions() : instructions(rev);
    table.at[*frame.pc](frame.pc, frame.sp, frame.gas, &frame, &table);
}

Frame& Machine::push_frame(const Message& message) {
    if (active_ == frames_.size()) {
        frames_.push_back(std::make_unique<Frame>());
        Frame& fresh = *frames_.back();
        fresh.machine = this;
        fresh.stack_memory = std::make_unique_for_overwrite<std::byte[]>(
            (STACK_LIMIT + STACK_MARGIN) * sizeof(uint256));
        fresh.stack = reinterpret_cast<uint256*>(fresh.stack_memory.get());
        fresh.stack_end = fresh.stack + STACK_LIMIT;
    }
    Frame& frame = *frames_[active_++];
    frame.memory.reset(active_ == 1 ? KEPT_FIRST_MEMORY_BYTES : KEPT_MEMORY_BYTES);
    frame.message = message;
    frame.return_data = {};
    frame.output = {};
    frame.sp = frame.stack;
    frame.gas = message.gas;
    return frame;
}

const AnalysedCode& Machine::analysed(AccountId id) {
    const auto [index, inserted] = code_index_.insert(journal.code_hash(id));
    if (inserted) codes_.push_back(AnalysedCode{journal.code(id), journal.code_hash(id)});
    return codes_[index];
}

bool Machine::start(const Message& message, Outcome& out) {
    const bool is_create = message.kind == CallKind::create || message.kind == CallKind::create2;
    out = Outcome{Status::success, message.gas, {}, {}};
    if (is_create) {
        // The address is known before any check: tracers report failed creations, too.
        const std::uint64_t nonce = journal.nonce(journal.account(message.sender));
        out.create_address =
            message.kind == CallKind::create2
                ? create2_address(message.sender, message.salt, message.input)
                : create_address(message.sender, message.depth == 0 ? nonce - 1 : nonce);
    }
    if (observer != nullptr) observer->on_enter(message, out.create_address);

    const bool moves_value = message.kind != CallKind::delegate_call && !message.value.is_zero();
    bool pushed = false;
    if (message.depth > MAX_CALL_DEPTH)
        out.status = Status::call_depth_exceeded;
    else if (moves_value && journal.balance(journal.account(message.sender)) < message.value)
        out.status = Status::insufficient_balance;
    else
        pushed = is_create ? start_create(message, out) : start_call(message, out);
    if (!pushed && observer != nullptr) observer->on_exit(out.status, out.gas_left, out.output);
    return pushed;
}

/// spec: Yellow Paper §7; EIP-161, EIP-684, EIP-2681, EIP-2929, EIP-7610.
bool Machine::start_create(const Message& message, Outcome& out) {
    const AccountId sender = journal.account(message.sender);
    if (message.depth > 0) {
        const std::uint64_t nonce = journal.nonce(sender);
        if (nonce == ~std::uint64_t{0}) {
            out.status = Status::nonce_overflow;
            return false;
        }
        journal.set_nonce(sender, nonce + 1);
    }
    const AccountId created = journal.account(out.create_address);
    if (rev >= Revision::berlin) journal.warm(created);
    if (journal.nonce(created) != 0 || journal.has_code(created) || journal.has_storage(created)) {
        out.status = Status::create_collision;
        out.gas_left = 0;
        return false;
    }
    const auto checkpoint = journal.checkpoint();
    journal.mark_created(created);
    journal.touch(created);
    if (rev >= Revision::spurious_dragon) journal.set_nonce(created, 1);
    journal.subtract_balance(sender, message.value);
    journal.add_balance(created, message.value);

    Frame& frame = push_frame(message);
    frame.is_create = true;
    frame.create_address = out.create_address;
    frame.checkpoint = checkpoint;
    frame.self = created;
    frame.message.recipient = out.create_address;
    frame.message.input = {};
    frame.initcode.assign(message.input);
    frame.code = &frame.initcode;
    frame.pc = frame.code->begin();
    return true;
}

bool Machine::start_call(const Message& message, Outcome& out) {
    const auto checkpoint = journal.checkpoint();
    const AccountId self = journal.account(message.recipient);
    if (message.kind == CallKind::call) {
        journal.touch(self);
        if (!message.value.is_zero()) {
            journal.subtract_balance(journal.account(message.sender), message.value);
            journal.add_balance(self, message.value);
        }
    }
    const unsigned precompile = message.delegated ? 0 : precompile_at(message.code_address);
    if (precompile != 0) {
        // A call at depth 0 has no frame below it to keep the output.
        Bytes& output = active_ == 0 ? top_output_ : frames_[active_ - 1]->precompile_output;
        const PrecompileResult result =
            run_precompile(precompile, rev, message.input, message.gas, output);
        out.gas_left = result.gas_left;
        if (result.ok) {
            out.output = output;
        } else {
            out.status = result.out_of_gas ? Status::out_of_gas : Status::precompile_failure;
            journal.revert(checkpoint);
        }
        return false;
    }
    const AccountId code_owner =
        message.code_address == message.recipient ? self : journal.account(message.code_address);
    if (!journal.has_code(code_owner)) return false;

    const AnalysedCode& code = analysed(code_owner);
    Frame& frame = push_frame(message);
    frame.is_create = false;
    frame.checkpoint = checkpoint;
    frame.self = self;
    frame.code = &code;
    frame.pc = code.begin();
    return true;
}

/// Stores what initcode returned as the new account's code, or makes the frame fail.
/// spec: Yellow Paper §7 (95)-(97); EIP-2, EIP-170, EIP-3541.
void Machine::deploy(Frame& frame) {
    const ByteView code = frame.output;
    const std::uint64_t max_size = traits(rev).max_code_size;
    if (max_size != 0 && code.size() > max_size && !unlimited_code_size)
        frame.status = Status::code_size_exceeded;
    else if (rev >= Revision::london && !code.empty() && code[0] == 0xef)
        frame.status = Status::invalid_code_prefix;
    else if (const auto cost = CODE_DEPOSIT_GAS * static_cast<std::int64_t>(code.size());
             cost > frame.gas) {
        // Frontier keeps the account, without code.
        if (rev >= Revision::homestead) frame.status = Status::code_deposit_out_of_gas;
    } else {
        frame.gas -= cost;
        if (!code.empty()) journal.set_code(frame.self, to_bytes(code));
    }
    if (frame.status != Status::success) {
        frame.gas = 0;
        frame.output = {};
    }
}

Outcome Machine::finish(Frame& frame) {
    if (frame.is_create && frame.status == Status::success) deploy(frame);
    if (frame.status != Status::success) journal.revert(frame.checkpoint);
    if (observer != nullptr) observer->on_exit(frame.status, frame.gas, frame.output);
    return {frame.status, frame.gas, frame.output,
            frame.is_create ? frame.create_address : Address{}};
}

void Machine::resume(Frame& frame, const Outcome& out) {
    frame.calls = false;
    frame.gas += out.gas_left;
    const bool ok = out.status == Status::success;
    const bool was_create =
        frame.pending.kind == CallKind::create || frame.pending.kind == CallKind::create2;
    if (was_create) {
        *frame.sp++ = ok ? to_uint256(out.create_address) : uint256{};
        // Code that was deployed is not return data. spec: EIP-211.
        frame.return_data = ok ? ByteView{} : out.output;
        return;
    }
    *frame.sp++ = uint256{ok ? 1u : 0u};
    frame.return_data = out.output;
    const std::size_t copied = std::min<std::size_t>(frame.pending_output_size, out.output.size());
    if (copied != 0)
        std::memcpy(frame.memory.at(frame.pending_output_offset), out.output.data(), copied);
}

// --- public face ------------------------------------------------------------------------------

Evm::Evm(Journal& journal, const ChainSpec& spec, const BlockContext& block, BlockHashes& hashes)
    : machine_(std::make_unique<Machine>(journal, spec, block, hashes)) {}
Evm::~Evm() = default;

void Evm::set_transaction(const TxContext& context) noexcept {
    machine_->txn = context;
}
void Evm::set_observer(Observer* observer) noexcept {
    machine_->observer = observer;
}
void Evm::set_runner(Runner* runner) noexcept {
    machine_->runner = runner;
}
void Evm::set_unlimited_code_size(bool unlimited) noexcept {
    machine_->unlimited_code_size = unlimited;
}
void Evm::set_precompile_moves(std::span<const PrecompileMove> moves) noexcept {
    machine_->precompile_moves = moves;
}
CallResult Evm::execute(const Message& message) {
    return machine_->execute(message);
}
Revision Evm::revision() const noexcept {
    return machine_->rev;
}
const uint256& Evm::blob_base_fee() const noexcept {
    return machine_->blob_base_fee;
}

unsigned Machine::precompile_at(const Address& address) const noexcept {
    for (auto move = precompile_moves.rbegin(); move != precompile_moves.rend(); ++move)
        if (move->to == address) return precompile_number(move->from, rev);
    for (const PrecompileMove& move : precompile_moves)
        if (move.from == address) return 0;
    return precompile_number(address, rev);
}

Address create2_address(const Address& sender, const Bytes32& salt, ByteView initcode) {
    crypto::Keccak256 hasher;
    const std::uint8_t prefix[1] = {0xff};
    hasher.update(prefix);
    hasher.update(sender);
    hasher.update(salt);
    hasher.update(crypto::keccak256(initcode));
    return Address::from(ByteView(hasher.finish()).subspan(12));
}

bool is_precompile(const Address& address, Revision rev) noexcept {
    return precompile_number(address, rev) != 0;
}

}  // namespace mezz::evm
