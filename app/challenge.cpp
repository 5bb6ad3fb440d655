// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "app/claim_json.hpp"
#include "app/disassemble.hpp"
#include "app/dispute_report.hpp"
#include "app/dispute_tree.hpp"
#include "app/exit_code.hpp"
#include "app/guest_run.hpp"
#include "app/program.hpp"
#include "app/trace_maker.hpp"
#include "core/base/endian.hpp"
#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/step.hpp"
#include "core/riscv/witness.hpp"
#include "node/host/signing/abi.hpp"
#include "node/settle/challenger/log_tail.hpp"
#include "node/settle/challenger/proposals.hpp"

namespace mezz::app {
namespace {

using node::abi::Call;

constexpr std::uint64_t leaves = std::uint64_t{1} << riscv::HISTORY_LEVELS;

std::string short_hash(const Bytes32& hash) {
    return hex_text(hash).substr(0, 18);
}

/// The children that lead from the root of a level to leaf `index`.
std::vector<std::uint64_t> moves_to(std::uint64_t index) {
    std::vector<std::uint64_t> out;
    for (unsigned depth = 0; depth < node::dispute_moves; ++depth) {
        const std::uint64_t at = index >> (riscv::HISTORY_LEVELS - node::row_at(depth + 1));
        out.push_back(at & ((1u << node::move_bits(depth)) - 1));
    }
    return out;
}

std::string list(const std::vector<std::uint64_t>& numbers, const char* between) {
    std::string out;
    for (const auto n : numbers) out += (out.empty() ? "" : between) + std::to_string(n);
    return out;
}

/// What a proposal says of the block.
struct Said {
    std::uint64_t proposal = 0;
    Address game;
    Bytes32 claim;
    bool right = false;
    std::optional<Bytes32> dispute;
};

/// One step as the parent judges it.
struct Step {
    std::uint64_t number = 0;
    std::uint64_t pc = 0;
    std::string instruction;
    Bytes32 before, after;
    std::size_t witness_bytes = 0;
    std::optional<Bytes32> judged;  ///< none: its preimage is not in the oracle yet
    std::string judge_error;
    std::vector<Bytes32> rivals;
};

class Explanation {
public:
    Explanation(Network& network, const ChallengeOptions& options)
        : network_(network), options_(options) {}

    node::Result<void> make() {
        if (options_.block == 0)
            return node::fatal("--block 0 is the chain's first: nothing leads to it");
        auto terms = network_.terms();
        if (!terms) return std::unexpected(terms.error());
        terms_ = *terms;
        if (auto done = read_disputes(); !done) return done;
        if (auto done = run(); !done) return done;
        if (auto done = read_proposals(); !done) return done;
        return explain_step();
    }

    [[nodiscard]] bool all_right() const { return std::ranges::all_of(said_, &Said::right); }
    void print() const;
    [[nodiscard]] std::string json() const;

private:
    node::Result<void> read_disputes() {
        const auto& c = network_.file().contracts;
        const auto head = network_.parent().block(node::BlockTag::latest);
        if (!head) return std::unexpected(head.error());
        head_ = head->number;
        node::LogTail tail(network_.parent(), c.block_disputes, c.deployed_at);
        const auto logs = tail.read(head_);
        if (!logs) return std::unexpected(logs.error());
        for (const auto& log : **logs) book_.take(log.log);
        return {};
    }

    /// The question that a dispute about the block asks, or all that is derived.
    node::Result<void> run() {
        const auto before = network_.claim(options_.block - 1);
        if (!before) return std::unexpected(before.error());
        std::optional<std::uint64_t> inbox_count;
        for (const auto& [id, d] : book_.disputes()) {
            if (d.pre_claim != stf::hash(*before)) continue;
            dispute_ = id;
            inbox_count = d.inbox_count;
        }
        auto asked = network_.question(options_.block - 1, inbox_count);
        if (!asked) return std::unexpected(asked.error());
        question_ = asked->statement.question;
        post_ = asked->statement.post;
        const auto guest = options_.guest.empty() ? find_guest() : options_.guest;
        auto program =
            load_guest({guest, fixed_from_hex<Bytes32>(program_names.id).value_or(Bytes32{})});
        if (!program) return std::unexpected(program.error());
        auto trace = run_trace(*program, question_, std::move(asked->witness));
        if (!trace) return std::unexpected(trace.error());
        trace_ = std::move(*trace);
        const auto state = riscv::decode_state(trace_->final_state());
        if (!state) return node::fatal("bug: the last state does not decode");
        last_ = state->hart;
        // As BlockDisputes.resultOf.
        answer_ = question_.pre;
        if (last_.exited && last_.exit_code == 0) {
            answer_ = last_.key;
            answer_[0] = 0;
        }
        return {};
    }

    node::Result<void> read_proposals() {
        const auto& c = network_.file().contracts;
        node::LogTail tail(network_.parent(), c.dispute_game_factory, c.deployed_at);
        const auto logs = tail.read(head_);
        if (!logs) return std::unexpected(logs.error());
        static const Bytes32 created =
            node::abi::topic("DisputeGameCreated(address,uint32,bytes32)");
        std::uint64_t index = 0;
        for (const auto& log : **logs) {
            if (log.log.topics.size() != 4 || log.log.topics[0] != created) continue;
            const std::uint64_t at = index++;
            auto proposal = node::read_proposal(network_.parent(), c.dispute_game_factory, at,
                                                log.block_number);
            if (!proposal) return std::unexpected(proposal.error());
            if (!*proposal) continue;
            const auto& p = **proposal;
            if (options_.block < p.first_block() || options_.block > p.last_block) continue;
            const std::uint64_t i = options_.block - p.first_block();
            Said said{at, p.game, p.claims[i], p.claims[i] == answer_, {}};
            for (const auto& [id, d] : book_.disputes())
                for (const auto& link : d.links)
                    if (link.game == p.game && link.index == i) said.dispute = id;
            said_.push_back(said);
        }
        return {};
    }

    node::Result<void> explain_step() {
        std::uint64_t number = options_.step.value_or(last_.step / 2);
        if (dispute_) {
            const auto found = parting(book_, *dispute_, *trace_);
            if (!found) return std::unexpected(found.error());
            if (*found) {
                parting_ = **found;
                if (!options_.step) number = parting_->first_step;
                if (parting_->steps == 1 && parting_->first_step == number)
                    step_.rivals = parting_->rivals;
            }
        }
        constexpr std::uint64_t most = leaves * leaves - 1;
        if (number > most)
            return node::fatal("--step " + std::to_string(number) + ": a trace ends at step " +
                               std::to_string(most));
        step_.number = number;
        const auto witness = trace_->witness(number);
        if (!witness) return std::unexpected(witness.error());
        step_.witness_bytes = witness->size();
        const ByteView bytes(*witness);
        step_.before = crypto::keccak256(bytes.first(riscv::STATE_BYTES));
        const auto state = riscv::decode_state(bytes.first(riscv::STATE_BYTES));
        if (!state) return node::fatal("bug: a state of the trace does not decode");
        step_.pc = state->hart.pc;
        if (state->hart.exited)
            step_.instruction = "none: the program has exited";
        else if (witness->size() < riscv::STATE_BYTES + riscv::CODE_PART_BYTES)
            step_.instruction = "trap: there is no code at pc";
        else
            step_.instruction = disassemble(
                load_le32(bytes.data() + riscv::STATE_BYTES + state->hart.pc % riscv::LEAF_BYTES));
        const auto below = trace_->level2(number / leaves);
        if (!below) return std::unexpected(below.error());
        level2_root_ = (*below)->root();
        step_.after = (*below)->node(riscv::HISTORY_LEVELS, number % leaves);
        return ask_judge(*witness);
    }

    node::Result<void> ask_judge(const Bytes& witness) {
        const auto judge = network_.read(terms_.disputes, Call("judge()").finish());
        if (!judge) return std::unexpected(judge.error());
        const auto answer =
            network_.parent().call(to_address(*judge), Call("step(bytes32,bytes32,bytes)")
                                                           .word(step_.before)
                                                           .word(stf::hash(question_))
                                                           .bytes(witness)
                                                           .finish());
        if (answer)
            step_.judged = to_bytes32(node::abi::word_at(*answer, 0).value_or(uint256{}));
        else
            step_.judge_error = answer.error().message;
        return {};
    }

    Network& network_;
    const ChallengeOptions& options_;
    node::DisputeTerms terms_;
    node::DisputeBook book_;
    std::uint64_t head_ = 0;
    std::optional<Bytes32> dispute_;
    stf::Question question_;
    stf::Claim post_;
    std::shared_ptr<node::DisputeTrace> trace_;
    riscv::Hart last_;
    Bytes32 answer_, level2_root_;
    std::vector<Said> said_;
    std::optional<Parting> parting_;
    Step step_;
};

void Explanation::print() const {
    using ull = unsigned long long;
    std::printf("block %llu, of the first %llu inbox entries\n", ull{options_.block},
                ull{question_.inbox_count});
    std::printf("  question   %s\n", hex_text(stf::hash(question_)).c_str());
    std::printf("  program    %llu steps, exit code %u, answers claim %s\n", ull{last_.step},
                unsigned{last_.exit_code}, hex_text(answer_).c_str());
    if (said_.empty()) std::printf("  proposals  none about this block\n");
    for (const Said& s : said_)
        std::printf("  proposal %-3llu claims %s: %s%s\n", ull{s.proposal},
                    short_hash(s.claim).c_str(), s.right ? "right" : "WRONG",
                    s.dispute ? (", disputed in " + short_hash(*s.dispute)).c_str() : "");
    if (dispute_) {
        const bool decided = book_.place(*dispute_).confirmed.has_value();
        std::printf("  dispute    %s, %s, %zu histories\n", short_hash(*dispute_).c_str(),
                    decided ? "decided" : "open", book_.place(*dispute_).roots.size());
        if (parting_)
            std::printf("  parting    the truth and its rivals part in steps %llu to %llu\n",
                        ull{parting_->first_step}, ull{parting_->first_step + parting_->steps});
    }
    const std::uint64_t leaf = step_.number / leaves, low = step_.number % leaves;
    std::printf("level 1     history %s: 2^18 states, one each 2^18 steps\n",
                short_hash(trace_->level1()->root()).c_str());
    std::printf("  moves      children %s lead to leaf %llu, state %s\n",
                list(moves_to(leaf), ", ").c_str(), ull{leaf},
                short_hash(trace_->level1()->node(riscv::HISTORY_LEVELS, leaf)).c_str());
    std::printf("level 2     history %s of the 2^18 steps up to it\n",
                short_hash(level2_root_).c_str());
    std::printf("  moves      children %s lead to leaf %llu\n", list(moves_to(low), ", ").c_str(),
                ull{low});
    std::printf("step %llu at pc 0x%llx: %s\n", ull{step_.number}, ull{step_.pc},
                step_.instruction.c_str());
    std::printf("  before     %s\n  after      %s\n", hex_text(step_.before).c_str(),
                hex_text(step_.after).c_str());
    for (const Bytes32& rival : step_.rivals)
        std::printf("  rival      %s\n", hex_text(rival).c_str());
    if (step_.judged)
        std::printf(
            "  judge      RvStep on the parent, from a witness of %zu bytes: %s, %s\n",
            step_.witness_bytes, short_hash(*step_.judged).c_str(),
            *step_.judged == step_.after ? "as this machine says" : "NOT what this machine says");
    else
        std::printf(
            "  judge      RvStep on the parent does not answer (%s): a preimage has to be "
            "loaded into the oracle first\n",
            step_.judge_error.c_str());
}

std::string Explanation::json() const {
    std::string out = "{\"block\":" + std::to_string(options_.block) +
                      ",\"inboxCount\":" + std::to_string(question_.inbox_count) +
                      ",\"question\":\"" + hex_text(stf::hash(question_)) +
                      "\",\"steps\":" + std::to_string(last_.step) +
                      ",\"exitCode\":" + std::to_string(last_.exit_code) + ",\"answer\":\"" +
                      hex_text(answer_) + "\",\"claim\":" + claim_json(post_) + ",\"proposals\":[";
    for (std::size_t i = 0; i < said_.size(); ++i) {
        const Said& s = said_[i];
        out += std::string(i == 0 ? "" : ",") + "{\"index\":" + std::to_string(s.proposal) +
               ",\"game\":\"" + hex_text(s.game) + "\",\"claim\":\"" + hex_text(s.claim) +
               "\",\"right\":" + (s.right ? "true" : "false");
        if (s.dispute) out += ",\"dispute\":\"" + hex_text(*s.dispute) + "\"";
        out += "}";
    }
    out += "]";
    if (parting_)
        out += ",\"parting\":{\"firstStep\":" + std::to_string(parting_->first_step) +
               ",\"steps\":" + std::to_string(parting_->steps) + "}";
    out += ",\"level1\":{\"root\":\"" + hex_text(trace_->level1()->root()) + "\",\"moves\":[" +
           list(moves_to(step_.number / leaves), ",") +
           "],\"leaf\":" + std::to_string(step_.number / leaves) + "},\"level2\":{\"root\":\"" +
           hex_text(level2_root_) + "\",\"moves\":[" + list(moves_to(step_.number % leaves), ",") +
           "],\"leaf\":" + std::to_string(step_.number % leaves) +
           "},\"step\":{\"number\":" + std::to_string(step_.number) +
           ",\"pc\":" + std::to_string(step_.pc) + ",\"instruction\":\"" + step_.instruction +
           "\",\"before\":\"" + hex_text(step_.before) + "\",\"after\":\"" + hex_text(step_.after) +
           "\",\"witnessBytes\":" + std::to_string(step_.witness_bytes) + ",\"judged\":" +
           (step_.judged ? "\"" + hex_text(*step_.judged) + "\"" : std::string("null")) + "}}";
    return out;
}

}  // namespace

int run_challenge(const ChallengeOptions& options) {
    auto network = Network::make(options.network);
    if (!network) return fail(network.error());
    Explanation explanation(**network, options);
    if (auto done = explanation.make(); !done) return fail(done.error());
    if (options.json)
        std::printf("%s\n", explanation.json().c_str());
    else
        explanation.print();
    return explanation.all_right() ? 0 : exit_invalid;
}

}  // namespace mezz::app
