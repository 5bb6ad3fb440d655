// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/witness_source.hpp"

#include <limits>

#include "app/claim_json.hpp"
#include "app/rollup_file.hpp"
#include "app/rpc_params.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

/// What is asked for may be there later. spec: EIP-1474.
constexpr int resource_unavailable = -32002;

std::string entries_text(std::uint64_t from, std::uint64_t to) {
    return "entries " + std::to_string(from) + " to " + std::to_string(to);
}

std::unexpected<node::Error> undone(const std::string& what) {
    return node::retry(what + ": undone by a reorganisation of the parent; ask again");
}

node::Result<node::HeaderRecord> header_record(node::KvStore& store, std::uint64_t number) {
    const auto rows = store.read();
    if (!rows) return std::unexpected(rows.error());
    const auto row = (*rows)->get(node::Table::headers, node::number_key(number));
    if (!row) return std::unexpected(row.error());
    auto record = *row ? node::decode_header_record(**row) : std::nullopt;
    if (!record)
        return node::retry("block " + std::to_string(number) +
                           " was taken back while it was read; ask again");
    return std::move(*record);
}

}  // namespace

node::Result<node::WitnessRequest> WitnessSource::request(const Wanted& w) {
    node::WitnessRequest r;
    r.spec = spec_;
    const auto place = driver_.place_of(w.pre_block);
    if (!place) return std::unexpected(place.error());
    if (!*place) return undone(w.what);
    r.start = (*place)->start;
    r.taken = (*place)->taken;
    r.block_count = w.block_count;
    auto header = header_record(store_, w.pre_block);
    if (!header) return std::unexpected(header.error());
    r.pre = std::move(*header);
    for (std::uint64_t i = r.start.inbox_count; i < w.inbox_count; ++i) {
        std::optional<node::InboxEntry> next;
        if (i < w.needed) {
            auto loaded = watcher_.load(i);
            if (!loaded) return std::unexpected(loaded.error());
            next = std::move(*loaded);
        } else {
            next = watcher_.entry(i, false);
        }
        if (!next)
            return node::retry("inbox entry " + std::to_string(i) +
                               " has not been read from the parent yet; wait until the node "
                               "follows its parent and ask again");
        r.entries.push_back(std::move(*next));
    }
    // What the parent says now may be another fork than the one that was derived.
    const auto end = driver_.derived_at(w.inbox_count);
    if (!end) return std::unexpected(end.error());
    if (!*end) return undone(w.what);
    Bytes32 acc = r.start.inbox_acc;
    for (const auto& e : r.entries) acc = derive::accumulate(acc, derive::entry_hash(e.entry));
    if (acc != (*end)->inbox_acc) return undone(w.what);
    std::uint64_t queue_to = r.start.queue_count;
    for (const auto& e : r.entries)
        if (e.index < w.needed) queue_to = e.entry.queue_cursor;
    auto queue = watcher_.queue(r.start.queue_count, queue_to);
    if (!queue)
        return node::retry("queue items before " + std::to_string(queue_to) +
                           " have not been read from the parent yet; ask again");
    r.queue = std::move(*queue);
    return r;
}

node::Result<Provable> WitnessSource::record(const Wanted& w) {
    const auto wanted = request(w);
    if (!wanted) return std::unexpected(wanted.error());
    const auto recorded = node::record_witness(store_, *wanted);
    if (!recorded) return std::unexpected(recorded.error());
    const stf::Claim& post = recorded->statement.post;
    const auto own = claim(post.block_number);
    if (!own) return std::unexpected(own.error());
    if (post != *own)
        return node::fatal("bug: " + w.what +
                           " leads the transition to another claim than this node has of block " +
                           std::to_string(post.block_number) + "; report this");
    Provable out{recorded->statement, recorded->witness.encode(), w.pre_block, post.block_number};
    if (out.witness.size() > limits_.max_witness_bytes)
        return node::fatal("the witness of " + w.what + " has " +
                           std::to_string(out.witness.size()) + " bytes, more than the " +
                           std::to_string(limits_.max_witness_bytes) +
                           " of one answer; prove shorter ranges one after the other");
    return out;
}

node::Result<stf::Claim> WitnessSource::claim(std::uint64_t number) {
    const auto place = driver_.place_of(number);
    if (!place) return std::unexpected(place.error());
    if (!*place)
        return node::retry("block " + std::to_string(number) +
                           " is not derived from the inbox yet; ask again when it is safe");
    const auto header = header_record(store_, number);
    if (!header) return std::unexpected(header.error());
    return stf::Claim{derive::output_root(header->header), number, stf::hash((*place)->start),
                      (*place)->taken};
}

node::Result<Provable> WitnessSource::range(std::uint64_t from, std::optional<std::uint64_t> to) {
    const std::unique_lock lock(busy_, std::try_to_lock);
    if (!lock) return node::retry("another witness is being recorded; ask again when it is done");
    const std::uint64_t derived = driver_.status().derived.inbox_count;
    const std::uint64_t end = to.value_or(derived);
    const std::string what = entries_text(from, end);
    if (from > end)
        return node::fatal(what + ": the range ends before it begins; give a --from of at most " +
                           std::to_string(end));
    if (end > derived)
        return node::retry(what + ": only " + std::to_string(derived) +
                           " entries are derived so far; wait, or end the range at " +
                           std::to_string(derived));
    if (end - from > limits_.max_entries)
        return node::fatal(what + " are more than the " + std::to_string(limits_.max_entries) +
                           " of one request; prove shorter ranges one after the other");
    const auto pre = driver_.derived_at(from);
    if (!pre) return std::unexpected(pre.error());
    if (!*pre) return undone(what);
    return record({(*pre)->head.number, end, end, std::numeric_limits<std::uint64_t>::max(), what});
}

node::Result<Provable> WitnessSource::block(std::uint64_t number,
                                            std::optional<std::uint64_t> inbox_count) {
    const std::unique_lock lock(busy_, std::try_to_lock);
    if (!lock) return node::retry("another witness is being recorded; ask again when it is done");
    const std::uint64_t derived = driver_.status().derived.inbox_count;
    const std::uint64_t end = inbox_count.value_or(derived);
    const std::string what = "the block after block " + std::to_string(number);
    if (end > derived)
        return node::retry(what + ": only " + std::to_string(derived) + " of " +
                           std::to_string(end) + " entries are derived so far; wait");
    const auto own = driver_.entries_for(number), next = driver_.entries_for(number + 1);
    if (!own) return std::unexpected(own.error());
    if (!next) return std::unexpected(next.error());
    if (!*own)
        return node::retry("block " + std::to_string(number) +
                           " is not derived from the inbox yet; ask again when it is safe");
    if (**own > end)
        return node::fatal("block " + std::to_string(number) + " comes of the first " +
                           std::to_string(**own) + " inbox entries, not of " + std::to_string(end) +
                           "; give an inbox count of at least that");
    return record({number, end, next->value_or(end), 1, what});
}

namespace {

rpc::RpcError rpc_error(const node::Error& e) {
    return {e.handling == node::Handling::retry ? resource_unavailable : rpc::server_error,
            e.message,
            {}};
}

std::string json(const Provable& made) {
    return "{\"statement\":\"" + hex_text(stf::encode(made.statement)) + "\",\"witness\":\"" +
           hex_text(made.witness) + "\",\"preBlock\":" + std::to_string(made.pre_block) +
           ",\"postBlock\":" + std::to_string(made.post_block) + "}";
}

}  // namespace

void add_witness_methods(rpc::RpcServer& server, WitnessSource& source) {
    server.add("mezz_witness",
               {"from?: Quantity | integer, to?: Quantity | integer -> Witness",
                "The witness of inbox entries from one index to before another; default: all."},
               [&source](std::string_view params) -> rpc::RawResult {
                   const auto from = number_param(params, 0, "from"),
                              to = number_param(params, 1, "to");
                   if (!from) return std::unexpected(from.error());
                   if (!to) return std::unexpected(to.error());
                   const auto made = source.range(from->value_or(0), *to);
                   if (!made) return std::unexpected(rpc_error(made.error()));
                   return json(*made);
               });
    server.add("mezz_blockWitness",
               {"block: Quantity | integer, inboxCount?: Quantity | integer -> Witness",
                "The witness of the block after a block, as a dispute is about it."},
               [&source](std::string_view params) -> rpc::RawResult {
                   const auto block = needed_number_param(params, 0, "block");
                   const auto count = number_param(params, 1, "inboxCount");
                   if (!block) return std::unexpected(block.error());
                   if (!count) return std::unexpected(count.error());
                   const auto made = source.block(*block, *count);
                   if (!made) return std::unexpected(rpc_error(made.error()));
                   return json(*made);
               });
    server.add("mezz_claim", {"block: Quantity | integer -> Claim", "The claim of a block."},
               [&source](std::string_view params) -> rpc::RawResult {
                   const auto block = needed_number_param(params, 0, "block");
                   if (!block) return std::unexpected(block.error());
                   const auto claim = source.claim(*block);
                   if (!claim) return std::unexpected(rpc_error(claim.error()));
                   return claim_json(*claim);
               });
}

}  // namespace mezz::app
