// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/rollup_methods.hpp"

#include "app/payload_size.hpp"
#include "app/rollup_types.hpp"
#include "app/rpc_params.hpp"
#include "core/derive/block.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

using node::Head;
using rpc::JsonWriter;

/// What is asked for may be there later. spec: EIP-1474.
constexpr int resource_unavailable = -32002;
/// units: entries of one answer.
constexpr std::uint64_t max_batches = 1000;

std::unexpected<rpc::RpcError> refuse(int code, std::string message) {
    return std::unexpected(rpc::RpcError{code, std::move(message), {}});
}
std::unexpected<rpc::RpcError> trouble(const node::Error& e) {
    return refuse(e.handling == node::Handling::retry ? resource_unavailable : rpc::server_error,
                  e.message);
}

void number(JsonWriter& out, std::string_view key, std::uint64_t value) {
    out.field(key).number(static_cast<std::int64_t>(value));
}

/// {hash, number, parentHash, timestamp}: op-node's L1BlockRef.
void parent_ref(JsonWriter& out, const node::ParentBlock& block) {
    out.object([&] {
        out.field("hash").data(block.hash);
        number(out, "number", block.number);
        out.field("parentHash").data(block.parent_hash);
        number(out, "timestamp", block.timestamp);
    });
}

/// op-node's L2BlockRef.
node::Result<void> block_ref(JsonWriter& out, node::Chain& chain, std::uint64_t block) {
    const auto record = chain.record(block);
    if (!record) return std::unexpected(record.error());
    if (!*record) return node::retry("block " + std::to_string(block) + " is not here yet");
    // Block 0 has none.
    const auto note = node::decode_rollup_note((*record)->note).value_or(node::RollupNote{});
    const Header& header = (*record)->header;
    out.object([&] {
        out.field("hash").data((*record)->hash);
        number(out, "number", block);
        out.field("parentHash").data(header.parent_hash);
        number(out, "timestamp", header.timestamp);
        out.field("l1origin");
        out.object([&] {
            out.field("hash").data(note.origin.hash);
            number(out, "number", note.origin.number);
        });
        number(out, "sequenceNumber", note.sequence_number);
    });
    return {};
}

std::string_view source_name(derive::Source source) {
    switch (source) {
        case derive::Source::forced:
            return "forced";
        case derive::Source::calldata:
            return "calldata";
        case derive::Source::blobs:
            return "blobs";
    }
    return "unknown";
}

/// An entry of the inbox and where it is on the parent.
void entry_fields(JsonWriter& out, const node::InboxEntry& e) {
    number(out, "index", e.index);
    out.field("source").string(source_name(e.entry.source));
    out.field("parentTransaction").data(e.transaction_hash);
    number(out, "parentBlock", e.parent_block.number);
    out.field("parentBlockHash").data(e.parent_block.hash);
}

}  // namespace

RollupMethods::RollupMethods(const RollupFile& file, node::Chain& chain,
                             node::DerivationDriver& driver, node::ParentWatcher& watcher,
                             node::Parent& parent, node::TxnPool& pool,
                             std::function<std::optional<ClaimHeads>()> claims)
    : file_(file),
      chain_(chain),
      driver_(driver),
      watcher_(watcher),
      parent_(parent),
      pool_(pool),
      claims_(std::move(claims)) {}

void RollupMethods::add_to(rpc::RpcServer& server) {
    server.add_types(rollup_types());
    server.add("optimism_syncStatus",
               {"-> RollupSyncStatus", "How far the node follows its parent."},
               [this](std::string_view) { return sync_status(); });
    server.add("optimism_rollupConfig",
               {"-> any", "The configuration of the chain, as op-node prints it."},
               [this](std::string_view) { return rollup_config(); });
    server.add("optimism_version", {"-> string", "Name and version of this program."},
               [](std::string_view) -> rpc::RawResult { return "\"mezzanine/0.1.0\""; });
    server.add("optimism_outputAtBlock",
               {"block: Quantity | integer -> Output", "The output root of a block."},
               [this](std::string_view params) -> rpc::RawResult {
                   const auto block = needed_number_param(params, 0, "block");
                   if (!block) return std::unexpected(block.error());
                   return output_at_block(*block);
               });
    server.add("mezz_transactionStatus",
               {"hash: Hash -> TransactionStatus",
                "The way of a transaction: pool, block, batch, claim, settlement."},
               [this](std::string_view params) -> rpc::RawResult {
                   const auto hash = hash_param(params, 0, "transaction hash");
                   if (!hash) return std::unexpected(hash.error());
                   return transaction_status(*hash);
               });
    server.add("mezz_batches",
               {"from: Quantity | integer, to: Quantity | integer -> Batch[]",
                "Entries of the inbox from one index to before another, at most 1000."},
               [this](std::string_view params) -> rpc::RawResult {
                   const auto from = needed_number_param(params, 0, "from"),
                              to = needed_number_param(params, 1, "to");
                   if (!from) return std::unexpected(from.error());
                   if (!to) return std::unexpected(to.error());
                   return batches(*from, *to);
               });
}

rpc::RawResult RollupMethods::sync_status() {
    JsonWriter out;
    node::Result<void> done;
    const auto parent = [&](std::string_view key, const node::ParentBlock& block) {
        out.field(key);
        parent_ref(out, block);
    };
    const auto block = [&](std::string_view key, std::uint64_t n) {
        out.field(key);
        if (auto written = block_ref(out, chain_, n); !written) done = written;
    };
    node::ParentBlock tags[3];
    for (const auto tag :
         {node::BlockTag::latest, node::BlockTag::safe, node::BlockTag::finalized}) {
        const auto found = parent_.block(tag);
        if (!found) return trouble(found.error());
        tags[static_cast<std::size_t>(tag)] = *found;
    }
    // What derivation has read of the parent: all that the watcher has.
    const auto current = parent_.block(watcher_.latest_number());
    if (!current) return trouble(current.error());
    out.object([&] {
        parent("current_l1", current->value_or(tags[0]));
        parent("current_l1_finalized", tags[2]);
        parent("head_l1", tags[0]);
        parent("safe_l1", tags[1]);
        parent("finalized_l1", tags[2]);
        block("unsafe_l2", chain_.head(Head::unsafe).number);
        block("safe_l2", chain_.head(Head::safe).number);
        block("finalized_l2", chain_.head(Head::finalized).number);
        block("pending_safe_l2", chain_.head(Head::safe).number);
        block("cross_unsafe_l2", chain_.head(Head::unsafe).number);
        block("local_safe_l2", chain_.head(Head::safe).number);
    });
    if (!done) return trouble(done.error());
    return out.take();
}

rpc::RawResult RollupMethods::output_at_block(std::uint64_t n) {
    const auto record = chain_.record(n);
    if (!record) return trouble(record.error());
    if (!*record)
        return refuse(resource_unavailable, "block " + std::to_string(n) + " is not here yet");
    const Header& header = (*record)->header;
    const auto status = sync_status();
    if (!status) return status;
    JsonWriter out;
    node::Result<void> done;
    out.object([&] {
        out.field("version").data(Bytes32{});
        out.field("outputRoot").data(derive::output_root(header));
        out.field("blockRef");
        done = block_ref(out, chain_, n);
        out.field("withdrawalStorageRoot").data(header.withdrawals_root.value_or(Bytes32{}));
        out.field("stateRoot").data(header.state_root);
        out.field("syncStatus").raw(*status);
    });
    if (!done) return trouble(done.error());
    return out.take();
}

rpc::RawResult RollupMethods::rollup_config() {
    {
        const std::scoped_lock lock(mutex_);
        if (!deployed_in_) {
            const auto block = parent_.block(file_.contracts.deployed_at);
            if (!block) return trouble(block.error());
            if (!*block)
                return refuse(resource_unavailable, "the parent has no block of the deployment");
            deployed_in_ = **block;
        }
    }
    const derive::RollupSpec& spec = file_.spec;
    JsonWriter out;
    out.object([&] {
        out.field("genesis");
        out.object([&] {
            out.field("l1");
            out.object([&] {
                out.field("hash").data(deployed_in_->hash);
                number(out, "number", deployed_in_->number);
            });
            out.field("l2");
            out.object([&] {
                out.field("hash").data(chain_.hash_of(0));
                number(out, "number", 0);
            });
            number(out, "l2_time", spec.genesis_timestamp);
            out.field("system_config");
            out.object([&] {
                out.field("batcherAddr").data(spec.batcher);
                // Version 1: blob base fee scalar and base fee scalar in the last eight bytes.
                uint256 scalars = uint256{1} << 248;
                scalars = scalars | uint256{spec.fee_scalars.blob_base_fee_scalar} << 32 |
                          uint256{spec.fee_scalars.base_fee_scalar};
                out.field("overhead").data(Bytes32{});
                out.field("scalar").data(to_bytes32(scalars));
                number(out, "gasLimit", spec.gas_limit);
            });
        });
        number(out, "block_time", std::max<std::uint64_t>(1, file_.block_time_ms / 1000));
        number(out, "max_sequencer_drift", spec.max_drift_seconds);
        number(out, "l1_chain_id", file_.parent_chain_id);
        number(out, "l2_chain_id", spec.chain_id);
        for (const auto* fork : {"regolith_time", "canyon_time", "delta_time", "ecotone_time",
                                 "fjord_time", "granite_time", "holocene_time", "isthmus_time"})
            number(out, fork, 0);
        out.field("batch_inbox_address").data(file_.contracts.inbox);
        out.field("deposit_contract_address").data(file_.contracts.portal);
        out.field("l1_system_config_address").data(file_.contracts.system_config);
    });
    return out.take();
}

rpc::RawResult RollupMethods::transaction_status(const Bytes32& hash) {
    const auto place = chain_.find_transaction(hash);
    if (!place) return trouble(place.error());
    JsonWriter out;
    if (!*place) {
        const bool waiting = pool_.find(hash).has_value();
        out.object([&] {
            out.field("hash").data(hash);
            out.field("stage").string(waiting ? "pool" : "unknown");
        });
        return out.take();
    }
    const std::uint64_t block = (*place)->block_number;
    const auto entries = driver_.entries_for(block);
    if (!entries) return trouble(entries.error());
    const auto entry =
        *entries && **entries > 0 ? watcher_.entry(**entries - 1, false) : std::nullopt;
    const auto claims = claims_();
    const bool final = block <= chain_.head(Head::finalized).number;
    std::string_view stage = "included";
    if (*entries) stage = "derived";
    if (*entries && final) stage = "final";
    if (claims && *entries && block <= claims->proposed) stage = "claimed";
    if (claims && *entries && block <= claims->settled) stage = "settled";
    out.object([&] {
        out.field("hash").data(hash);
        out.field("stage").string(stage);
        number(out, "block", block);
        number(out, "index", (*place)->index);
        out.field("final").boolean(final);
        out.field("batch");
        if (entry)
            out.object([&] { entry_fields(out, *entry); });
        else
            out.null();
        if (claims) {
            out.field("claimed").boolean(block <= claims->proposed);
            out.field("settled").boolean(block <= claims->settled);
        }
    });
    return out.take();
}

rpc::RawResult RollupMethods::batches(std::uint64_t from, std::uint64_t to) {
    const std::uint64_t derived = driver_.status().derived.inbox_count;
    to = std::min(to, derived);
    if (from > to)
        return refuse(rpc::invalid_params,
                      "params[0] (from): " + std::to_string(derived) +
                          " entries are derived, and none from there to params[1]");
    if (to - from > max_batches)
        return refuse(rpc::invalid_params, "params: more than " + std::to_string(max_batches) +
                                               " entries; ask for fewer at once");
    JsonWriter out;
    std::optional<node::Error> error;
    // What is no longer in memory has to be asked for.
    unsigned loads = 32;
    out.array([&] {
        for (std::uint64_t i = from; i < to && !error; ++i) {
            const auto entry = watcher_.entry(i, false);
            auto size = watcher_.published_bytes(i);
            std::optional<Bytes> data = entry ? entry->data : std::nullopt;
            if (!data && loads > 0) {
                --loads;
                if (const auto loaded = watcher_.load(i); loaded && *loaded) data = (*loaded)->data;
            }
            if (data) size = data->size();
            // Before compression; absent where the data is not at hand or does not say it.
            const auto payload = data ? payload_size(*data) : std::nullopt;
            const auto before = driver_.derived_at(i), after = driver_.derived_at(i + 1);
            if (!before || !after || !*before || !*after) {
                error = !before  ? before.error()
                        : !after ? after.error()
                                 : node::retry("undone by a reorganisation; ask again").error();
                break;
            }
            out.object([&] {
                if (entry)
                    entry_fields(out, *entry);
                else
                    number(out, "index", i);
                number(out, "firstBlock", (*before)->head.number + 1);
                number(out, "lastBlock", (*after)->head.number);
                if (size) number(out, "bytes", *size);
                if (payload) number(out, "payloadBytes", *payload);
                if (entry) number(out, "blobs", entry->openings.size());
            });
        }
    });
    if (error) return trouble(*error);
    return out.take();
}

}  // namespace mezz::app
