// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/rollup_file.hpp"

#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/json_fields.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
namespace dom = simdjson::dom;

Header RollupFile::genesis_header() const {
    return derive::genesis_header(spec, node::genesis_withdrawals_root(genesis));
}

node::ChainOptions RollupFile::chain_options() const {
    node::ChainOptions options;
    options.spec = spec.chain_spec();
    options.genesis = genesis_header();
    options.accounts = genesis;
    node::RollupNote note;
    options.genesis_note = encode(note);
    return options;
}

Bytes identity_of(const RollupFile& file) {
    Bytes identity = to_bytes(derive::config_hash(file.spec));
    append_be64(identity, file.parent_chain_id);
    append(identity, file.contracts.inbox);
    return identity;
}

std::string to_json(const RollupFile& f) {
    const auto quoted = [](ByteView b) { return "\"" + hex_text(b) + "\""; };
    std::string out = "{\n";
    out += "  \"format\": 1,\n";
    out += "  \"chainId\": " + std::to_string(f.spec.chain_id) + ",\n";
    out += "  \"parentChainId\": " + std::to_string(f.parent_chain_id) + ",\n";
    out += "  \"blockTimeMs\": " + std::to_string(f.block_time_ms) + ",\n";
    out += "  \"genesisTimestamp\": " + std::to_string(f.spec.genesis_timestamp) + ",\n";
    out += "  \"configHash\": " + quoted(derive::config_hash(f.spec)) + ",\n";
    out += "  \"genesisHash\": " + quoted(hash(f.genesis_header())) + ",\n";
    out += "  \"spec\": " + quoted(encode(f.spec)) + ",\n";
    out += "  \"contracts\": {\n";
    out += "    \"systemConfig\": " + quoted(f.contracts.system_config) + ",\n";
    out += "    \"inbox\": " + quoted(f.contracts.inbox) + ",\n";
    out += "    \"portal\": " + quoted(f.contracts.portal) + ",\n";
    out += "    \"disputeGameFactory\": " + quoted(f.contracts.dispute_game_factory) + ",\n";
    out += "    \"anchorStateRegistry\": " + quoted(f.contracts.anchor_state_registry) + ",\n";
    out += "    \"gameImplementation\": " + quoted(f.contracts.game_implementation) + ",\n";
    if (f.contracts.has_fraud_proofs()) {
        out += "    \"preimageOracle\": " + quoted(f.contracts.preimage_oracle) + ",\n";
        out += "    \"blockDisputes\": " + quoted(f.contracts.block_disputes) + ",\n";
        out += "    \"proposalImplementation\": " + quoted(f.contracts.proposal_implementation) +
               ",\n";
    }
    out += "    \"deployedAt\": " + std::to_string(f.contracts.deployed_at) + "\n  },\n";
    out += "  \"genesis\": [\n";
    for (std::size_t i = 0; i < f.genesis.size(); ++i) {
        const auto& a = f.genesis[i];
        out += "    {\"address\": " + quoted(a.address) +
               ", \"nonce\": " + std::to_string(a.nonce) +
               ", \"balance\": " + quoted(to_bytes32(a.balance)) + ", \"code\": " + quoted(a.code) +
               ", \"storage\": [";
        for (std::size_t k = 0; k < a.storage.size(); ++k)
            out += std::string(k == 0 ? "" : ", ") + "{\"key\": " + quoted(a.storage[k].first) +
                   ", \"value\": " + quoted(to_bytes32(a.storage[k].second)) + "}";
        out += i + 1 < f.genesis.size() ? "]},\n" : "]}\n";
    }
    return out + "  ]\n}\n";
}

node::Result<RollupFile> read_rollup_file(const std::filesystem::path& path) {
    simdjson::padded_string text;
    if (const auto e = simdjson::padded_string::load(path.string()).get(text);
        e != simdjson::SUCCESS)
        return node::fatal(path.string() + ": cannot be read; is it there, and yours to read?");
    return parse_rollup_file(std::string_view(text), path.string());
}

node::Result<RollupFile> parse_rollup_file(std::string_view text, const std::string& name) {
    dom::parser parser;
    dom::element root;
    if (const auto e = parser.parse(simdjson::padded_string(text)).get(root);
        e != simdjson::SUCCESS)
        return node::fatal(name + ": " + simdjson::error_message(e) +
                           " Restore the file, or remove its state directory to start anew.");
    JsonFields in(name);
    RollupFile f;
    in.only(root, {"format", "chainId", "parentChainId", "blockTimeMs", "genesisTimestamp",
                   "configHash", "genesisHash", "spec", "contracts", "genesis"});
    if (in.number(root, "format") != 1) in.fail("format", "is not 1");
    f.parent_chain_id = in.number(root, "parentChainId");
    f.block_time_ms = in.number(root, "blockTimeMs");
    const auto spec = derive::decode_rollup_spec(in.bytes(root, "spec"));
    if (!spec)
        in.fail("spec", "is not an encoded rollup specification");
    else
        f.spec = *spec;
    if (!in.error() && in.number(root, "chainId") != f.spec.chain_id)
        in.fail("chainId", "is not that of \"spec\", which is " + std::to_string(f.spec.chain_id) +
                               ": the chain's rules cannot be edited here");
    dom::element contracts;
    if (root["contracts"].get(contracts) != simdjson::SUCCESS) {
        in.fail("contracts", "is missing");
    } else {
        in.only(contracts, {"systemConfig", "inbox", "portal", "disputeGameFactory",
                            "anchorStateRegistry", "gameImplementation", "preimageOracle",
                            "blockDisputes", "proposalImplementation", "deployedAt"});
        f.contracts.system_config = in.fixed<Address>(contracts, "systemConfig");
        f.contracts.inbox = in.fixed<Address>(contracts, "inbox");
        f.contracts.portal = in.fixed<Address>(contracts, "portal");
        f.contracts.dispute_game_factory = in.fixed<Address>(contracts, "disputeGameFactory");
        f.contracts.anchor_state_registry = in.fixed<Address>(contracts, "anchorStateRegistry");
        f.contracts.game_implementation = in.fixed<Address>(contracts, "gameImplementation");
        f.contracts.deployed_at = in.number(contracts, "deployedAt");
        dom::element of_proofs;
        if (contracts["blockDisputes"].get(of_proofs) == simdjson::SUCCESS) {
            f.contracts.preimage_oracle = in.fixed<Address>(contracts, "preimageOracle");
            f.contracts.block_disputes = in.fixed<Address>(contracts, "blockDisputes");
            f.contracts.proposal_implementation =
                in.fixed<Address>(contracts, "proposalImplementation");
        }
    }
    dom::array accounts;
    if (root["genesis"].get(accounts) != simdjson::SUCCESS)
        in.fail("genesis", "is missing or not a list");
    else
        for (const auto account : accounts) {
            node::GenesisAccount a;
            in.only(account, {"address", "nonce", "balance", "code", "storage"});
            a.address = in.fixed<Address>(account, "address");
            a.nonce = in.number(account, "nonce");
            a.balance = to_uint256(in.fixed<Bytes32>(account, "balance"));
            a.code = in.bytes(account, "code");
            dom::array slots;
            if (account["storage"].get(slots) != simdjson::SUCCESS)
                in.fail("storage", "is missing or not a list");
            else
                for (const auto slot : slots) {
                    in.only(slot, {"key", "value"});
                    const Bytes32 key = in.fixed<Bytes32>(slot, "key");
                    a.storage.emplace_back(key, to_uint256(in.fixed<Bytes32>(slot, "value")));
                }
            f.genesis.push_back(std::move(a));
        }
    if (in.error()) return std::unexpected(*in.error());
    if (node::genesis_state_root(f.genesis) != f.spec.genesis_state_root)
        return node::fatal(name +
                           ": field \"genesis\" does not hash to the state root in \"spec\"");
    return f;
}

node::Result<void> write_file(const std::filesystem::path& path, std::string_view text) {
    const std::string temporary = path.string() + ".tmp";
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return node::fatal(temporary + ": cannot be written: " + std::strerror(errno) +
                           "; choose another folder");
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
        if (n <= 0) {
            const int code = errno;
            ::close(fd);
            return node::fatal(temporary + ": cannot be written: " + std::strerror(code) +
                               "; free space there or choose another folder");
        }
        done += static_cast<std::size_t>(n);
    }
    const bool synced = ::fsync(fd) == 0;
    if (::close(fd) != 0 || !synced)
        return node::fatal(temporary + ": cannot be written: " + std::strerror(errno));
    std::error_code error;
    std::filesystem::rename(temporary, path, error);
    if (error) return node::fatal(path.string() + ": " + error.message());
    return {};
}

}  // namespace mezz::app
