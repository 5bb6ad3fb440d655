// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/force_include.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>

#include "app/exit_code.hpp"
#include "app/key_source.hpp"
#include "app/rollup_file.hpp"
#include "core/codec/hex.hpp"
#include "core/derive/channel.hpp"
#include "node/derive/inbox_events.hpp"
#include "node/host/client/rpc_parent.hpp"
#include "node/host/platform/system_clock.hpp"
#include "node/host/signing/abi.hpp"
#include "node/host/signing/tx_manager.hpp"

namespace mezz::app {
namespace {

/// Somebody else's entry may come first.
constexpr int attempts = 4;
constexpr std::uint64_t log_range = 2000;

/// The queue as the inbox shows it.
struct Queue {
    std::uint64_t entries = 0;  ///< of the inbox
    std::uint64_t cursor = 0;   ///< first item that waits
    std::uint64_t length = 0;
    std::uint64_t overdue_to = 0;      ///< items before this one may be forced
    std::uint64_t due_in_seconds = 0;  ///< until the first one may
};

class Inbox {
public:
    Inbox(node::Parent& parent, const RollupFile& file) : parent_(parent), file_(file) {}

    node::Result<Queue> queue() {
        Queue q;
        const auto& inbox = file_.contracts.inbox;
        const auto delay = number(file_.contracts.system_config, getter("forceDelaySeconds()"));
        if (!delay) return std::unexpected(delay.error());
        for (auto [name, out] : {std::pair{"count()", &q.entries},
                                 {"queueCursor()", &q.cursor},
                                 {"queueLength()", &q.length}}) {
            const auto value = number(inbox, getter(name));
            if (!value) return std::unexpected(value.error());
            *out = *value;
        }
        const auto head = parent_.block(node::BlockTag::latest);
        if (!head) return std::unexpected(head.error());
        q.overdue_to = q.cursor;
        // More than one entry takes is left for the next call.
        const std::uint64_t limit = q.cursor + derive::MAX_QUEUE_ITEMS_PER_ENTRY;
        while (q.overdue_to < std::min(q.length, limit)) {
            const auto queued = number(
                inbox, node::abi::Call("queueTimestamp(uint64)").word(q.overdue_to).finish());
            if (!queued) return std::unexpected(queued.error());
            const std::uint64_t due = *queued + *delay;
            if (due > head->timestamp) {
                if (q.overdue_to == q.cursor) q.due_in_seconds = due - head->timestamp;
                break;
            }
            ++q.overdue_to;
        }
        return q;
    }

    /// The labels of items [from, to): they give the deposits the hashes that clients expect.
    node::Result<std::vector<derive::DepositLabel>> labels(std::uint64_t from, std::uint64_t to) {
        std::vector<std::optional<derive::DepositLabel>> found(to - from);
        const auto head = parent_.block(node::BlockTag::latest);
        if (!head) return std::unexpected(head.error());
        const std::uint64_t first = file_.contracts.deployed_at;
        const auto missing = [&] {
            return std::any_of(found.begin(), found.end(), [](const auto& l) { return !l; });
        };
        for (std::uint64_t end = head->number + 1; end > first && missing();) {
            const std::uint64_t begin = end - std::min(end - first, log_range);
            if (auto done = read_labels(begin, end - 1, from, found); !done)
                return std::unexpected(done.error());
            end = begin;
        }
        std::vector<derive::DepositLabel> out;
        for (const auto& label : found) {
            if (!label) return node::retry("the deposit events are missing from the parent's logs");
            out.push_back(*label);
        }
        return out;
    }

private:
    static Bytes getter(std::string_view signature) { return node::abi::Call(signature).finish(); }
    node::Result<std::uint64_t> number(const Address& to, const Bytes& input) {
        const auto answer = parent_.call(to, input);
        if (!answer) return std::unexpected(answer.error());
        const auto word = node::abi::word_at(*answer, 0);
        if (!word || !word->fits_u64())
            return node::fatal("no contract of the rollup at " + hex_text(to) +
                               "; --parent and --spec belong to different chains");
        return word->limb[0];
    }
    node::Result<void> read_labels(std::uint64_t from_block, std::uint64_t to_block,
                                   std::uint64_t first,
                                   std::vector<std::optional<derive::DepositLabel>>& out) {
        const auto queued =
            parent_.logs({from_block, to_block, file_.contracts.inbox, {node::ENQUEUED_TOPIC}});
        if (!queued) return std::unexpected(queued.error());
        const auto deposits = parent_.logs(
            {from_block, to_block, file_.contracts.portal, {node::TRANSACTION_DEPOSITED_TOPIC}});
        if (!deposits) return std::unexpected(deposits.error());
        for (const auto& l : *queued) {
            const auto item = node::decode_enqueued(l);
            if (!item || item->index < first || item->index - first >= out.size()) continue;
            // The portal's event stands right before the inbox's, in the same transaction.
            for (const auto& d : *deposits)
                if (d.block_hash == l.block_hash && d.log_index + 1 == l.log_index)
                    out[item->index - first] = derive::DepositLabel{d.block_hash, d.log_index};
        }
        return {};
    }

    node::Parent& parent_;
    const RollupFile& file_;
};

}  // namespace

node::Result<std::optional<Forced>> force_overdue(node::Parent& parent, const RollupFile& file,
                                                  node::TxManager& txs) {
    Inbox inbox(parent, file);
    node::Error last;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto queue = inbox.queue();
        if (!queue) return std::unexpected(queue.error());
        if (queue->cursor == queue->length) return std::optional<Forced>{};
        if (queue->overdue_to == queue->cursor)
            return node::retry("queue item " + std::to_string(queue->cursor) +
                               " may be forced in " + std::to_string(queue->due_in_seconds) +
                               " seconds of the parent; until then the sequencer may include it");
        const auto labels = inbox.labels(queue->cursor, queue->overdue_to);
        if (!labels) return std::unexpected(labels.error());
        derive::Batch batch;
        batch.chain_id = file.spec.chain_id;
        batch.blocks.emplace_back().deposits = *labels;
        Bytes data{derive::format_plain};
        append(data, derive::encode_batch(batch));
        node::TxCandidate candidate;
        candidate.to = file.contracts.inbox;
        candidate.data = node::abi::Call("forceInclude(uint64,uint64,bytes)")
                             .word(queue->entries)
                             .word(queue->overdue_to)
                             .bytes(data)
                             .finish();
        const node::TxId id = txs.send(std::move(candidate));
        const auto receipts = txs.wait({id});
        if (receipts) {
            // The entry's own event says where it landed.
            const auto& logs = receipts->front().logs;
            return std::optional(Forced{queue->cursor, queue->overdue_to, queue->entries,
                                        logs.empty() ? Bytes32{} : logs[0].transaction_hash,
                                        receipts->front().block_number});
        }
        last = receipts.error();
        txs.forget(id);
        // Another entry came first, or the sequencer included the item: look again.
        if (last.handling != node::Handling::reset) break;
    }
    return std::unexpected(node::Error{last.handling, "forceInclude: " + last.message});
}

int run_force_include(const ForceIncludeOptions& options) {
    const auto file = read_rollup_file(options.spec);
    if (!file) return fail({file.error().handling, "--spec " + file.error().message});
    const auto key = read_key("--key", "MEZZ_KEY", options.key, options.key_file);
    if (!key) return fail(key.error());
    auto signer = node::Signer::make(*key);
    if (!signer) return fail({signer.error().handling, "--key: " + signer.error().message});
    node::RpcParentOptions parent_options;
    parent_options.rpc_url = options.parent_url;
    auto parent = node::RpcParent::make(parent_options);
    if (!parent) return fail(parent.error());
    const auto id = (*parent)->chain_id();
    if (!id) return fail(id.error());
    if (*id != file->parent_chain_id)
        return fail({node::Handling::fatal, "--parent " + options.parent_url + " is chain " +
                                                std::to_string(*id) +
                                                ", the rollup's parent is chain " +
                                                std::to_string(file->parent_chain_id)});
    host::SystemClock clock;
    node::TxManager txs(**parent, *signer, clock, {}, [](std::uint64_t ms) {
        std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    });
    const auto forced = force_overdue(**parent, *file, txs);
    if (!forced) return fail(forced.error());
    if (!*forced) {
        std::printf("%s\n", options.json ? "{\"items\":0}" : "  nothing waits in the queue");
        return 0;
    }
    const auto& f = **forced;
    const std::uint64_t items = f.to - f.from;
    if (options.json)
        std::printf(
            "{\"items\":%llu,\"from\":%llu,\"to\":%llu,\"entry\":%llu,"
            "\"transactionHash\":\"%s\",\"parentBlock\":%llu}\n",
            static_cast<unsigned long long>(items), static_cast<unsigned long long>(f.from),
            static_cast<unsigned long long>(f.to), static_cast<unsigned long long>(f.entry),
            hex_text(f.transaction_hash).c_str(), static_cast<unsigned long long>(f.parent_block));
    else
        std::printf("  %llu queue items from %llu on are inbox entry %llu: %s\n",
                    static_cast<unsigned long long>(items), static_cast<unsigned long long>(f.from),
                    static_cast<unsigned long long>(f.entry), hex_text(f.transaction_hash).c_str());
    return 0;
}

}  // namespace mezz::app
