// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/deployer/deployer.hpp"

#include <algorithm>

#include "core/base/assert.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

/// Nonces after the first, in the order of the creations.
constexpr std::uint64_t oracle_at = 6, judge_at = 7, disputes_at = 8, proposals_at = 9;

/// Of each of the two calls that register a game.
constexpr std::uint64_t registration_gas = 100'000;

std::uint32_t type_of(const DeployOptions& options) {
    return game_type(options.fraud_proofs.has_value());
}

/// Enough for a creation: 200 gas a byte of code, 16 a byte of input, and what constructors do.
std::uint64_t creation_gas(std::size_t code_bytes) {
    return 500'000 + 240 * static_cast<std::uint64_t>(code_bytes);
}

Result<void> check(const SystemSettings& s, const Address& deployer) {
    if (s.owner != deployer)
        return fatal(
            "settings.owner is not the deploying account; it has to register the game: make them "
            "the same");
    if (s.force_delay_seconds == 0)
        return fatal("settings.force_delay_seconds is 0; the contracts want at least 1");
    const std::pair<std::string_view, const Address&> roles[] = {{"batcher", s.batcher},
                                                                 {"proposer", s.proposer},
                                                                 {"challenger", s.challenger},
                                                                 {"guardian", s.guardian}};
    for (const auto& [name, address] : roles)
        if (address.is_zero())
            return fatal("settings." + std::string(name) + " is the zero address; name an account");
    return {};
}

/// One word of a view call.
Result<uint256> read_word(Parent& parent, const Address& to, const Bytes& input) {
    const auto answer = parent.call(to, input);
    if (!answer) return std::unexpected(answer.error());
    const auto word = abi::word_at(*answer, 0);
    if (!word) return retry("a contract's answer is too short; is the parent in sync?");
    return *word;
}

/// What is not registered yet.
Result<std::vector<TxCandidate>> registrations(Parent& parent, const ParentContracts& c,
                                               const DeployOptions& options, bool fresh) {
    const uint256& bond = options.init_bond;
    const Address& game = options.fraud_proofs ? c.proposal_implementation : c.game_implementation;
    std::vector<TxCandidate> out;
    const auto add = [&](const Bytes& input) {
        out.push_back({c.dispute_game_factory, {}, input, registration_gas, {}, {}});
    };
    const std::uint64_t type = type_of(options);
    uint256 implementation, current_bond;
    if (!fresh) {
        const auto impl = read_word(parent, c.dispute_game_factory,
                                    abi::Call("gameImpls(uint32)").word(type).finish());
        if (!impl) return std::unexpected(impl.error());
        const auto held = read_word(parent, c.dispute_game_factory,
                                    abi::Call("initBonds(uint32)").word(type).finish());
        if (!held) return std::unexpected(held.error());
        implementation = *impl;
        current_bond = *held;
    }
    if (implementation != to_uint256(game))
        add(abi::Call("setImplementation(uint32,address)").word(type).word(game).finish());
    if (current_bond != bond)
        add(abi::Call("setInitBond(uint32,uint256)").word(type).word(bond).finish());
    return out;
}

}  // namespace

ParentContracts contract_addresses(const Address& deployer, std::uint64_t first_nonce,
                                   bool fraud_proofs) {
    const auto at = [&](std::uint64_t i) { return create_address(deployer, first_nonce + i); };
    ParentContracts out{at(0), at(1), at(2), at(3), at(4), at(5), 0, {}, {}, {}};
    if (fraud_proofs) {
        out.preimage_oracle = at(oracle_at);
        out.block_disputes = at(disputes_at);
        out.proposal_implementation = at(proposals_at);
    }
    return out;
}

std::vector<Creation> creations(const ParentContracts& c, const DeployOptions& options) {
    const SystemSettings& s = options.settings;
    const auto words = [](std::initializer_list<Address> addresses) {
        abi::Words out;
        for (const auto& a : addresses) out.word(a);
        return out;
    };
    abi::Words settings = words({s.owner});
    settings.word(s.chain_id).word(s.config_hash).word(s.genesis_output_root);
    settings.word(s.batcher).word(s.proposer).word(s.challenger).word(s.guardian);
    settings.word(s.force_delay_seconds).word(s.proof_maturity_delay_seconds);
    settings.word(s.dispute_game_finality_delay_seconds).word(s.max_clock_duration_seconds);
    std::vector<Creation> out{
        {"SystemConfig", c.system_config, settings.finish()},
        {"Inbox", c.inbox, words({c.system_config, c.portal}).finish()},
        {"DisputeGameFactory", c.dispute_game_factory, words({c.system_config}).finish()},
        {"AnchorStateRegistry", c.anchor_state_registry,
         words({c.system_config, c.dispute_game_factory})
             .word(std::uint64_t{type_of(options)})
             .finish()},
        {"OutputGame", c.game_implementation,
         words({c.system_config, c.inbox, c.dispute_game_factory, c.anchor_state_registry})
             .finish()},
        {"Portal", c.portal,
         words({c.system_config, c.inbox, c.dispute_game_factory, c.anchor_state_registry})
             .finish()},
    };
    if (!options.fraud_proofs) return out;
    const FraudProofSettings& f = *options.fraud_proofs;
    const Address judge = create_address(s.owner, *options.first_nonce + judge_at);
    out.push_back({"PreimageOracle", c.preimage_oracle, {}});
    out.push_back(
        {"RvStep", judge, abi::Words().word(f.code_root).word(c.preimage_oracle).finish()});
    out.push_back({"BlockDisputes", c.block_disputes,
                   words({c.system_config, c.inbox, c.dispute_game_factory, judge})
                       .word(f.initial_state)
                       .word(f.opening_stake)
                       .word(f.level_one_stake)
                       .word(f.level_two_stake)
                       .finish()});
    out.push_back({"ProposalGame", c.proposal_implementation,
                   words({c.system_config, c.inbox, c.dispute_game_factory, c.anchor_state_registry,
                          c.block_disputes})
                       .word(f.genesis_claim)
                       .finish()});
    return out;
}

std::uint64_t deployment_gas(const std::vector<Creation>& all, std::size_t done) {
    std::uint64_t gas = 2 * registration_gas;
    for (std::size_t i = done; i < all.size(); ++i) {
        const auto code = creation_code(all[i].name);
        ASSERT(code);
        gas += creation_gas(code->size() + all[i].arguments.size());
    }
    return gas;
}

std::uint32_t game_type(bool fraud_proofs) noexcept {
    return fraud_proofs ? FRAUD_PROVEN_OUTPUTS : ATTESTED_OUTPUTS;
}

Result<ParentContracts> deploy(Parent& parent, TxManager& txs, const DeployOptions& given) {
    DeployOptions options = given;
    if (const auto ok = check(options.settings, txs.address()); !ok)
        return std::unexpected(ok.error());
    if (txs.unfinished() != 0)
        return fatal(
            "the deployer has transactions under way; wait for them: addresses depend on "
            "its nonce");
    const auto nonce = parent.nonce(txs.address(), true);
    if (!nonce) return std::unexpected(nonce.error());
    const std::uint64_t first = options.first_nonce.value_or(*nonce);
    if (first > *nonce)
        return fatal("first_nonce " + std::to_string(first) +
                     " lies ahead of the account's nonce " + std::to_string(*nonce) +
                     "; leave it out for a new deployment");
    options.first_nonce = first;
    ParentContracts contracts =
        contract_addresses(txs.address(), first, options.fraud_proofs.has_value());
    const auto head = parent.block(BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    contracts.deployed_at = head->number;

    const auto all = creations(contracts, options);
    std::vector<TxId> ids;
    // What this nonce range has made already is left alone.
    const std::size_t done = static_cast<std::size_t>(*nonce - first);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i < done) continue;
        auto code = creation_code(all[i].name);
        ASSERT(code);
        append(*code, all[i].arguments);
        const std::uint64_t gas = creation_gas(code->size());
        ids.push_back(txs.send({std::nullopt, {}, std::move(*code), gas, {}, {}}));
    }
    const bool fresh = first == *nonce;
    if (!fresh) contracts.deployed_at = 0;  // not known: everything since the start may matter
    if (fresh) {
        // Everything at once: one parent block is enough for all of it.
        const auto rest = registrations(parent, contracts, options, true);
        for (const auto& candidate : *rest) ids.push_back(txs.send(candidate));
    }
    const auto receipts = txs.wait(ids, options.timeout_ms);
    if (!receipts) return std::unexpected(receipts.error());
    for (const auto& receipt : *receipts)
        contracts.deployed_at = std::min(contracts.deployed_at, receipt.block_number);
    for (const auto& creation : all) {
        const auto code = parent.code(creation.address);
        if (!code) return std::unexpected(code.error());
        if (code->empty())
            return fatal("there is no code where " + std::string(creation.name) +
                         " should be; the nonce range was used for something else: deploy anew "
                         "without first_nonce");
    }
    if (!fresh) {
        const auto rest = registrations(parent, contracts, options, false);
        if (!rest) return std::unexpected(rest.error());
        for (const auto& candidate : *rest)
            if (const auto r = txs.send_and_wait(candidate, options.timeout_ms); !r)
                return std::unexpected(r.error());
    }
    return contracts;
}

}  // namespace mezz::node
