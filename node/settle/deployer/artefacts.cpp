// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <simdjson.h>

#include <algorithm>

#include "core/codec/hex.hpp"
#include "node/settle/deployer/deployer.hpp"

namespace mezz::node {
namespace {

struct Embedded {
    std::string_view name;
    ByteView json;
};

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
constexpr std::uint8_t anchor_state_registry[] = {
#embed "../../../contracts/artefacts/AnchorStateRegistry.json"
};
constexpr std::uint8_t bench_pool[] = {
#embed "../../../contracts/artefacts/BenchPool.json"
};
constexpr std::uint8_t bench_pair[] = {
#embed "../../../contracts/artefacts/BenchPair.json"
};
constexpr std::uint8_t bench_router[] = {
#embed "../../../contracts/artefacts/BenchRouter.json"
};
constexpr std::uint8_t bench_token[] = {
#embed "../../../contracts/artefacts/BenchToken.json"
};
constexpr std::uint8_t block_disputes[] = {
#embed "../../../contracts/artefacts/BlockDisputes.json"
};
constexpr std::uint8_t dispute_game_factory[] = {
#embed "../../../contracts/artefacts/DisputeGameFactory.json"
};
constexpr std::uint8_t fee_vault[] = {
#embed "../../../contracts/artefacts/FeeVault.json"
};
constexpr std::uint8_t gas_price_oracle[] = {
#embed "../../../contracts/artefacts/GasPriceOracle.json"
};
constexpr std::uint8_t inbox[] = {
#embed "../../../contracts/artefacts/Inbox.json"
};
constexpr std::uint8_t l1_block[] = {
#embed "../../../contracts/artefacts/L1Block.json"
};
constexpr std::uint8_t message_passer[] = {
#embed "../../../contracts/artefacts/L2ToL1MessagePasser.json"
};
constexpr std::uint8_t multicall3[] = {
#embed "../../../contracts/artefacts/Multicall3.json"
};
constexpr std::uint8_t output_game[] = {
#embed "../../../contracts/artefacts/OutputGame.json"
};
constexpr std::uint8_t portal[] = {
#embed "../../../contracts/artefacts/Portal.json"
};
constexpr std::uint8_t preimage_oracle[] = {
#embed "../../../contracts/artefacts/PreimageOracle.json"
};
constexpr std::uint8_t proposal_game[] = {
#embed "../../../contracts/artefacts/ProposalGame.json"
};
constexpr std::uint8_t rv_step[] = {
#embed "../../../contracts/artefacts/RvStep.json"
};
constexpr std::uint8_t system_config[] = {
#embed "../../../contracts/artefacts/SystemConfig.json"
};
#pragma clang diagnostic pop

constexpr Embedded artefacts[] = {
    {"AnchorStateRegistry", anchor_state_registry},
    {"BenchPair", bench_pair},
    {"BenchPool", bench_pool},
    {"BenchRouter", bench_router},
    {"BenchToken", bench_token},
    {"BlockDisputes", block_disputes},
    {"DisputeGameFactory", dispute_game_factory},
    {"FeeVault", fee_vault},
    {"GasPriceOracle", gas_price_oracle},
    {"Inbox", inbox},
    {"L1Block", l1_block},
    {"L2ToL1MessagePasser", message_passer},
    {"Multicall3", multicall3},
    {"OutputGame", output_game},
    {"Portal", portal},
    {"PreimageOracle", preimage_oracle},
    {"ProposalGame", proposal_game},
    {"RvStep", rv_step},
    {"SystemConfig", system_config},
};

/// Calls `read` with the parsed artefact. returns: false when there is none of that name.
template <class Read>
bool with_artefact(std::string_view contract, Read&& read) {
    for (const auto& artefact : artefacts) {
        if (artefact.name != contract) continue;
        simdjson::dom::parser parser;
        simdjson::dom::element root;
        const simdjson::padded_string json(reinterpret_cast<const char*>(artefact.json.data()),
                                           artefact.json.size());
        if (parser.parse(json).get(root) != simdjson::SUCCESS) return false;
        read(root);
        return true;
    }
    return false;
}

std::optional<Bytes> field_of(std::string_view contract, std::string_view field) {
    std::optional<Bytes> out;
    with_artefact(contract, [&](const simdjson::dom::element& root) {
        std::string_view text;
        if (root[field].get_string().get(text) == simdjson::SUCCESS) out = from_hex(text);
    });
    return out;
}

}  // namespace

std::optional<Bytes> creation_code(std::string_view contract) {
    return field_of(contract, "bytecode");
}

std::optional<Bytes> deployed_code(std::string_view contract) {
    return field_of(contract, "deployedBytecode");
}

std::optional<CodeTemplate> code_template(std::string_view contract) {
    auto code = deployed_code(contract);
    if (!code) return std::nullopt;
    CodeTemplate out{std::move(*code), {}};
    with_artefact(contract, [&](const simdjson::dom::element& root) {
        simdjson::dom::object variables;
        // Contracts without immutable variables have no such field.
        if (root["immutableReferences"].get(variables) != simdjson::SUCCESS) return;
        for (const auto variable : variables) {
            simdjson::dom::array places;
            if (variable.value.get(places) != simdjson::SUCCESS) continue;
            for (const auto place : places) {
                std::uint64_t start = 0;
                if (place["start"].get(start) == simdjson::SUCCESS &&
                    start + Bytes32::size() <= out.code.size())
                    out.immutables.push_back(start);
            }
        }
    });
    return out;
}

bool is_made_of(const CodeTemplate& artefact, ByteView code) {
    if (code.size() != artefact.code.size()) return false;
    Bytes masked = to_bytes(code);
    for (const std::size_t start : artefact.immutables)
        std::fill_n(masked.begin() + static_cast<std::ptrdiff_t>(start), Bytes32::size(),
                    std::uint8_t{0});
    return masked == artefact.code;
}

}  // namespace mezz::node
