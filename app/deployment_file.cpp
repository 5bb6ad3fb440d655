// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_file.hpp"

#include <array>

#include "app/json_fields.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::app {
namespace {

using node::hex_text;

constexpr std::uint64_t format_version = 1;

struct Number {
    const char* field;
    const char* told;  ///< to people: a setting's name, or the flag's; none: nobody chooses it
    std::uint64_t RollupSettings::* value;
};
constexpr std::array numbers{
    Number{"parentChainId", "the parent's chain id", &RollupSettings::parent_chain_id},
    Number{"chainId", "--chain-id", &RollupSettings::chain_id},
    Number{"blockTimeMs", "--block-time (ms)", &RollupSettings::block_time_ms},
    Number{"gasLimit", "the gas limit", &RollupSettings::gas_limit},
    Number{"genesisTimestamp", nullptr, &RollupSettings::genesis_timestamp},
    Number{"forceDelaySeconds", "--force-delay", &RollupSettings::force_delay_seconds},
    Number{"clockSeconds", "--dispute-clock", &RollupSettings::clock_seconds},
    Number{"maturityDelaySeconds", "--maturity-delay", &RollupSettings::maturity_delay_seconds},
    Number{"finalityDelaySeconds", "--finality-delay", &RollupSettings::finality_delay_seconds},
};

struct Account {
    const char* field;
    const char* told;
    Address RollupSettings::* value;
};
constexpr std::array accounts{
    Account{"deployer", "the deployer", &RollupSettings::deployer},
    Account{"batcher", "--batcher", &RollupSettings::batcher},
    Account{"proposer", "--proposer", &RollupSettings::proposer},
    Account{"challenger", "--challenger", &RollupSettings::challenger},
    Account{"guardian", "--guardian", &RollupSettings::guardian},
};

const char* proof_name(bool fraud_proofs) {
    return fraud_proofs ? "fraud" : "none";
}

}  // namespace

std::string to_json(const Deployment& d) {
    std::string out = "{\n  \"format\": " + std::to_string(format_version) +
                      ",\n  \"programId\": \"" + d.program_id +
                      "\",\n  \"firstNonce\": " + std::to_string(d.first_nonce) +
                      ",\n  \"parentBlock\": " + std::to_string(d.parent_block) +
                      ",\n  \"proof\": \"" + proof_name(d.settings.fraud_proofs) + "\"";
    for (const auto& n : numbers)
        out += ",\n  \"" + std::string(n.field) + "\": " + std::to_string(d.settings.*n.value);
    for (const auto& a : accounts)
        out += ",\n  \"" + std::string(a.field) + "\": \"" + hex_text(d.settings.*a.value) + "\"";
    out += ",\n  \"funded\": [";
    for (std::size_t i = 0; i < d.settings.funded.size(); ++i)
        out += (i == 0 ? "" : ", ") + ("\"" + hex_text(d.settings.funded[i]) + "\"");
    return out + "]\n}\n";
}

node::Result<Deployment> parse_deployment(std::string_view text, const std::string& name) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(simdjson::padded_string(text)).get(root) != simdjson::SUCCESS)
        return node::fatal(name + ": no JSON; restore it, or choose another --out");
    JsonFields in(name);
    std::vector<std::string> known{"format",      "programId", "firstNonce",
                                   "parentBlock", "proof",     "funded"};
    for (const auto& n : numbers) known.emplace_back(n.field);
    for (const auto& a : accounts) known.emplace_back(a.field);
    in.only(root, known);
    if (in.number(root, "format") != format_version) in.fail("format", "is not 1");
    Deployment d;
    // As text, but nothing that would need escaping.
    d.program_id = hex_text(in.fixed<Bytes32>(root, "programId"));
    d.first_nonce = in.number(root, "firstNonce");
    d.parent_block = in.number(root, "parentBlock");
    const std::string proof = in.text(root, "proof");
    d.settings.fraud_proofs = proof == proof_name(true);
    if (proof != proof_name(d.settings.fraud_proofs)) in.fail("proof", "is not none or fraud");
    for (const auto& n : numbers) d.settings.*n.value = in.number(root, n.field);
    for (const auto& a : accounts) d.settings.*a.value = in.fixed<Address>(root, a.field);
    simdjson::dom::array funded;
    if (root["funded"].get(funded) != simdjson::SUCCESS)
        in.fail("funded", "is missing or not a list");
    else
        for (const auto item : funded) {
            std::string_view hex;
            const auto address =
                item.get(hex) == simdjson::SUCCESS ? fixed_from_hex<Address>(hex) : std::nullopt;
            if (!address)
                in.fail("funded", "holds something else than addresses");
            else
                d.settings.funded.push_back(*address);
        }
    if (in.error()) return std::unexpected(*in.error());
    return d;
}

node::Result<Deployment> read_deployment(const std::filesystem::path& path) {
    simdjson::padded_string text;
    if (simdjson::padded_string::load(path.string()).get(text) != simdjson::SUCCESS)
        return node::fatal(path.string() + ": cannot be read; is it yours to read?");
    return parse_deployment(std::string_view(text), path.string());
}

std::optional<std::string> difference(const RollupSettings& there, const RollupSettings& here) {
    const auto differ = [](const std::string& name, const std::string& a, const std::string& b) {
        return name + " is " + a + " there, " + b + " here";
    };
    for (const auto& n : numbers)
        if (n.told != nullptr && there.*n.value != here.*n.value)
            return differ(n.told, std::to_string(there.*n.value), std::to_string(here.*n.value));
    if (there.fraud_proofs != here.fraud_proofs)
        return differ("--proof", proof_name(there.fraud_proofs), proof_name(here.fraud_proofs));
    for (const auto& a : accounts)
        if (there.*a.value != here.*a.value)
            return differ(a.told, hex_text(there.*a.value), hex_text(here.*a.value));
    if (there.funded != here.funded)
        return differ("the number of funded accounts", std::to_string(there.funded.size()),
                      std::to_string(here.funded.size()));
    return std::nullopt;
}

}  // namespace mezz::app
