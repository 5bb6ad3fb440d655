// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/remote_chain.hpp"

#include <simdjson.h>

#include "core/codec/hex.hpp"
#include "core/types/receipt.hpp"
#include "node/host/client/rpc_codec.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::app {
namespace {

namespace dom = simdjson::dom;
using node::Result;

std::string json_text(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}
std::string block_text(std::uint64_t number) {
    return node::rpc::quantity(uint256{number});
}

std::optional<Bytes> bytes_of(dom::element e) {
    std::string_view text;
    if (e.get(text) != simdjson::SUCCESS) return std::nullopt;
    return from_hex(text);
}
std::optional<uint256> quantity_of(dom::element e) {
    std::string_view text;
    if (e.get(text) != simdjson::SUCCESS || !text.starts_with("0x") || text.size() > 66)
        return std::nullopt;
    std::string digits(text.substr(2));
    if (digits.size() % 2 != 0) digits.insert(0, "0");
    const auto bytes = from_hex(digits);
    if (!bytes) return std::nullopt;
    uint256 out;
    for (const auto byte : *bytes) out = (out << 8) | uint256{byte};
    return out;
}

/// The list of nodes of a proof.
std::optional<std::vector<Bytes>> nodes_of(dom::element e) {
    dom::array list;
    if (e.get(list) != simdjson::SUCCESS) return std::nullopt;
    std::vector<Bytes> out;
    for (const dom::element item : list) {
        auto bytes = bytes_of(item);
        if (!bytes) return std::nullopt;
        out.push_back(std::move(*bytes));
    }
    return out;
}

std::unexpected<node::Error> malformed(const char* method) {
    return node::retry(std::string(method) + ": the node's answer is malformed; use another --rpc");
}

/// Proofs of one block's state. Accounts, storage and code are not read.
class RemoteState final : public node::StateReader {
public:
    RemoteState(Network& network, std::uint64_t number) : network_(network), number_(number) {}

    std::optional<Account> account(const Address&) override { return lacking<Account>(); }
    uint256 storage(const Address&, const Bytes32&) override {
        (void)lacking<Account>();
        return {};
    }
    ByteView code(const Bytes32&) override {
        (void)lacking<Account>();
        return {};
    }
    [[nodiscard]] std::optional<node::Error> error() const override { return error_; }
    Result<Bytes32> pretend(const Diff&) override {
        return node::fatal("nothing is executed on the state of a remote chain");
    }
    Result<node::AccountProof> prove(const Address& address,
                                     const std::vector<Bytes32>& keys) override {
        std::string list;
        for (const auto& key : keys)
            list += (list.empty() ? "" : ",") + json_text(node::hex_text(key));
        const auto answer =
            network_.ask("eth_getProof", "[" + json_text(node::hex_text(address)) + ",[" + list +
                                             "]," + block_text(number_) + "]");
        if (!answer) return std::unexpected(answer.error());
        dom::parser parser;
        dom::element e, nodes, root;
        dom::array slots;
        if (parser.parse(*answer).get(e) != simdjson::SUCCESS ||
            e["accountProof"].get(nodes) != simdjson::SUCCESS ||
            e["storageHash"].get(root) != simdjson::SUCCESS ||
            e["storageProof"].get(slots) != simdjson::SUCCESS)
            return malformed("eth_getProof");
        node::AccountProof out;
        auto account_proof = nodes_of(nodes);
        const auto storage_root = bytes_of(root);
        if (!account_proof || !storage_root || storage_root->size() != Bytes32::size())
            return malformed("eth_getProof");
        out.account_proof = std::move(*account_proof);
        out.storage_root = Bytes32::from(*storage_root);
        for (const dom::element slot : slots) {
            dom::element value;
            if (out.slots.size() == keys.size() || slot["value"].get(value) != simdjson::SUCCESS ||
                slot["proof"].get(nodes) != simdjson::SUCCESS)
                return malformed("eth_getProof");
            const auto number = quantity_of(value);
            auto proof = nodes_of(nodes);
            if (!number || !proof) return malformed("eth_getProof");
            out.slots.push_back({keys[out.slots.size()], *number, std::move(*proof)});
        }
        return out;
    }

private:
    template <class T>
    std::optional<T> lacking() {
        error_ = node::Error{node::Handling::fatal, "states of a remote chain are not read"};
        return std::nullopt;
    }

    Network& network_;
    std::uint64_t number_;
    std::optional<node::Error> error_;
};

}  // namespace

Result<std::optional<Header>> RemoteChain::header(std::uint64_t number) {
    const auto answer = network_.ask("debug_getRawHeader", "[" + block_text(number) + "]");
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element e;
    if (parser.parse(*answer).get(e) != simdjson::SUCCESS) return malformed("debug_getRawHeader");
    const auto bytes = bytes_of(e);
    const auto header = bytes ? decode_header(*bytes) : std::unexpected(rlp::Error{});
    if (!header || header->number != number) return malformed("debug_getRawHeader");
    return std::optional<Header>(*header);
}

Result<std::optional<std::uint64_t>> RemoteChain::number_of(const Bytes32&) {
    return node::fatal("blocks of a remote chain are not looked up by hash");
}

Result<std::optional<node::StoredBlock>> RemoteChain::block(std::uint64_t) {
    return node::fatal("whole blocks of a remote chain are not read");
}

Result<std::optional<node::BlockReceipts>> RemoteChain::receipts(std::uint64_t number) {
    const auto answer = network_.ask("debug_getRawReceipts", "[" + block_text(number) + "]");
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element e;
    if (parser.parse(*answer).get(e) != simdjson::SUCCESS) return malformed("debug_getRawReceipts");
    const auto list = nodes_of(e);
    if (!list) return malformed("debug_getRawReceipts");
    node::BlockReceipts out;
    for (const auto& bytes : *list) {
        auto receipt = decode_receipt(bytes);
        if (!receipt) return malformed("debug_getRawReceipts");
        out.receipts.push_back(std::move(*receipt));
    }
    return std::optional(std::move(out));
}

Result<std::optional<node::TxnPlace>> RemoteChain::find_transaction(const Bytes32& hash) {
    const auto answer =
        network_.ask("eth_getTransactionReceipt", "[" + json_text(node::hex_text(hash)) + "]");
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element e, number, index;
    if (parser.parse(*answer).get(e) != simdjson::SUCCESS)
        return malformed("eth_getTransactionReceipt");
    if (e.is_null()) return std::optional<node::TxnPlace>{};
    if (e["blockNumber"].get(number) != simdjson::SUCCESS ||
        e["transactionIndex"].get(index) != simdjson::SUCCESS)
        return malformed("eth_getTransactionReceipt");
    const auto n = quantity_of(number), i = quantity_of(index);
    if (!n || !i || !n->fits_u64() || !i->fits_u64()) return malformed("eth_getTransactionReceipt");
    return std::optional(node::TxnPlace{n->limb[0], static_cast<std::uint32_t>(i->limb[0])});
}

Result<std::unique_ptr<node::StateReader>> RemoteChain::state(std::uint64_t number) {
    return std::make_unique<RemoteState>(network_, number);
}

Result<BlockContext> RemoteChain::context_of(std::uint64_t) {
    return node::fatal("nothing is executed on a remote chain");
}

Bytes32 RemoteChain::hash_of(std::uint64_t number) {
    const auto found = header(number);
    return found && *found ? mezz::hash(**found) : Bytes32{};
}

}  // namespace mezz::app
