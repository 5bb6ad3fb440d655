// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What the console knows of the network it looks at: /api/network and /api/config.
#include "app/console_service.hpp"
#include "app/program.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

using rpc::JsonWriter;

void number(JsonWriter& out, std::string_view key, std::uint64_t value) {
    out.field(key).number(static_cast<std::int64_t>(value));
}

}  // namespace

std::string ConsoleService::network_json() {
    const RollupFile& file = service_.file();
    const auto& c = file.contracts;
    JsonWriter out;
    out.object([&] {
        out.field("version").string(version);
        out.field("programId").string(program_names.id);
        out.field("role").string(options_.role);
        out.field("lab").boolean(options_.lab != nullptr);
        out.field("proposer").boolean(service_.has_proposer());
        out.field("da").string(options_.da);
        out.field("proof").string(c.has_fraud_proofs() ? "fraud" : "none");
        number(out, "blockTimeMs", file.block_time_ms);
        number(out, "metricsPort", options_.metrics_port);
        out.field("chain");
        out.object([&] {
            number(out, "chainId", file.spec.chain_id);
            out.field("url").string("http://127.0.0.1:" + std::to_string(service_.port()));
        });
        out.field("parent");
        out.object([&] {
            number(out, "chainId", file.parent_chain_id);
            out.field("url").string(options_.parent_url);
            out.field("embedded").boolean(options_.parent != nullptr);
        });
        out.field("contracts");
        out.object([&] {
            out.field("inbox").data(c.inbox);
            out.field("portal").data(c.portal);
            out.field("systemConfig").data(c.system_config);
            out.field("disputeGameFactory").data(c.dispute_game_factory);
            out.field("anchorStateRegistry").data(c.anchor_state_registry);
            if (c.has_fraud_proofs()) {
                out.field("blockDisputes").data(c.block_disputes);
                out.field("preimageOracle").data(c.preimage_oracle);
            }
            number(out, "deployedAt", c.deployed_at);
        });
    });
    return out.take();
}

std::string ConsoleService::config_json() {
    const RollupFile& file = service_.file();
    const auto& spec = file.spec;
    std::vector<Setting> all = options_.settings;
    const auto add = [&](const char* name, std::string value, const char* what) {
        all.push_back({name, std::move(value), options_.rollup_file, what, {}});
    };
    add("chain id", std::to_string(spec.chain_id), "Names the chain in signatures");
    add("parent chain id", std::to_string(file.parent_chain_id), "The floor below");
    add("genesis time", std::to_string(spec.genesis_timestamp),
        "Timestamp of block 0, seconds since 1970");
    add("block time", std::to_string(file.block_time_ms), "Milliseconds between blocks");
    add("gas limit", std::to_string(spec.gas_limit), "Of one block");
    add("max drift", std::to_string(spec.max_drift_seconds),
        "Seconds a block may be ahead of its origin on the parent");
    add("base fee scalar", std::to_string(spec.fee_scalars.base_fee_scalar),
        "Of the L1 data fee, millionths");
    add("blob base fee scalar", std::to_string(spec.fee_scalars.blob_base_fee_scalar),
        "Of the L1 data fee, millionths");
    add("batcher", hex_text(spec.batcher), "The only account whose batches count");
    add("genesis state root", hex_text(spec.genesis_state_root), "State of block 0");
    add("configuration hash", hex_text(derive::config_hash(spec)),
        "What SystemConfig on the parent binds the chain to");
    JsonWriter out;
    out.array([&] {
        for (const auto& setting : all)
            out.object([&] {
                out.field("name").string(setting.name);
                out.field("value").string(setting.value);
                out.field("source").string(setting.source);
                out.field("what").string(setting.what);
                if (!setting.key.empty()) out.field("key").string(setting.key);
            });
    });
    return out.take();
}

}  // namespace mezz::app
