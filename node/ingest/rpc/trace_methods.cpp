// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// debug_trace*: blocks, transactions and calls executed again under a tracer.
#include "core/types/block.hpp"
#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/replay.hpp"
#include "node/ingest/rpc/txn_tracer.hpp"
#include "node/ports/header_context.hpp"

namespace mezz::rpc {
namespace {

/// A block whose transactions are to be traced.
struct Traceable {
    BlockContext context;
    Bytes32 hash;
    const std::vector<Transaction>& transactions;
    const std::vector<Bytes32>& hashes;
    const std::vector<Address>& senders;
};

Replay replay_of(Context& context, const BlockContext& block) {
    if (block.number == 0) fail(server_error, "genesis is not traceable");
    return {context, block.number - 1, block};
}

/// Throws when the answer has become too large.
void check_size(Context& context, const JsonWriter& out, std::size_t before) {
    if (out.size_bytes() - before > context.options.max_trace_bytes)
        fail(server_error, too_large(context.options.max_trace_bytes));
}

/// Applies a transaction of a block and prints what the tracer says of it.
void trace_one(Context& context, Replay& replay, const Traceable& block, std::size_t index,
               const TraceOptions& options, JsonWriter& out) {
    const Transaction& txn = block.transactions[index];
    const auto tracer = make_tracer(
        options.tracer,
        {.before = replay.state(),
         .txn = txn,
         .sender = block.senders[index],
         .coinbase = block.context.coinbase,
         .revision = replay.revision(),
         .place = TracedPlace{block.hash, block.context.number, block.hashes[index], index}});
    context.check_stopping();
    Watch watch(*tracer, options.timeout, context.options.max_trace_bytes, &context.stopping);
    const Receipt receipt = replay.apply(txn, block.senders[index], &watch);
    if (!watch.problem().empty()) fail(server_error, watch.problem());
    const std::size_t before = out.size_bytes();
    tracer->print(out, {.after = replay.state(),
                        .gas_used = receipt.cumulative_gas_used,
                        .status = watch.status(),
                        .output = watch.output(),
                        .ran = watch.ran()});
    check_size(context, out, before);
}

void trace_all(const Call& c, const Traceable& block, const TraceOptions& options) {
    Replay replay = replay_of(c.context, block.context);
    const std::size_t before = c.out.size_bytes();
    // One transaction ends at its own timeout, the block at the most a transaction can name.
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::milliseconds(c.context.options.max_trace_timeout_ms);
    c.out.array([&] {
        for (std::size_t i = 0; i < block.transactions.size(); ++i) {
            if (std::chrono::steady_clock::now() >= end) fail(server_error, "execution timeout");
            c.out.object([&] {
                c.out.field("txHash").data(block.hashes[i]);
                trace_one(c.context, replay, block, i, options, c.out.field("result"));
                check_size(c.context, c.out, before);
            });
        }
    });
}

Traceable traceable(Context& context, const FullBlock& full) {
    return {unwrap(context.chain.context_of(full.number())), full.block.hash,
            full.block.transactions, full.block.transaction_hashes, full.block.senders};
}

void trace_stored(const Call& c, std::optional<std::uint64_t> number, const std::string& name) {
    const auto options = read_trace_options(c.params.get(1), c.context.options);
    const auto block = number ? c.context.blocks.get(*number) : nullptr;
    if (!block) fail(server_error, "block " + name + " not found");
    trace_all(c, traceable(c.context, *block), options);
}

void trace_block_by_number(const Call& c) {
    const Value which = c.params.at(0);
    const auto number = block_number_of(c.context, which);
    trace_stored(c, number, "#" + std::to_string(number ? *number : which.u64()));
}

void trace_block_by_hash(const Call& c) {
    const Bytes32 hash = c.params.at(0).hash();
    trace_stored(c, unwrap(c.context.chain.number_of(hash)), hex_text(hash));
}

/// A block that need not be part of the chain; its parent must be.
void trace_given_block(const Call& c) {
    const Bytes bytes = c.params.at(0).bytes();
    const auto options = read_trace_options(c.params.get(1), c.context.options);
    const auto block = decode_block(bytes);
    if (!block) fail(server_error, "could not decode block: rlp: malformed");
    const BlockContext context = node::context_of(block->header);
    if (context.number == 0) fail(server_error, "genesis is not traceable");
    const auto parent = unwrap(c.context.chain.number_of(context.parent_hash));
    if (!parent || *parent + 1 != context.number)
        fail(server_error, "block " + hex_text(context.parent_hash) + " not found");
    const Revision revision = c.context.chain.spec().revision_at(context.timestamp);
    // Nobody pays for this gas, and a deposit may name any: it must not buy more memory than there
    // is.
    const auto parent_header = unwrap(c.context.chain.header(*parent));
    const std::uint64_t most_gas =
        std::max(c.context.options.call_gas_cap, parent_header ? parent_header->gas_limit : 0);
    std::vector<Bytes32> hashes;
    std::vector<Address> senders;
    for (const Transaction& txn : block->transactions) {
        if (txn.gas_limit > most_gas) fail(server_error, "tracing failed: gas limit too high");
        const auto sender = exec::sender_of(txn, revision);
        if (!sender)
            fail(server_error, "tracing failed: " + std::string(exec::name(sender.error())));
        senders.push_back(*sender);
        hashes.push_back(hash(txn));
    }
    trace_all(c, {context, hash(block->header), block->transactions, hashes, senders}, options);
}

void trace_transaction(const Call& c) {
    const Bytes32 hash = c.params.at(0).hash();
    const auto options = read_trace_options(c.params.get(1), c.context.options);
    const FoundTxn found = find_mined(c.context, hash);
    if (!found.block) fail(server_error, "transaction not found");
    const Traceable block = traceable(c.context, *found.block);
    Replay replay = replay_of(c.context, block.context);
    for (std::size_t i = 0; i < found.index; ++i) {
        c.context.check_stopping();
        (void)replay.apply(block.transactions[i], block.senders[i]);
    }
    trace_one(c.context, replay, block, found.index, options, c.out);
}

/// The call as a tracer sees it.
Transaction as_transaction(const CallArguments& a) {
    Transaction t;
    t.type = TxType::dynamic_fee;
    t.to = a.call.to;
    t.value = a.call.value;
    t.data = a.call.data;
    t.authorizations = a.call.authorizations;
    return t;
}

void trace_call(const Call& c) {
    CallArguments arguments = read_call(c.params.at(0));
    const auto which = c.params.get(1);
    const auto config = c.params.get(2);
    const auto options = read_trace_options(config, c.context.options);
    if (is_pending(which)) fail(server_error, "tracing on top of pending is not supported");
    const auto number =
        which ? block_of(c.context, *which) : c.context.chain.head(node::Head::unsafe).number;
    if (!number) fail(server_error, "block not found");
    const auto state_overrides = config ? config->get("stateOverrides") : std::nullopt;
    const auto block_overrides = config ? config->get("blockOverrides") : std::nullopt;
    if (config && config->get("txIndex")) config->wrong("no txIndex: not supported");
    const auto overrides = read_overrides(state_overrides);
    CallRunner runner(c.context, {*number, false}, overrides);
    apply_block_overrides(block_overrides, runner.block());

    OverlayView before(runner.state());
    before.apply(overrides);
    Transaction txn = as_transaction(arguments);
    txn.gas_limit = runner.gas_of(arguments);
    const auto tracer = make_tracer(options.tracer, {.before = before,
                                                     .txn = txn,
                                                     .sender = arguments.call.from,
                                                     .coinbase = runner.block().coinbase,
                                                     .revision = runner.revision(),
                                                     .place = std::nullopt});
    Watch watch(*tracer, options.timeout, c.context.options.max_trace_bytes, &c.context.stopping);
    runner.want_diff();
    const exec::SimulationResult result = runner.run_call(arguments, &watch);
    if (!watch.problem().empty()) fail(server_error, watch.problem());
    OverlayView after = before;
    after.apply(result.diff);
    const std::size_t size = c.out.size_bytes();
    tracer->print(c.out, {.after = after,
                          .gas_used = result.gas_used,
                          .status = watch.status(),
                          .output = watch.output(),
                          .ran = watch.ran()});
    check_size(c.context, c.out, size);
}

}  // namespace

void add_trace_methods(MethodTable& table) {
    table.add("debug_traceTransaction",
              {"hash: Hash, options?: TracerOptions -> Trace",
               "Executes a transaction again under a tracer."},
              trace_transaction);
    table.add("debug_traceBlockByNumber",
              {"block: BlockTag, options?: TracerOptions -> TracedTransaction[]",
               "Executes a block again under a tracer."},
              trace_block_by_number);
    table.add("debug_traceBlockByHash",
              {"hash: Hash, options?: TracerOptions -> TracedTransaction[]",
               "Executes a block again under a tracer."},
              trace_block_by_hash);
    table.add("debug_traceBlock",
              {"rlp: Bytes, options?: TracerOptions -> TracedTransaction[]",
               "Executes a given block under a tracer."},
              trace_given_block);
    table.add("debug_traceCall",
              {"call: Call, block?: BlockId, options?: TracerOptions -> Trace",
               "Executes a call under a tracer."},
              trace_call);
}

}  // namespace mezz::rpc
