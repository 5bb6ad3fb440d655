// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/client/rpc_codec.hpp"

#include "core/codec/hex.hpp"

namespace mezz::node::rpc {
namespace {

std::unexpected<Error> bad(std::string_view key, std::string_view why) {
    return retry("field " + std::string(key) + " " + std::string(why));
}

std::optional<uint256> parse_quantity(std::string_view text) {
    if (!text.starts_with("0x") || text.size() < 3) return std::nullopt;
    std::string digits(text.substr(2));
    const std::size_t first = digits.find_first_not_of('0');
    digits.erase(0, first == std::string::npos ? digits.size() - 1 : first);
    if (digits.size() % 2 != 0) digits.insert(digits.begin(), '0');
    const auto bytes = from_hex(digits);
    if (!bytes || bytes->size() > 32) return std::nullopt;
    return from_be(*bytes);
}

/// Reads fields in a row; the first failure sticks.
class Fields {
public:
    explicit Fields(const Element& object) : object_(object) {}

    std::uint64_t u64(std::string_view key) { return keep(u64_of(object_, key)); }
    uint256 number(std::string_view key) { return keep(number_of(object_, key)); }
    Bytes bytes(std::string_view key) { return keep(bytes_of(object_, key)); }
    template <class Fixed>
    Fixed fixed(std::string_view key) {
        return keep(fixed_of<Fixed>(object_, key));
    }
    [[nodiscard]] bool has(std::string_view key) const { return rpc::has(object_, key); }
    simdjson::dom::array array(std::string_view key) {
        simdjson::dom::array out;
        if (object_[key].get_array().get(out) != simdjson::SUCCESS && !error_)
            error_ = Error{Handling::retry, "field " + std::string(key) + " is not a list"};
        return out;
    }
    void fail(Error error) {
        if (!error_) error_ = std::move(error);
    }
    [[nodiscard]] bool ok() const { return !error_; }
    [[nodiscard]] std::unexpected<Error> error() const { return std::unexpected(*error_); }

private:
    template <class T>
    T keep(Result<T> value) {
        if (value) return std::move(*value);
        fail(std::move(value.error()));
        return T{};
    }
    const Element& object_;
    std::optional<Error> error_;
};

template <class Fixed>
std::optional<Fixed> fixed_element(const Element& value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return fixed_from_hex<Fixed>(text);
}

template <class Fixed>
std::vector<Fixed> fixed_list(Fields& fields, std::string_view key) {
    std::vector<Fixed> out;
    const auto list = fields.array(key);
    if (!fields.ok()) return out;
    for (const Element item : list) {
        const auto v = fixed_element<Fixed>(item);
        if (!v) {
            fields.fail({Handling::retry, "field " + std::string(key) + " holds a malformed item"});
            return out;
        }
        out.push_back(*v);
    }
    return out;
}

void read_access_list(Fields& f, Transaction& txn) {
    if (!f.has("accessList")) return;
    const auto list = f.array("accessList");
    if (!f.ok()) return;
    for (const Element item : list) {
        Fields entry(item);
        AccessEntry access{entry.fixed<Address>("address"),
                           fixed_list<Bytes32>(entry, "storageKeys")};
        if (!entry.ok()) return f.fail(entry.error().error());
        txn.access_list.push_back(std::move(access));
    }
}

void read_authorizations(Fields& f, Transaction& txn) {
    const auto list = f.array("authorizationList");
    if (!f.ok()) return;
    for (const Element item : list) {
        Fields a(item);
        Authorization auth{a.number("chainId"), a.fixed<Address>("address"),
                           a.u64("nonce"),      a.u64("yParity"),
                           a.number("r"),       a.number("s")};
        if (!a.ok()) return f.fail(a.error().error());
        txn.authorizations.push_back(auth);
    }
}

}  // namespace

std::string quoted(ByteView bytes) {
    std::vector<char> digits;
    digits.reserve(2 * bytes.size() + 4);
    digits.insert(digits.end(), {'"', '0', 'x'});
    append_hex(digits, bytes);
    digits.push_back('"');
    return std::string(digits.begin(), digits.end());
}

std::string quantity(const uint256& v) {
    if (v.is_zero()) return "\"0x0\"";
    const std::string all = quoted(to_bytes32(v));
    return "\"0x" + all.substr(all.find_first_not_of('0', 3));
}

std::string_view tag_name(BlockTag tag) {
    switch (tag) {
        case BlockTag::latest:
            return "\"latest\"";
        case BlockTag::safe:
            return "\"safe\"";
        case BlockTag::finalized:
            return "\"finalized\"";
    }
    return "\"latest\"";
}

bool has(const Element& object, std::string_view key) {
    Element value;
    return object[key].get(value) == simdjson::SUCCESS && !value.is_null();
}

Result<std::string_view> text_of(const Element& object, std::string_view key) {
    std::string_view text;
    if (object[key].get_string().get(text) != simdjson::SUCCESS)
        return bad(key, "is missing or not a string");
    return text;
}

Result<uint256> parse_number(const Element& value) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS)
        if (const auto v = parse_quantity(text)) return *v;
    return retry("the answer is not a hexadecimal number");
}

Result<Bytes> parse_bytes(const Element& value) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS && text.starts_with("0x"))
        if (auto bytes = from_hex(text)) return std::move(*bytes);
    return retry("the answer is not hexadecimal bytes");
}

Result<uint256> number_of(const Element& object, std::string_view key) {
    const auto text = text_of(object, key);
    if (!text) return std::unexpected(text.error());
    const auto v = parse_quantity(*text);
    if (!v) return bad(key, "is not a hexadecimal number");
    return *v;
}

Result<std::uint64_t> u64_of(const Element& object, std::string_view key) {
    const auto v = number_of(object, key);
    if (!v) return std::unexpected(v.error());
    if (!v->fits_u64()) return bad(key, "does not fit into 64 bits");
    return v->limb[0];
}

Result<Bytes> bytes_of(const Element& object, std::string_view key) {
    const auto text = text_of(object, key);
    if (!text) return std::unexpected(text.error());
    if (!text->starts_with("0x")) return bad(key, "does not start with 0x");
    auto bytes = from_hex(*text);
    if (!bytes) return bad(key, "is not hexadecimal bytes");
    return std::move(*bytes);
}

Result<ParentBlock> parse_block(const Element& value) {
    Fields f(value);
    ParentBlock out;
    out.number = f.u64("number");
    out.hash = f.fixed<Bytes32>("hash");
    out.parent_hash = f.fixed<Bytes32>("parentHash");
    out.timestamp = f.u64("timestamp");
    out.gas_limit = f.u64("gasLimit");
    if (f.has("baseFeePerGas")) out.base_fee = f.number("baseFeePerGas");
    if (f.has("excessBlobGas")) out.excess_blob_gas = f.u64("excessBlobGas");
    if (!f.ok()) return f.error();
    return out;
}

Result<ParentLog> parse_log(const Element& value) {
    Fields f(value);
    ParentLog out;
    out.log.address = f.fixed<Address>("address");
    out.log.data = f.bytes("data");
    out.log.topics = fixed_list<Bytes32>(f, "topics");
    out.block_number = f.u64("blockNumber");
    out.block_hash = f.fixed<Bytes32>("blockHash");
    out.transaction_hash = f.fixed<Bytes32>("transactionHash");
    out.log_index = f.u64("logIndex");
    if (!f.ok()) return f.error();
    return out;
}

Result<ParentReceipt> parse_receipt(const Element& value) {
    Fields f(value);
    ParentReceipt out;
    out.success = f.u64("status") == 1;
    out.block_number = f.u64("blockNumber");
    out.block_hash = f.fixed<Bytes32>("blockHash");
    out.gas_used = f.u64("gasUsed");
    if (f.has("effectiveGasPrice")) out.effective_gas_price = f.number("effectiveGasPrice");
    if (f.has("contractAddress")) out.contract_address = f.fixed<Address>("contractAddress");
    const auto logs = f.array("logs");
    if (!f.ok()) return f.error();
    for (const Element item : logs) {
        auto log = parse_log(item);
        if (!log) return std::unexpected(std::move(log.error()));
        out.logs.push_back(std::move(*log));
    }
    return out;
}

Result<Transaction> parse_transaction(const Element& value) {
    Fields f(value);
    (void)f.fixed<Bytes32>("blockHash");  // it is in a block
    Transaction out;
    const std::uint64_t type = f.has("type") ? f.u64("type") : 0;
    if (type > 4 && type != 0x7e)
        return retry("transaction type " + std::to_string(type) + " is not known here");
    out.type = static_cast<TxType>(type);
    out.nonce = f.u64("nonce");
    out.gas_limit = f.u64("gas");
    if (f.has("to")) out.to = f.fixed<Address>("to");
    out.value = f.number("value");
    out.data = f.bytes("input");
    if (out.type == TxType::deposit) {
        out.nonce = 0;
        out.source_hash = f.fixed<Bytes32>("sourceHash");
        out.from = f.fixed<Address>("from");
        if (f.has("mint")) out.mint = f.number("mint");
        if (!f.ok()) return f.error();
        return out;
    }
    if (type >= 2) {
        out.max_fee_per_gas = f.number("maxFeePerGas");
        out.max_priority_fee_per_gas = f.number("maxPriorityFeePerGas");
    } else {
        out.max_fee_per_gas = out.max_priority_fee_per_gas = f.number("gasPrice");
    }
    out.r = f.number("r");
    out.s = f.number("s");
    if (out.type == TxType::legacy) {
        const uint256 v = f.number("v");
        out.odd_y = v >= 35 ? ((v.limb[0] - 35) & 1) != 0 : v == uint256{28};
        if (v >= 35) out.chain_id = ((v - 35) >> 1).limb[0];
    } else {
        out.chain_id = f.u64("chainId");
        out.odd_y = f.u64(f.has("yParity") ? "yParity" : "v") == 1;
        read_access_list(f, out);
    }
    if (out.type == TxType::blob) {
        out.max_fee_per_blob_gas = f.number("maxFeePerBlobGas");
        out.blob_hashes = fixed_list<Bytes32>(f, "blobVersionedHashes");
    }
    if (out.type == TxType::set_code) read_authorizations(f, out);
    if (!f.ok()) return f.error();
    return out;
}

}  // namespace mezz::node::rpc
