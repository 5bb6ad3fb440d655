// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/l1_verify.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "app/exit_code.hpp"
#include "app/program.hpp"
#include "app/rollup_plan.hpp"
#include "core/base/assert.hpp"
#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "node/host/client/rpc_parent.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

using node::Result;
using node::abi::Call;

constexpr std::uint64_t parent_timeout_ms = 10'000;

std::string text_of(const Address& a) {
    return node::hex_text(a);
}
std::string text_of(const Bytes32& b) {
    return node::hex_text(b);
}
std::string text_of(std::uint64_t n) {
    return std::to_string(n);
}
/// What a getter answered, as `like` is written.
std::string text_like(const Address&, const uint256& word) {
    // A word with more than an address in it is none.
    const Address address = to_address(word);
    return to_uint256(address) == word ? text_of(address) : text_of(to_bytes32(word));
}
std::string text_like(const Bytes32&, const uint256& word) {
    return text_of(to_bytes32(word));
}
std::string text_like(std::uint64_t, const uint256& word) {
    return word.fits_u64() ? text_of(word.limb[0]) : text_of(to_bytes32(word));
}

/// Compares one thing after another; the first time that the parent does not answer sticks.
class Verifier {
public:
    Verifier(node::Parent& parent, const RollupFile& file)
        : parent_(parent), file_(file), c_(file.contracts) {}

    Result<std::vector<Comparison>> run() {
        if (!chain()) return finish();
        codes();
        links();
        settings();
        games();
        if (c_.has_fraud_proofs()) program();
        state();
        return finish();
    }

private:
    Result<std::vector<Comparison>> finish() {
        if (error_) return std::unexpected(*error_);
        return std::move(findings_);
    }
    void add(std::string name, bool is_equal, std::string expected, std::string found) {
        findings_.push_back({std::move(name), is_equal ? CheckResult::ok : CheckResult::failed,
                             std::move(expected), std::move(found)});
    }

    /// Whether it is the right parent at all.
    bool chain() {
        const auto id = parent_.chain_id();
        if (!id) {
            error_ = id.error();
            return false;
        }
        add("parent chain", *id == file_.parent_chain_id, text_of(file_.parent_chain_id),
            text_of(*id));
        return *id == file_.parent_chain_id;
    }

    void code(const char* artefact, const Address& address) {
        if (error_) return;
        const auto wanted = node::code_template(artefact);
        ASSERT(wanted);
        const auto found = parent_.code(address);
        if (!found) {
            error_ = found.error();
            return;
        }
        const bool is_ours = node::is_made_of(*wanted, *found);
        if (is_ours) known_.insert(address);
        const std::string there =
            found->empty() ? "no code"
            : is_ours      ? "its code"
                           : "other code, " + text_of(std::uint64_t{found->size()}) +
                            " bytes with hash " + text_of(crypto::keccak256(*found));
        add("code of " + std::string(artefact), is_ours, "this build's at " + text_of(address),
            there);
    }

    void codes() {
        code("SystemConfig", c_.system_config);
        code("Inbox", c_.inbox);
        code("DisputeGameFactory", c_.dispute_game_factory);
        code("AnchorStateRegistry", c_.anchor_state_registry);
        code("OutputGame", c_.game_implementation);
        code("Portal", c_.portal);
        if (!c_.has_fraud_proofs()) return;
        code("PreimageOracle", c_.preimage_oracle);
        code("BlockDisputes", c_.block_disputes);
        code("ProposalGame", c_.proposal_implementation);
        // rollup.json does not name the judge; the disputes do.
        if (const auto judge = read(c_.block_disputes, "judge()")) {
            judge_ = to_address(*judge);
            code("RvStep", judge_);
        }
    }

    /// returns: none where the code is not ours, whose answers say nothing, or after an error.
    std::optional<uint256> read(const Address& contract, const char* getter,
                                std::optional<std::uint64_t> argument = {}) {
        if (error_ || !known_.contains(contract)) return std::nullopt;
        Call call(getter);
        if (argument) call.word(*argument);
        const auto answer = parent_.call(contract, call.finish());
        const auto word = answer ? node::abi::word_at(*answer, 0) : std::nullopt;
        if (!word)
            error_ = answer ? node::Error{node::Handling::retry, std::string(getter) +
                                                                     ": the parent's answer is too "
                                                                     "short; is it in sync?"}
                            : answer.error();
        return word;
    }

    template <class Value>
    void value(const char* contract_name, const Address& contract, const char* getter,
               const Value& expected, std::optional<std::uint64_t> argument = {},
               bool may_differ = false) {
        std::string name = std::string(contract_name) + "." + getter;
        name.resize(name.find('('));
        if (!known_.contains(contract)) {
            findings_.push_back({std::move(name), CheckResult::skipped, text_of(expected), "-"});
            return;
        }
        const auto word = read(contract, getter, argument);
        if (!word) return;
        const std::string found = text_like(expected, *word), wanted = text_of(expected);
        add(std::move(name), found == wanted, wanted, found);
        if (may_differ && found != wanted) findings_.back().result = CheckResult::warning;
    }

    /// What constructors were given of each other.
    void links() {
        value("Inbox", c_.inbox, "config()", c_.system_config);
        value("Inbox", c_.inbox, "portal()", c_.portal);
        value("DisputeGameFactory", c_.dispute_game_factory, "config()", c_.system_config);
        value("AnchorStateRegistry", c_.anchor_state_registry, "config()", c_.system_config);
        value("AnchorStateRegistry", c_.anchor_state_registry, "disputeGameFactory()",
              c_.dispute_game_factory);
        game_links("OutputGame", c_.game_implementation);
        value("Portal", c_.portal, "systemConfig()", c_.system_config);
        value("Portal", c_.portal, "inbox()", c_.inbox);
        value("Portal", c_.portal, "disputeGameFactory()", c_.dispute_game_factory);
        value("Portal", c_.portal, "anchorStateRegistry()", c_.anchor_state_registry);
        if (!c_.has_fraud_proofs()) return;
        game_links("ProposalGame", c_.proposal_implementation);
        value("ProposalGame", c_.proposal_implementation, "disputes()", c_.block_disputes);
        value("BlockDisputes", c_.block_disputes, "config()", c_.system_config);
        value("BlockDisputes", c_.block_disputes, "inbox()", c_.inbox);
        value("BlockDisputes", c_.block_disputes, "disputeGameFactory()", c_.dispute_game_factory);
        value("RvStep", judge_, "oracle()", c_.preimage_oracle);
    }
    void game_links(const char* name, const Address& game) {
        value(name, game, "config()", c_.system_config);
        value(name, game, "inbox()", c_.inbox);
        value(name, game, "disputeGameFactory()", c_.dispute_game_factory);
        value(name, game, "anchorStateRegistry()", c_.anchor_state_registry);
    }

    void settings() {
        const Address& config = c_.system_config;
        value("SystemConfig", config, "chainId()", file_.spec.chain_id);
        value("SystemConfig", config, "configHash()", derive::config_hash(file_.spec));
        value("SystemConfig", config, "genesisOutputRoot()",
              derive::output_root(file_.genesis_header()));
        // The owner may replace it; the file keeps the first.
        value("SystemConfig", config, "batcher()", file_.spec.batcher, {}, true);
    }

    void games() {
        const std::uint64_t type = node::game_type(c_.has_fraud_proofs());
        value("DisputeGameFactory", c_.dispute_game_factory, "gameImpls(uint32)",
              c_.has_fraud_proofs() ? c_.proposal_implementation : c_.game_implementation, type);
        value("AnchorStateRegistry", c_.anchor_state_registry, "respectedGameType()", type);
    }

    void program() {
        const auto named = [](const char* hex) { return fixed_from_hex<Bytes32>(hex).value(); };
        value("RvStep", judge_, "codeRoot()", named(program_names.code_root));
        value("BlockDisputes", c_.block_disputes, "startStateHash()",
              named(program_names.initial_state));
        value("BlockDisputes", c_.block_disputes, "programId()", named(program_names.id));
        value("ProposalGame", c_.proposal_implementation, "genesisClaim()",
              stf::hash(genesis_claim(file_)));
    }

    /// How it stands now, as far as a node needs it.
    void state() {
        if (const auto entries = read(c_.inbox, "count()"))
            add("Inbox.count", true, "an answer", text_of(entries->limb[0]) + " entries");
        if (const auto paused = read(c_.portal, "paused()")) {
            value("Portal", c_.portal, "paused()", std::uint64_t{0}, {}, true);
        }
        const auto head = error_ ? Result<node::ParentBlock>(std::unexpected(*error_))
                                 : parent_.block(node::BlockTag::latest);
        if (!head) {
            error_ = head.error();
            return;
        }
        add("deployedAt", c_.deployed_at <= head->number, "at most " + text_of(head->number),
            text_of(c_.deployed_at));
    }

    node::Parent& parent_;
    const RollupFile& file_;
    const node::ParentContracts& c_;
    Address judge_;
    std::set<Address> known_;  ///< where the code is this build's
    std::vector<Comparison> findings_;
    std::optional<node::Error> error_;
};

void print(const std::vector<Comparison>& findings, bool is_valid, bool json) {
    if (!json) {
        for (const auto& f : findings)
            std::printf("%s %-40s %s%s%s\n", told(f.result).c_str(), f.name.c_str(),
                        f.found.c_str(), f.result == CheckResult::ok ? "" : ", expected ",
                        f.result == CheckResult::ok ? "" : f.expected.c_str());
        return;
    }
    rpc::JsonWriter out;
    out.object([&] {
        out.field("valid").boolean(is_valid);
        out.field("checks").array([&] {
            for (const auto& f : findings)
                out.object([&] {
                    out.field("name").string(f.name);
                    out.field("result").string(name_of(f.result));
                    out.field("expected").string(f.expected);
                    out.field("found").string(f.found);
                });
        });
    });
    std::printf("%s\n", out.take().c_str());
}

}  // namespace

Result<std::vector<Comparison>> verify_contracts(node::Parent& parent, const RollupFile& file) {
    return Verifier(parent, file).run();
}

int run_l1_verify(const L1VerifyOptions& options) {
    auto file = read_rollup_file(options.spec);
    if (!file) return refuse("--spec " + file.error().message);
    node::RpcParentOptions parent_options;
    parent_options.rpc_url = options.parent_url;
    parent_options.timeout_ms = parent_timeout_ms;
    auto parent = node::RpcParent::make(std::move(parent_options));
    if (!parent) return refuse("--parent: " + parent.error().message);
    const auto findings = verify_contracts(**parent, *file);
    if (!findings) return fail(findings.error());
    const auto wrong = std::ranges::count(*findings, CheckResult::failed, &Comparison::result);
    print(*findings, wrong == 0, options.json);
    if (wrong == 0) return exit_ok;
    return refuse(options.spec.string() + ": " + std::to_string(wrong) +
                      " of what it names differ on " + options.parent_url +
                      "; the lines that say failed",
                  exit_invalid);
}

}  // namespace mezz::app
