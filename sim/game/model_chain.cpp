// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/game/model_chain.hpp"

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/test_machine.hpp"

namespace mezz::sim {
namespace {

using riscv::Kind;
using riscv::testing::assemble;

constexpr std::uint64_t code_start = 0x1000;
constexpr unsigned t0 = 5, t1 = 6, a0 = riscv::A0, a7 = riscv::A7;
constexpr std::int32_t data_start = 1 << 21;

/// Turns of the loop that makes the trace long. units: 3 steps each.
constexpr std::int32_t turns = 90'000;

std::shared_ptr<const node::prove::Program> make_program() {
    std::vector<std::uint32_t> words;
    const auto put = [&](Kind kind, unsigned rd, unsigned rs1, unsigned rs2, std::int32_t imm) {
        words.push_back(assemble(kind, rd, rs1, rs2, imm));
    };
    const auto call = [&](std::int32_t number) {
        put(Kind::lui, a0, 0, 0, data_start);
        put(Kind::addi, a7, 0, 0, number);
        put(Kind::ecall, 0, 0, 0, 0);
    };
    const auto set_key = [&] { call(riscv::CALL_SET_KEY); };
    const auto read = [&] { call(riscv::CALL_READ); };
    // What was read is a hash: as a key its first byte is the kind.
    const auto follow_hash = [&] {
        put(Kind::lui, a0, 0, 0, data_start);
        put(Kind::addi, t0, 0, 0, 2);
        put(Kind::sb, 0, a0, t0, 0);
        set_key();
    };
    // ADDI's number has a sign.
    constexpr std::int32_t upper = (turns + 0x800) & ~0xfff;
    put(Kind::lui, t0, 0, 0, upper);
    put(Kind::addi, t0, t0, 0, turns - upper);
    put(Kind::lui, t1, 0, 0, data_start);
    put(Kind::sd, 0, t1, t0, 64);  // the loop: counts down, and leaves what it does in memory
    put(Kind::addi, t0, t0, 0, -1);
    put(Kind::bne, 0, t0, 0, -8);
    set_key();  // the image has the key of the question there
    read();
    follow_hash();
    for (int i = 0; i < 2; ++i) read();  // config_hash, pre
    follow_hash();
    for (int i = 0; i < 3; ++i) read();  // output_root, number, start
    set_key();
    put(Kind::addi, a0, 0, 0, 0);
    put(Kind::addi, a7, 0, 0, riscv::CALL_EXIT);
    put(Kind::ecall, 0, 0, 0, 0);

    node::prove::Image image;
    Bytes code(words.size() * 4);
    for (std::size_t i = 0; i < words.size(); ++i) store_le32(code.data() + 4 * i, words[i]);
    image.code.push_back({code_start, std::move(code)});
    image.data.push_back({static_cast<std::uint64_t>(data_start), to_bytes(riscv::local_key(0))});
    image.entry = code_start;
    return std::make_shared<const node::prove::Program>(image);
}

class ModelTrace final : public node::DisputeTrace {
public:
    ModelTrace(const std::shared_ptr<const node::prove::Program>& program,
               const stf::Question& question, const stf::Claim& pre) {
        const Bytes32 asked = stf::hash(question);
        preimages_.known[riscv::local_key(0)] = to_bytes(asked);
        preimages_.known[riscv::keccak256_key(asked)] = stf::encode(question);
        preimages_.known[riscv::keccak256_key(stf::hash(pre))] = stf::encode(pre);
        // All that liars ask for: only the first one is large.
        node::prove::TraceOptions options;
        options.max_histories = 64;
        auto ran = node::prove::Trace::run(program, preimages_, options);
        ASSERT(ran.has_value());
        trace_ = std::make_unique<node::prove::Trace>(std::move(*ran));
        ASSERT(trace_->last().exited && trace_->last().exit_code == 0);
        ASSERT(trace_->last().step > node::prove::HISTORY_STRIDE);
    }
    Bytes final_state() override {
        return to_bytes(ByteView(*trace_->witness(trace_->last().step)).first(riscv::STATE_BYTES));
    }
    History level1() override { return {std::shared_ptr<void>(), &trace_->level1()}; }
    node::Result<History> level2(std::uint64_t leaf) override { return *trace_->level2(leaf); }
    node::Result<Bytes> witness(std::uint64_t step) override { return *trace_->witness(step); }
    std::optional<ByteView> preimage(const Bytes32& key) override { return preimages_.get(key); }

private:
    riscv::testing::MapPreimages preimages_;
    std::unique_ptr<node::prove::Trace> trace_;
};

}  // namespace

ModelChain::ModelChain(const Bytes32& config_hash)
    : config_hash_(config_hash), claims_(last_block + 1), program_(make_program()) {
    Bytes32 next;
    for (std::uint64_t n = last_block + 1; n-- > 0;) {
        stf::Claim& claim = claims_[n];
        claim.output_root[31] = static_cast<std::uint8_t>(n + 1);
        claim.block_number = n;
        claim.start = next;
        next = stf::hash(claim);
    }
}

stf::Claim ModelChain::lie(std::uint64_t number, std::uint64_t salt) {
    stf::Claim out;
    out.output_root[0] = 0xbd;
    store_be64(out.output_root.data() + 24, salt);
    out.block_number = number;
    return out;
}

node::DerivedPosition ModelChain::derived() {
    return {0, {}, {last_block, stf::hash(claims_.back())}};
}

node::Result<std::optional<stf::Claim>> ModelChain::claim(std::uint64_t number) {
    if (number > last_block) return std::optional<stf::Claim>{};
    return std::optional(claims_[number]);
}

node::Result<std::shared_ptr<node::DisputeTrace>> ModelChain::trace(std::uint64_t pre_block,
                                                                    std::uint64_t inbox_count) {
    ASSERT(inbox_count == 0 && pre_block < last_block);
    auto& kept = traces_[pre_block];
    if (!kept) {
        const stf::Claim& pre = claims_[pre_block];
        kept = std::make_shared<ModelTrace>(
            program_, stf::Question{config_hash_, stf::hash(pre), 0, {}, 1}, pre);
    }
    return kept;
}

}  // namespace mezz::sim
