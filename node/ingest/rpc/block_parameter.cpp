// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Which block a parameter means. spec: execution-apis "BlockNumberOrTag"; EIP-1898.
#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {
namespace {

constexpr std::string_view expected_block =
    "a block number in hex, or latest, pending, safe, finalized, earliest";

std::optional<std::uint64_t> by_hash(Context& context, const Bytes32& hash) {
    return unwrap(context.chain.number_of(hash));
}

}  // namespace

std::optional<std::uint64_t> block_number_of(Context& context, const Value& value) {
    if (!value.is_string()) value.wrong(expected_block);
    const std::string_view text = value.text();
    if (text == "latest" || text == "pending") return context.chain.head(node::Head::unsafe).number;
    if (text == "safe") return context.chain.head(node::Head::safe).number;
    if (text == "finalized") return context.chain.head(node::Head::finalized).number;
    if (text == "earliest") return 0;
    if (!text.starts_with("0x") && !text.starts_with("0X")) value.wrong(expected_block);
    const std::uint64_t number = value.u64();
    if (number > context.chain.head(node::Head::unsafe).number) return std::nullopt;
    return number;
}

std::optional<std::uint64_t> block_of(Context& context, const Value& value) {
    if (value.is_object()) {
        const auto number = value.get("blockNumber");
        const auto hash = value.get("blockHash");
        if (number && hash) value.wrong("either blockNumber or blockHash");
        if (number) return block_number_of(context, *number);
        if (hash) return by_hash(context, hash->hash());
        value.wrong("an object with blockNumber or blockHash");
    }
    if (value.is_string() && value.text().size() == 66) return by_hash(context, value.hash());
    return block_number_of(context, value);
}

std::uint64_t require_block(Context& context, const std::optional<Value>& value) {
    if (!value) return context.chain.head(node::Head::unsafe).number;
    const auto number = block_of(context, *value);
    if (!number) fail(server_error, "header not found");
    return *number;
}

bool is_pending(const std::optional<Value>& value) {
    return value && value->is_string() && value->text() == "pending";
}

}  // namespace mezz::rpc
