// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/trace_maker.hpp"

#include "app/rollup_file.hpp"
#include "node/host/crypto/kzg_blobs.hpp"
#include "node/host/threads/helper_thread.hpp"

namespace mezz::app {
namespace {

using node::prove::Trace;

/// A trace with everything it was made of.
class OwnTrace final : public node::DisputeTrace {
public:
    OwnTrace(const stf::Question& question, Bytes bytes)
        : bytes_(std::move(bytes)), witness_(decode(bytes_)), preimages_(question, witness_) {}

    node::Result<void> run(std::shared_ptr<const node::prove::Program> program) {
        host::HelperThread hasher;
        node::prove::TraceOptions options;
        options.helper = &hasher;
        auto ran = Trace::run(std::move(program), preimages_, options);
        if (!ran) return lacks(ran.error());
        trace_ = std::make_unique<Trace>(std::move(*ran));
        return {};
    }

    Bytes final_state() override { return last_state_; }
    node::Result<void> find_last() {
        // The state behind the end is its own next: its witness is the state alone.
        const auto witness = trace_->witness(trace_->last().step);
        if (!witness) return lacks(witness.error());
        last_state_ = to_bytes(ByteView(*witness).first(riscv::STATE_BYTES));
        return {};
    }
    History level1() override { return {std::shared_ptr<void>(), &trace_->level1()}; }
    node::Result<History> level2(std::uint64_t leaf) override {
        auto history = trace_->level2(leaf);
        if (!history) return lacks(history.error());
        return std::move(*history);
    }
    node::Result<Bytes> witness(std::uint64_t step) override {
        auto made = trace_->witness(step);
        if (!made) return lacks(made.error());
        return std::move(*made);
    }
    std::optional<ByteView> preimage(const Bytes32& key) override { return preimages_.get(key); }

private:
    static stf::Witness decode(ByteView bytes) {
        host::KzgBlobs blobs;
        // Recorded here: it decodes.
        return stf::Witness::decode(bytes, blobs).value_or(stf::Witness{});
    }
    static std::unexpected<node::Error> lacks(const node::prove::UnknownPreimage& e) {
        return node::fatal("bug: the witness lacks preimage " + hex_text(e.key) +
                           ", which the program reads at step " + std::to_string(e.step));
    }

    Bytes bytes_;  ///< of the witness, which points into them
    stf::Witness witness_;
    node::prove::QuestionPreimages preimages_;
    std::unique_ptr<Trace> trace_;
    Bytes last_state_;
};

/// Shows preimages as they are, until it is told to show them moved up by one leaf.
class StalePreimages final : public riscv::PreimageEnv {
public:
    explicit StalePreimages(riscv::PreimageEnv& real) : real_(real) {}
    bool stale = false;
    std::optional<ByteView> get(const Bytes32& key) override {
        const auto found = real_.get(key);
        if (!stale || !found) return found;
        moved_.assign(riscv::LEAF_BYTES, 0);
        append(moved_, *found);
        moved_.resize(found->size());
        return ByteView(moved_);
    }

private:
    riscv::PreimageEnv& real_;
    Bytes moved_;
};

}  // namespace

node::Result<StaleRead> stale_read(std::shared_ptr<const node::prove::Program> program,
                                   const stf::Question& question, const Bytes& witness) {
    constexpr std::uint32_t ecall = 0x73;
    host::KzgBlobs blobs;
    const auto decoded = stf::Witness::decode(witness, blobs);
    if (!decoded) return node::fatal("the witness does not decode");
    node::prove::QuestionPreimages preimages(question, *decoded);
    StalePreimages env(preimages);
    node::prove::Machine machine(program, env);
    while (!machine.hart().exited && machine.hart().step < node::prove::HISTORY_STRIDE) {
        const riscv::Hart& hart = machine.hart();
        if (riscv::can_fetch(hart.pc) && program->word(hart.pc) == ecall &&
            hart.x[riscv::A7] == riscv::CALL_READ && hart.offset >= riscv::LEAF_BYTES &&
            static_cast<riscv::PreimageKind>(hart.key[0]) == riscv::PreimageKind::keccak256) {
            StaleRead out{hart.step, {}};
            env.stale = true;
            if (!machine.step()) break;
            out.state = machine.state_hash();
            return out;
        }
        if (!machine.step()) break;
    }
    return node::fatal("the program reads no preimage of more than 32 bytes in its first steps");
}

node::Result<std::shared_ptr<node::DisputeTrace>> run_trace(
    std::shared_ptr<const node::prove::Program> program, const stf::Question& question,
    Bytes witness) {
    auto out = std::make_shared<OwnTrace>(question, std::move(witness));
    if (auto ran = out->run(std::move(program)); !ran) return std::unexpected(ran.error());
    if (auto found = out->find_last(); !found) return std::unexpected(found.error());
    return std::shared_ptr<node::DisputeTrace>(std::move(out));
}

node::Result<std::shared_ptr<node::DisputeTrace>> TraceMaker::trace(std::uint64_t pre_block,
                                                                    std::uint64_t inbox_count) {
    auto made = witnesses_.block(pre_block, inbox_count);
    if (!made) return std::unexpected(made.error());
    return run_trace(program_, made->statement.question, std::move(made->witness));
}

}  // namespace mezz::app
