// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/types/transaction.hpp"

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz {
namespace {

constexpr std::uint64_t eip155_base = 35;

void append_to(Bytes& out, const std::optional<Address>& to) {
    if (to)
        rlp::append(out, *to);
    else
        rlp::append(out, ByteView{});
}

void append_access_list(Bytes& out, const std::vector<AccessEntry>& list) {
    const rlp::List outer(out);
    for (const auto& entry : list) {
        const rlp::List item(out);
        rlp::append(out, entry.address);
        const rlp::List keys(out);
        for (const auto& key : entry.storage_keys) rlp::append(out, key);
    }
}

std::vector<AccessEntry> read_access_list(rlp::Reader& in) {
    std::vector<AccessEntry> out;
    rlp::Reader list = in.list();
    while (!list.at_end()) {
        rlp::Reader item = list.list();
        AccessEntry entry;
        entry.address = item.fixed<20>();
        rlp::Reader keys = item.list();
        while (!keys.at_end()) entry.storage_keys.push_back(keys.fixed<32>());
        item.take(keys);
        list.take(item);
        out.push_back(std::move(entry));
    }
    in.take(list);
    return out;
}

void append_authorizations(Bytes& out, const std::vector<Authorization>& list) {
    const rlp::List outer(out);
    for (const auto& a : list) {
        const rlp::List item(out);
        rlp::append(out, a.chain_id);
        rlp::append(out, a.address);
        rlp::append(out, a.nonce);
        rlp::append(out, a.y_parity);
        rlp::append(out, a.r);
        rlp::append(out, a.s);
    }
}

std::vector<Authorization> read_authorizations(rlp::Reader& in) {
    std::vector<Authorization> out;
    rlp::Reader list = in.list();
    while (!list.at_end()) {
        rlp::Reader item = list.list();
        Authorization a;
        a.chain_id = item.u256();
        a.address = item.fixed<20>();
        a.nonce = item.u64();
        a.y_parity = item.u64();
        if (a.y_parity > 0xff) item.fail(rlp::Error::integer_overflow);
        a.r = item.u256();
        a.s = item.u256();
        list.take(item);
        out.push_back(a);
    }
    in.take(list);
    return out;
}

/// Everything before the signature; `signing` adds the EIP-155 tail of legacy transactions.
void append_fields(Bytes& out, const Transaction& t, bool signing) {
    if (t.type != TxType::legacy) rlp::append(out, *t.chain_id);
    rlp::append(out, t.nonce);
    if (t.type == TxType::legacy || t.type == TxType::access_list) {
        rlp::append(out, t.max_fee_per_gas);
    } else {
        rlp::append(out, t.max_priority_fee_per_gas);
        rlp::append(out, t.max_fee_per_gas);
    }
    rlp::append(out, t.gas_limit);
    append_to(out, t.to);
    rlp::append(out, t.value);
    rlp::append(out, t.data);
    if (t.type == TxType::legacy) {
        if (signing && t.chain_id) {
            rlp::append(out, *t.chain_id);
            rlp::append(out, std::uint64_t{0});
            rlp::append(out, std::uint64_t{0});
        }
        return;
    }
    append_access_list(out, t.access_list);
    if (t.type == TxType::blob) {
        rlp::append(out, t.max_fee_per_blob_gas);
        const rlp::List hashes(out);
        for (const auto& h : t.blob_hashes) rlp::append(out, h);
    }
    if (t.type == TxType::set_code) append_authorizations(out, t.authorizations);
}

void append_deposit(Bytes& out, const Transaction& t) {
    const rlp::List list(out);
    rlp::append(out, t.source_hash);
    rlp::append(out, t.from);
    append_to(out, t.to);
    rlp::append(out, t.mint);
    rlp::append(out, t.value);
    rlp::append(out, t.gas_limit);
    rlp::append(out, std::uint64_t{t.is_system});
    rlp::append(out, t.data);
}

using Decoded = std::expected<Transaction, TxDecodeError>;

Decoded decode_legacy(ByteView bytes) {
    Transaction t;
    rlp::Reader whole(bytes);
    rlp::Reader in = whole.list();
    t.nonce = in.u64();
    t.max_fee_per_gas = t.max_priority_fee_per_gas = in.u256();
    t.gas_limit = in.u64();
    t.to = in.optional_fixed<20>();
    t.value = in.u256();
    t.data = to_bytes(in.string());
    const std::uint64_t v = in.u64();
    t.r = in.u256();
    t.s = in.u256();
    whole.take(in);
    if (whole.finish() != rlp::Error::none) return std::unexpected(TxDecodeError::malformed_rlp);
    if (v == 27 || v == 28) {
        t.odd_y = v == 28;
    } else if (v >= eip155_base) {
        t.chain_id = (v - eip155_base) / 2;
        t.odd_y = (v - eip155_base) % 2 != 0;
    } else {
        return std::unexpected(TxDecodeError::bad_signature_v);
    }
    return t;
}

Decoded decode_deposit(ByteView payload) {
    Transaction t;
    t.type = TxType::deposit;
    rlp::Reader whole(payload);
    rlp::Reader in = whole.list();
    t.source_hash = in.fixed<32>();
    t.from = in.fixed<20>();
    t.to = in.optional_fixed<20>();
    t.mint = in.u256();
    t.value = in.u256();
    t.gas_limit = in.u64();
    const std::uint64_t system = in.u64();
    if (system > 1) in.fail(rlp::Error::wrong_value);
    t.is_system = system == 1;
    t.data = to_bytes(in.string());
    whole.take(in);
    if (whole.finish() != rlp::Error::none) return std::unexpected(TxDecodeError::malformed_rlp);
    return t;
}

Decoded decode_typed(TxType type, ByteView payload) {
    Transaction t;
    t.type = type;
    rlp::Reader whole(payload);
    rlp::Reader in = whole.list();
    t.chain_id = in.u64();
    t.nonce = in.u64();
    t.max_priority_fee_per_gas = in.u256();
    t.max_fee_per_gas = type == TxType::access_list ? t.max_priority_fee_per_gas : in.u256();
    t.gas_limit = in.u64();
    t.to = in.optional_fixed<20>();
    if (!t.to && (type == TxType::blob || type == TxType::set_code))
        in.fail(rlp::Error::wrong_length);
    t.value = in.u256();
    t.data = to_bytes(in.string());
    t.access_list = read_access_list(in);
    if (type == TxType::blob) {
        t.max_fee_per_blob_gas = in.u256();
        rlp::Reader hashes = in.list();
        while (!hashes.at_end()) t.blob_hashes.push_back(hashes.fixed<32>());
        in.take(hashes);
    }
    if (type == TxType::set_code) t.authorizations = read_authorizations(in);
    const std::uint64_t y = in.u64();
    t.r = in.u256();
    t.s = in.u256();
    whole.take(in);
    if (whole.finish() != rlp::Error::none) return std::unexpected(TxDecodeError::malformed_rlp);
    if (y > 1) return std::unexpected(TxDecodeError::bad_signature_v);
    t.odd_y = y == 1;
    return t;
}

}  // namespace

void encode(Bytes& out, const Transaction& t) {
    if (t.type != TxType::legacy) out.push_back(static_cast<std::uint8_t>(t.type));
    if (t.type == TxType::deposit) {
        append_deposit(out, t);
        return;
    }
    const rlp::List list(out);
    append_fields(out, t, false);
    const std::uint64_t parity = t.odd_y ? 1 : 0;
    if (t.type == TxType::legacy)
        rlp::append(out, t.chain_id ? *t.chain_id * 2 + eip155_base + parity : 27 + parity);
    else
        rlp::append(out, parity);
    rlp::append(out, t.r);
    rlp::append(out, t.s);
}

Bytes encode(const Transaction& txn) {
    Bytes out;
    out.reserve(256 + txn.data.size());
    encode(out, txn);
    return out;
}

std::expected<Transaction, TxDecodeError> decode_transaction(ByteView bytes) {
    if (bytes.empty()) return std::unexpected(TxDecodeError::empty);
    if (bytes[0] >= 0xc0) return decode_legacy(bytes);
    const ByteView payload = bytes.subspan(1);
    switch (bytes[0]) {
        case 1:
        case 2:
        case 3:
        case 4:
            return decode_typed(static_cast<TxType>(bytes[0]), payload);
        case 0x7e:
            return decode_deposit(payload);
        default:
            return std::unexpected(TxDecodeError::unknown_type);
    }
}

Bytes32 hash(const Transaction& txn) {
    return crypto::keccak256(encode(txn));
}

Bytes32 signing_hash(const Transaction& txn) {
    ASSERT(txn.type != TxType::deposit);
    Bytes out;
    if (txn.type != TxType::legacy) out.push_back(static_cast<std::uint8_t>(txn.type));
    {
        const rlp::List list(out);
        append_fields(out, txn, true);
    }
    return crypto::keccak256(out);
}

Bytes32 signing_hash(const Authorization& a) {
    constexpr std::uint8_t magic = 0x05;
    Bytes out{magic};
    {
        const rlp::List list(out);
        rlp::append(out, a.chain_id);
        rlp::append(out, a.address);
        rlp::append(out, a.nonce);
    }
    return crypto::keccak256(out);
}

Address create_address(const Address& sender, std::uint64_t nonce) {
    Bytes out;
    {
        const rlp::List list(out);
        rlp::append(out, sender);
        rlp::append(out, nonce);
    }
    return Address::from(ByteView(crypto::keccak256(out)).subspan(12));
}

}  // namespace mezz
