// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/network.hpp"

#include <simdjson.h>

#include <algorithm>

#include "app/dev_wallet.hpp"
#include "core/codec/hex.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::app {
namespace {

namespace dom = simdjson::dom;
using node::abi::Call;

constexpr std::uint64_t witness_timeout_ms = 120'000;

std::string text(const dom::element& e, const char* name) {
    std::string_view out;
    return e[name].get(out) == simdjson::SUCCESS ? std::string(out) : std::string();
}
Bytes32 hash_of(const dom::element& e, const char* name) {
    return fixed_from_hex<Bytes32>(text(e, name)).value_or(Bytes32{});
}
std::uint64_t number(const dom::element& e, const char* name) {
    std::uint64_t out = 0;
    return e[name].get(out) == simdjson::SUCCESS ? out : 0;
}

/// Fills what is not given from the directory of a development network.
node::Result<void> complete(NetworkOptions& options) {
    if (options.spec.empty()) options.spec = options.state / "rollup.json";
    if (!options.parent_url.empty() && !options.chain_url.empty()) return {};
    dom::parser parser;
    dom::element outputs, parent, chain;
    const auto path = options.state / "outputs.json";
    if (parser.load(path.string()).get(outputs) != simdjson::SUCCESS)
        return node::fatal("--state: " + path.string() +
                           " cannot be read; `mezz dev --state` of a running network writes it, or "
                           "give --rpc, --parent and --spec");
    if (outputs["parent"].get(parent) != simdjson::SUCCESS ||
        outputs["chain"].get(chain) != simdjson::SUCCESS)
        return node::fatal("--state: " + path.string() + " names no parent and no chain");
    if (options.parent_url.empty()) {
        options.parent_url = text(parent, "rpc");
        if (options.blobs_url.empty()) options.blobs_url = text(parent, "blobs");
    }
    if (options.chain_url.empty()) options.chain_url = text(chain, "rpc");
    return {};
}

/// The result of one call, as JSON.
node::Result<std::string> post(node::HttpClient& client, const std::string& method,
                               const std::string& params) {
    const auto answer = client.post(
        R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}",
        witness_timeout_ms);
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element root, result;
    if (parser.parse(answer->body).get(root) != simdjson::SUCCESS)
        return node::retry(method + ": the answer is no JSON");
    if (root["result"].get(result) != simdjson::SUCCESS) {
        dom::element error;
        const bool named = root["error"].get(error) == simdjson::SUCCESS;
        return node::retry(method + ": " + (named ? text(error, "message") : "no result"));
    }
    return simdjson::minify(result);
}

}  // namespace

node::Result<std::unique_ptr<Network>> Network::make(const NetworkOptions& given) {
    NetworkOptions options = given;
    if (auto done = complete(options); !done) return std::unexpected(done.error());
    auto file = read_rollup_file(options.spec);
    if (!file) {
        file.error().message.insert(0, given.spec.empty() ? "--state: " : "--spec: ");
        return std::unexpected(file.error());
    }
    auto chain = node::parse_http_url(options.chain_url);
    if (!chain) return std::unexpected(chain.error());
    auto parent_url = node::parse_http_url(options.parent_url);
    if (!parent_url) return std::unexpected(parent_url.error());
    std::unique_ptr<Network> out(
        new Network(std::move(*file), std::move(*chain), std::move(*parent_url)));
    out->chain_url_ = options.chain_url;
    node::RpcParentOptions parent_options;
    parent_options.rpc_url = options.parent_url;
    parent_options.blobs_url = options.blobs_url;
    auto parent = node::RpcParent::make(std::move(parent_options));
    if (!parent) return std::unexpected(parent.error());
    out->parent_ = std::move(*parent);
    return out;
}

node::Result<node::DisputeTerms> Network::terms() {
    const auto& c = file_.contracts;
    if (!c.has_fraud_proofs())
        return node::fatal(
            "the network's claims are attested: there are no proposals and disputes; they come "
            "with `mezz dev --proof fraud`");
    node::DisputeTerms out;
    out.disputes = c.block_disputes;
    out.oracle = c.preimage_oracle;
    uint256 clock;
    const std::pair<const char*, uint256*> numbers[] = {
        {"openingStakeWei()", &out.opening_stake},
        {"levelOneStakeWei()", &out.level_one_stake},
        {"levelTwoStakeWei()", &out.level_two_stake},
        {"maxClockDurationSeconds()", &clock}};
    for (const auto& [name, to] : numbers) {
        const auto value = read(c.block_disputes, Call(name).finish());
        if (!value) return std::unexpected(value.error());
        *to = *value;
    }
    out.clock_seconds = clock.limb[0];
    return out;
}

node::Result<std::string> Network::ask(const std::string& method, const std::string& params) {
    return post(chain_, method, params);
}

node::Result<std::string> Network::ask_parent(const std::string& method,
                                              const std::string& params) {
    return post(parent_rpc_, method, params);
}

node::Result<uint256> Network::read(const Address& to, const Bytes& input, std::size_t word) {
    const auto answer = parent_->call(to, input);
    if (!answer) return std::unexpected(answer.error());
    const auto value = node::abi::word_at(*answer, word);
    if (!value) return node::retry("a contract's answer is too short; is the parent in sync?");
    return *value;
}

node::Result<bool> Network::has_final_claim(std::uint64_t block,
                                            const std::vector<Address>& apart) {
    constexpr std::uint64_t defender_wins = 2;
    const auto& factory = file_.contracts.dispute_game_factory;
    const auto count = read(factory, Call("gameCount()").finish());
    if (!count) return std::unexpected(count.error());
    for (std::uint64_t i = 0; i < count->limb[0]; ++i) {
        const auto at = read(factory, Call("gameAtIndex(uint256)").word(i).finish(), 2);
        if (!at) return std::unexpected(at.error());
        const Address game = to_address(*at);
        if (std::ranges::find(apart, game) != apart.end()) continue;
        const auto number = read(game, Call("l2BlockNumber()").finish());
        const auto status = read(game, Call("status()").finish());
        if (!number) return std::unexpected(number.error());
        if (!status) return std::unexpected(status.error());
        if (*status == uint256{defender_wins} && number->limb[0] >= block) return true;
    }
    return false;
}

node::Result<stf::Claim> Network::claim(std::uint64_t block) {
    const auto answer = ask("mezz_claim", "[" + std::to_string(block) + "]");
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element e;
    if (parser.parse(*answer).get(e) != simdjson::SUCCESS)
        return node::retry("mezz_claim: no JSON");
    return stf::Claim{hash_of(e, "outputRoot"), number(e, "blockNumber"), hash_of(e, "start"),
                      number(e, "taken")};
}

node::Result<BlockQuestion> Network::question(std::uint64_t pre_block,
                                              std::optional<std::uint64_t> inbox_count) {
    const auto answer =
        ask("mezz_blockWitness",
            "[" + std::to_string(pre_block) + "," +
                (inbox_count ? std::to_string(*inbox_count) : std::string("null")) + "]");
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element e;
    if (parser.parse(*answer).get(e) != simdjson::SUCCESS)
        return node::retry("mezz_blockWitness: no JSON");
    const auto statement = from_hex(text(e, "statement")), witness = from_hex(text(e, "witness"));
    const auto decoded = statement ? stf::decode_statement(*statement) : std::nullopt;
    if (!decoded || !witness) return node::retry("mezz_blockWitness: damaged");
    return BlockQuestion{*decoded, *witness};
}

node::Result<std::vector<DevAccount>> accounts_of_network(const NetworkOptions& options) {
    if (options.state.empty()) return dev_accounts();
    const auto wallet = read_wallet(options.state);
    if (!wallet) return std::unexpected(wallet.error());
    return accounts_of(*wallet);
}

node::Result<void> require_development(Network& network) {
    const auto owner =
        network.read(network.file().contracts.system_config, Call("owner()").finish());
    if (!owner) return std::unexpected(owner.error());
    if (to_address(*owner) != dev_operator("deployer").address)
        return node::fatal("not a development network: attacks are for chains of `mezz dev` only");
    return {};
}

}  // namespace mezz::app
