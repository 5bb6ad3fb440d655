// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/client/rpc_parent.hpp"

#include "core/crypto/keccak.hpp"
#include "core/types/blob_sidecar.hpp"
#include "node/host/client/rpc_codec.hpp"
#include "node/host/crypto/kzg_native.hpp"

namespace mezz::node {
namespace {

using rpc::Element;

/// A parsed answer; the element lives as long as its parser.
struct Answer {
    std::unique_ptr<simdjson::dom::parser> parser = std::make_unique<simdjson::dom::parser>();
    Element root;
};

/// Server text in messages: bounded, one line.
std::string printable(std::string_view text, std::size_t limit = 300) {
    std::string out;
    for (const char c : text.substr(0, limit)) out.push_back(c >= ' ' && c < 0x7f ? c : ' ');
    if (text.size() > limit) out += "…";
    return out;
}

std::unexpected<Error> with(std::string_view what, const Error& error) {
    return std::unexpected(Error{error.handling, std::string(what) + ": " + error.message});
}

Result<Answer> parse(std::string_view body) {
    Answer out;
    if (out.parser->parse(simdjson::padded_string(body)).get(out.root) != simdjson::SUCCESS)
        return retry("the parent's answer is not JSON: \"" + printable(body, 80) +
                     "\"; check that the URL is an Ethereum node's");
    return out;
}

Result<Answer> ask(HttpClient& http, std::string_view method, std::string_view params,
                   std::uint64_t timeout_ms) {
    std::string body = R"({"jsonrpc":"2.0","id":1,"method":")";
    body.append(method).append(R"(","params":)").append(params).append("}");
    const auto response = http.post(body, timeout_ms);
    if (!response) return with(method, response.error());
    auto answer = parse(response->body);
    if (!answer) {
        if (response->status != 200)
            return retry(std::string(method) + ": the parent answered HTTP " +
                         std::to_string(response->status) + "; check its URL and limits");
        return with(method, answer.error());
    }
    Element error;
    if (answer->root["error"].get(error) == simdjson::SUCCESS && !error.is_null()) {
        std::int64_t code = 0;
        std::string_view message, data;
        (void)error["code"].get_int64().get(code);
        (void)error["message"].get_string().get(message);
        (void)error["data"].get_string().get(data);
        std::string why = std::string(method) + ": the parent answered error " +
                          std::to_string(code) + ": " + printable(message);
        if (!data.empty()) why += " (data " + printable(data) + ")";
        const bool reverted = code == 3 || message.find("revert") != std::string_view::npos;
        return reverted ? Result<Answer>(reset(std::move(why)))
                        : Result<Answer>(retry(std::move(why)));
    }
    Element result;
    if (answer->root["result"].get(result) != simdjson::SUCCESS)
        return retry(std::string(method) + ": the parent's answer has neither result nor error");
    answer->root = result;
    return answer;
}

template <class Parse>
auto ask_for(HttpClient& http, std::string_view method, const std::string& params,
             std::uint64_t timeout_ms, Parse parse_value) -> decltype(parse_value(Element{})) {
    auto answer = ask(http, method, params, timeout_ms);
    if (!answer) return std::unexpected(std::move(answer.error()));
    auto value = parse_value(answer->root);
    if (!value) return with(method, value.error());
    return value;
}

Result<std::uint64_t> parse_u64(const Element& value) {
    const auto v = rpc::parse_number(value);
    if (!v) return std::unexpected(v.error());
    if (!v->fits_u64()) return retry("the answer does not fit into 64 bits");
    return v->limb[0];
}

/// Null, or an object whose block is null: known but still waiting.
bool not_mined(const Element& value) {
    Element block_hash;
    return value.is_null() ||
           (value["blockHash"].get(block_hash) == simdjson::SUCCESS && block_hash.is_null());
}

std::string call_object(const std::optional<Address>& from, const std::optional<Address>& to,
                        const uint256& value, ByteView data) {
    std::string out = "{";
    if (from) out += "\"from\":" + rpc::quoted(*from) + ",";
    if (to) out += "\"to\":" + rpc::quoted(*to) + ",";
    if (!value.is_zero()) out += "\"value\":" + rpc::quantity(value) + ",";
    return out + "\"data\":" + rpc::quoted(data) + "}";
}

Result<std::vector<Bytes>> fetch_blobs(HttpClient& http, const std::string& path,
                                       std::uint64_t block_number, std::uint64_t timeout_ms) {
    const std::string what = "blobs of parent block " + std::to_string(block_number);
    const auto response = http.get(path, timeout_ms);
    if (!response) return with(what, response.error());
    if (response->status != 200)
        return retry(what + ": the parent answered HTTP " + std::to_string(response->status) +
                     " (" + printable(response->body, 120) +
                     "); check that --blobs serves /eth/v1/beacon/blobs");
    const auto answer = parse(response->body);
    if (!answer) return with(what, answer.error());
    simdjson::dom::array list;
    if (answer->root["data"].get_array().get(list) != simdjson::SUCCESS)
        return retry(what + ": the answer has no list \"data\"");
    std::vector<Bytes> found;
    for (const Element item : list) {
        auto blob = rpc::parse_bytes(item);
        if (!blob || blob->size() != BYTES_PER_BLOB)
            return retry(what + ": the answer holds something that is not a blob");
        found.push_back(std::move(*blob));
    }
    return found;
}

/// Puts blobs into the order asked for. complexity: a commitment (some 75 ms) a blob.
Result<std::vector<Bytes>> order_blobs(std::vector<Bytes> found, std::uint64_t block_number,
                                       const std::vector<Bytes32>& wanted) {
    std::vector<Bytes32> hashes;
    for (const auto& blob : found) {
        const auto commitment = host::blob_to_kzg_commitment(blob);
        hashes.push_back(commitment ? crypto::kzg_to_versioned_hash(*commitment) : Bytes32{});
    }
    std::vector<Bytes> out;
    for (const auto& want : wanted) {
        const auto at = std::find(hashes.begin(), hashes.end(), want);
        if (at == hashes.end())
            return retry("parent: no blob with versioned hash " + rpc::quoted(want) +
                         " of parent block " + std::to_string(block_number) +
                         " in the answer of --blobs; it is missing or altered: it may come later, "
                         "or use another --blobs (an archive of blobs for old blocks)");
        out.push_back(found[static_cast<std::size_t>(at - hashes.begin())]);
    }
    return out;
}

}  // namespace

Result<std::unique_ptr<RpcParent>> RpcParent::make(RpcParentOptions options) {
    auto rpc_url = parse_http_url(options.rpc_url);
    if (!rpc_url) return std::unexpected(std::move(rpc_url.error()));
    auto blobs_url =
        parse_http_url(options.blobs_url.empty() ? options.rpc_url : options.blobs_url);
    if (!blobs_url) return std::unexpected(std::move(blobs_url.error()));
    return std::unique_ptr<RpcParent>(
        new RpcParent(std::move(*rpc_url), std::move(*blobs_url), std::move(options)));
}

RpcParent::RpcParent(HttpUrl rpc_url, HttpUrl blobs_url, RpcParentOptions options)
    : options_(std::move(options)), rpc_(std::move(rpc_url)), blobs_(std::move(blobs_url)) {}

Result<std::uint64_t> RpcParent::chain_id() {
    return ask_for(rpc_, "eth_chainId", "[]", options_.timeout_ms, parse_u64);
}

Result<ParentBlock> RpcParent::block(BlockTag tag) {
    const std::string params = "[" + std::string(rpc::tag_name(tag)) + ",false]";
    return ask_for(rpc_, "eth_getBlockByNumber", params, options_.timeout_ms, rpc::parse_block);
}

Result<std::optional<ParentBlock>> RpcParent::block(std::uint64_t number) {
    const std::string params = "[" + rpc::quantity(number) + ",false]";
    return ask_for(rpc_, "eth_getBlockByNumber", params, options_.timeout_ms,
                   [&](const Element& value) -> Result<std::optional<ParentBlock>> {
                       if (value.is_null()) return std::nullopt;
                       auto block = rpc::parse_block(value);
                       if (!block) return std::unexpected(std::move(block.error()));
                       if (block->number != number)
                           return retry("asked for block " + std::to_string(number) +
                                        ", got block " + std::to_string(block->number));
                       return std::move(*block);
                   });
}

Result<std::vector<ParentLog>> RpcParent::logs(const LogFilter& filter) {
    std::string params = "[{\"fromBlock\":" + rpc::quantity(filter.from_block) +
                         ",\"toBlock\":" + rpc::quantity(filter.to_block) +
                         ",\"address\":" + rpc::quoted(filter.address);
    if (!filter.topics0.empty()) {
        params += ",\"topics\":[[";
        for (const auto& topic : filter.topics0) params += rpc::quoted(topic) + ",";
        params.back() = ']';
        params += "]";
    }
    params += "}]";
    return ask_for(rpc_, "eth_getLogs", params, options_.timeout_ms,
                   [&](const Element& value) -> Result<std::vector<ParentLog>> {
                       simdjson::dom::array list;
                       if (value.get_array().get(list) != simdjson::SUCCESS)
                           return retry("the answer is not a list");
                       std::vector<ParentLog> out;
                       for (const Element item : list) {
                           auto log = rpc::parse_log(item);
                           if (!log) return std::unexpected(std::move(log.error()));
                           if (log->log.address != filter.address ||
                               log->block_number < filter.from_block ||
                               log->block_number > filter.to_block)
                               return retry("the answer holds logs that were not asked for");
                           out.push_back(std::move(*log));
                       }
                       return out;
                   });
}

Result<std::optional<Transaction>> RpcParent::transaction(const Bytes32& wanted) {
    return ask_for(rpc_, "eth_getTransactionByHash", "[" + rpc::quoted(wanted) + "]",
                   options_.timeout_ms,
                   [&](const Element& value) -> Result<std::optional<Transaction>> {
                       if (not_mined(value)) return std::nullopt;
                       auto txn = rpc::parse_transaction(value);
                       if (!txn) return std::unexpected(std::move(txn.error()));
                       if (hash(*txn) != wanted)
                           return retry("the transaction in the answer does not hash to " +
                                        rpc::quoted(wanted));
                       return std::move(*txn);
                   });
}

/// The blobs of these hashes where the server filters; maybe all of the block's.
Result<std::vector<Bytes>> RpcParent::named_blobs(const ParentBlock& block,
                                                  const std::vector<Bytes32>& versioned_hashes) {
    const std::string path = "/eth/v1/beacon/blobs/" + std::to_string(block.number);
    std::string query = "?versioned_hashes=";
    for (const auto& wanted : versioned_hashes) {
        const std::string text = rpc::quoted(wanted);
        query.append(text, 1, text.size() - 2).push_back(',');
    }
    query.pop_back();
    auto found = fetch_blobs(blobs_, path + query, block.number, options_.blob_timeout_ms);
    // Servers disagree on how a list is written in a query: without one, all come.
    if (!found || found->size() < versioned_hashes.size())
        found = fetch_blobs(blobs_, path, block.number, options_.blob_timeout_ms);
    return found;
}

Result<std::vector<Bytes>> RpcParent::blobs(const ParentBlock& block,
                                            const std::vector<Bytes32>& versioned_hashes) {
    if (versioned_hashes.empty()) return std::vector<Bytes>{};
    auto found = named_blobs(block, versioned_hashes);
    if (!found) return found;
    return order_blobs(std::move(*found), block.number, versioned_hashes);
}

Result<std::vector<Bytes>> RpcParent::unchecked_blobs(
    const ParentBlock& block, const std::vector<Bytes32>& versioned_hashes) {
    if (versioned_hashes.empty()) return std::vector<Bytes>{};
    auto found = named_blobs(block, versioned_hashes);
    if (!found || found->size() == versioned_hashes.size()) return found;
    return order_blobs(std::move(*found), block.number, versioned_hashes);
}

Result<Bytes> RpcParent::call(const Address& to, ByteView data, BlockTag tag) {
    const std::string params =
        "[" + call_object(std::nullopt, to, {}, data) + "," + std::string(rpc::tag_name(tag)) + "]";
    return ask_for(rpc_, "eth_call", params, options_.timeout_ms, rpc::parse_bytes);
}

Result<std::uint64_t> RpcParent::nonce(const Address& address, bool pending) {
    const std::string params =
        "[" + rpc::quoted(address) + (pending ? ",\"pending\"]" : ",\"latest\"]");
    return ask_for(rpc_, "eth_getTransactionCount", params, options_.timeout_ms, parse_u64);
}

Result<uint256> RpcParent::balance(const Address& address) {
    return ask_for(rpc_, "eth_getBalance", "[" + rpc::quoted(address) + ",\"latest\"]",
                   options_.timeout_ms, rpc::parse_number);
}

Result<Bytes> RpcParent::code(const Address& address) {
    return ask_for(rpc_, "eth_getCode", "[" + rpc::quoted(address) + ",\"latest\"]",
                   options_.timeout_ms, rpc::parse_bytes);
}

Result<std::uint64_t> RpcParent::estimate_gas(const Address& from, const std::optional<Address>& to,
                                              const uint256& value, ByteView data) {
    return ask_for(rpc_, "eth_estimateGas", "[" + call_object(from, to, value, data) + "]",
                   options_.timeout_ms, parse_u64);
}

Result<FeeQuote> RpcParent::fees() {
    const auto head = block(BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    FeeQuote out{head->base_fee, 1'000'000'000, 1};
    // Neither method is everywhere: without them, the tip most nodes ask for and the least blob
    // fee.
    if (const auto tip =
            ask_for(rpc_, "eth_maxPriorityFeePerGas", "[]", options_.timeout_ms, rpc::parse_number))
        out.priority_fee = *tip;
    if (const auto fee =
            ask_for(rpc_, "eth_blobBaseFee", "[]", options_.timeout_ms, rpc::parse_number))
        out.blob_base_fee = *fee;
    return out;
}

Result<Bytes32> RpcParent::send(ByteView raw) {
    const bool heavy = !raw.empty() && raw[0] == 3;
    return ask_for(rpc_, "eth_sendRawTransaction", "[" + rpc::quoted(raw) + "]",
                   heavy ? options_.blob_timeout_ms : options_.timeout_ms,
                   [](const Element& value) -> Result<Bytes32> {
                       const auto bytes = rpc::parse_bytes(value);
                       if (!bytes || bytes->size() != 32)
                           return retry("the answer is not a transaction hash");
                       return Bytes32::from(*bytes);
                   });
}

Result<std::optional<ParentReceipt>> RpcParent::receipt(const Bytes32& hash) {
    return ask_for(rpc_, "eth_getTransactionReceipt", "[" + rpc::quoted(hash) + "]",
                   options_.timeout_ms,
                   [](const Element& value) -> Result<std::optional<ParentReceipt>> {
                       if (not_mined(value)) return std::nullopt;
                       auto receipt = rpc::parse_receipt(value);
                       if (!receipt) return std::unexpected(std::move(receipt.error()));
                       return std::move(*receipt);
                   });
}

Result<std::string> RpcParent::request(std::string_view method, std::string_view params_json) {
    const auto answer = ask(rpc_, method, params_json, options_.blob_timeout_ms);
    if (!answer) return std::unexpected(answer.error());
    return simdjson::to_string(answer->root);
}

}  // namespace mezz::node
