// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/witness_source.hpp"

#include <simdjson.h>

#include "app/rollup_file.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

/// What is asked for may be there later. spec: EIP-1474.
constexpr int resource_unavailable = -32002;

std::string entries_text(std::uint64_t from, std::uint64_t to) {
    return "entries " + std::to_string(from) + " to " + std::to_string(to);
}

node::Result<node::HeaderRecord> header_record(node::KvStore& store, const node::BlockRef& block) {
    const auto rows = store.read();
    if (!rows) return std::unexpected(rows.error());
    const auto row = (*rows)->get(node::Table::headers, node::number_key(block.number));
    if (!row) return std::unexpected(row.error());
    auto record = *row ? node::decode_header_record(**row) : std::nullopt;
    if (!record || record->hash != block.hash)
        return node::retry("block " + std::to_string(block.number) +
                           " was replaced while it was read; ask again");
    return std::move(*record);
}

/// A count as JSON number or 0x quantity; null is none.
std::expected<std::optional<std::uint64_t>, rpc::RpcError> count_param(
    const simdjson::dom::array& params, std::size_t index, const char* name) {
    simdjson::dom::element value;
    if (params.at(index).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    std::uint64_t number = 0;
    if (value.get(number) == simdjson::SUCCESS) return number;
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS && text.starts_with("0x") && text.size() <= 18) {
        std::string digits(text.substr(2));
        if (digits.size() % 2 != 0) digits.insert(digits.begin(), '0');
        if (const auto bytes = from_hex(digits); bytes && !bytes->empty()) {
            for (const auto b : *bytes) number = number << 8 | b;
            return number;
        }
    }
    return std::unexpected(rpc::RpcError{rpc::invalid_params,
                                         "params[" + std::to_string(index) + "] (" + name +
                                             "): expected a number of inbox entries, as a number "
                                             "or 0x quantity",
                                         {}});
}

}  // namespace

node::Result<node::WitnessRequest> WitnessSource::request(const node::DerivedPosition& pre,
                                                          const node::DerivedPosition& post) {
    node::WitnessRequest r;
    r.spec = spec_;
    auto header = header_record(store_, pre.head);
    if (!header) return std::unexpected(header.error());
    r.pre = std::move(*header);
    const auto entry = [&](std::uint64_t index) -> node::Result<node::InboxEntry> {
        auto found = watcher_.entry(index);
        if (!found)
            return node::retry("inbox entry " + std::to_string(index) +
                               " has not been read from the parent yet; wait until the node "
                               "follows its parent and ask again");
        return std::move(*found);
    };
    std::uint64_t queue_from = 0;
    if (pre.inbox_count > 0) {
        auto last = entry(pre.inbox_count - 1);
        if (!last) return std::unexpected(last.error());
        queue_from = last->entry.queue_cursor;
        r.last = std::move(*last);
        if (pre.inbox_count > 1) {
            const auto before = entry(pre.inbox_count - 2);
            if (!before) return std::unexpected(before.error());
            r.acc_before_last = before->acc;
        }
    }
    for (std::uint64_t i = pre.inbox_count; i < post.inbox_count; ++i) {
        auto next = entry(i);
        if (!next) return std::unexpected(next.error());
        r.entries.push_back(std::move(*next));
    }
    // What the parent says now may be another fork than the one that was derived.
    if ((r.last && r.last->acc != pre.inbox_acc) ||
        (!r.entries.empty() && r.entries.back().acc != post.inbox_acc))
        return node::retry("the parent was reorganised while " +
                           entries_text(pre.inbox_count, post.inbox_count) +
                           " were read; ask again");
    const std::uint64_t queue_to =
        r.entries.empty() ? queue_from : r.entries.back().entry.queue_cursor;
    auto queue = watcher_.queue(queue_from, queue_to);
    if (!queue)
        return node::retry("queue items before " + std::to_string(queue_to) +
                           " have not been read from the parent yet; ask again");
    r.queue = std::move(*queue);
    return r;
}

node::Result<ProvableRange> WitnessSource::range(std::uint64_t from,
                                                 std::optional<std::uint64_t> to) {
    const std::unique_lock lock(busy_, std::try_to_lock);
    if (!lock) return node::retry("another witness is being recorded; ask again when it is done");
    const std::uint64_t derived = driver_.status().derived.inbox_count;
    const std::uint64_t end = to.value_or(derived);
    if (from > end)
        return node::fatal(entries_text(from, end) +
                           ": the range ends before it begins; give a --from of at most " +
                           std::to_string(end));
    if (end > derived)
        return node::retry(entries_text(from, end) + ": only " + std::to_string(derived) +
                           " entries are derived so far; wait, or end the range at " +
                           std::to_string(derived));
    if (end - from > limits_.max_entries)
        return node::fatal(entries_text(from, end) + " are more than the " +
                           std::to_string(limits_.max_entries) +
                           " of one request; prove shorter ranges one after the other");
    const auto pre = driver_.derived_at(from), post = driver_.derived_at(end);
    if (!pre) return std::unexpected(pre.error());
    if (!post) return std::unexpected(post.error());
    if (!*pre || !*post)
        return node::retry(entries_text(from, end) +
                           " were undone by a reorganisation of the parent; ask again");
    const auto wanted = request(**pre, **post);
    if (!wanted) return std::unexpected(wanted.error());
    const auto recorded = node::record_witness(store_, *wanted);
    if (!recorded) return std::unexpected(recorded.error());
    const auto header = header_record(store_, (*post)->head);
    if (!header) return std::unexpected(header.error());
    if (recorded->statement.post.output_root != derive::output_root(header->header))
        return node::fatal("bug: " + entries_text(from, end) +
                           " lead the transition to another block than block " +
                           std::to_string((*post)->head.number) + " of this node; report this");
    ProvableRange out{recorded->statement, recorded->witness.encode(), (*pre)->head.number,
                      (*post)->head.number};
    if (out.witness.size() > limits_.max_witness_bytes)
        return node::fatal("the witness of " + entries_text(from, end) + " has " +
                           std::to_string(out.witness.size()) + " bytes, more than the " +
                           std::to_string(limits_.max_witness_bytes) +
                           " of one answer; prove shorter ranges one after the other");
    return out;
}

void add_witness_method(rpc::RpcServer& server, WitnessSource& source) {
    server.add("mezz_witness", [&source](std::string_view text) -> rpc::RawResult {
        simdjson::dom::parser parser;
        simdjson::dom::array params;
        if (parser.parse(simdjson::padded_string(text)).get(params) != simdjson::SUCCESS)
            return std::unexpected(
                rpc::RpcError{rpc::invalid_params, "params: expected [from, to]", {}});
        const auto from = count_param(params, 0, "from"), to = count_param(params, 1, "to");
        if (!from) return std::unexpected(from.error());
        if (!to) return std::unexpected(to.error());
        const auto made = source.range(from->value_or(0), *to);
        if (!made)
            return std::unexpected(rpc::RpcError{made.error().handling == node::Handling::retry
                                                     ? resource_unavailable
                                                     : rpc::server_error,
                                                 made.error().message,
                                                 {}});
        return "{\"statement\":\"" + hex_text(stf::encode(made->statement)) + "\",\"witness\":\"" +
               hex_text(made->witness) + "\",\"preBlock\":" + std::to_string(made->pre_block) +
               ",\"postBlock\":" + std::to_string(made->post_block) + "}";
    });
}

}  // namespace mezz::app
