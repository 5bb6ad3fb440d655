// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <simdjson.h>

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

std::optional<Bytes> field_of(std::string_view contract, std::string_view field) {
    for (const auto& artefact : artefacts) {
        if (artefact.name != contract) continue;
        simdjson::dom::parser parser;
        simdjson::dom::element root;
        std::string_view text;
        const simdjson::padded_string json(reinterpret_cast<const char*>(artefact.json.data()),
                                           artefact.json.size());
        if (parser.parse(json).get(root) != simdjson::SUCCESS) return std::nullopt;
        if (root[field].get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
        return from_hex(text);
    }
    return std::nullopt;
}

}  // namespace

std::optional<Bytes> creation_code(std::string_view contract) {
    return field_of(contract, "bytecode");
}

std::optional<Bytes> deployed_code(std::string_view contract) {
    return field_of(contract, "deployedBytecode");
}

}  // namespace mezz::node
