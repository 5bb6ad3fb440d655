// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/batch.hpp"

#include "core/codec/byte_reader.hpp"

namespace mezz::derive {
namespace {

// The meta byte of a transaction.
constexpr std::uint8_t meta_type = 0x07;
constexpr std::uint8_t meta_odd_y = 0x08;
constexpr std::uint8_t meta_creation = 0x10;
constexpr std::uint8_t meta_no_chain_id = 0x20;  ///< legacy, signed before EIP-155
constexpr std::uint8_t meta_extra = 0x40;        ///< has an access list or authorizations

/// The columns of all transactions of a batch, in the order they are written.
struct Columns {
    Bytes meta, nonces, gas_limits, max_fees, priority_fees, values, recipients, data_sizes, data,
        extras, signatures;

    void append_to(Bytes& out) const {
        for (const Bytes* column : {&meta, &nonces, &gas_limits, &max_fees, &priority_fees, &values,
                                    &recipients, &data_sizes, &data, &extras, &signatures})
            append(out, *column);
    }
};

/// Meta; nonce, gas limit, fee, value and data size of one byte each; a signature.
constexpr std::size_t min_transaction_bytes = 1 + 5 + 64;

bool has_extra(const Transaction& t) {
    return !t.access_list.empty() || t.type == TxType::set_code;
}

/// Access list and authorizations as the RLP of an unsigned set-code transaction's two lists.
Bytes encode_extra(const Transaction& t) {
    Transaction carrier;
    carrier.type = TxType::set_code;
    carrier.chain_id = 0;
    carrier.to = Address{};
    carrier.access_list = t.access_list;
    carrier.authorizations = t.authorizations;
    return encode(carrier);
}

void add(Columns& c, const Transaction& t) {
    std::uint8_t meta = static_cast<std::uint8_t>(t.type);
    if (t.odd_y) meta |= meta_odd_y;
    if (!t.to) meta |= meta_creation;
    if (!t.chain_id) meta |= meta_no_chain_id;
    if (has_extra(t)) meta |= meta_extra;
    c.meta.push_back(meta);
    append_varint(c.nonces, t.nonce);
    append_varint(c.gas_limits, t.gas_limit);
    append_short(c.max_fees, t.max_fee_per_gas);
    if (t.type == TxType::dynamic_fee || t.type == TxType::set_code)
        append_short(c.priority_fees, t.max_priority_fee_per_gas);
    append_short(c.values, t.value);
    if (t.to) append(c.recipients, *t.to);
    append_varint(c.data_sizes, t.data.size());
    append(c.data, t.data);
    if (has_extra(t)) {
        const Bytes extra = encode_extra(t);
        append_varint(c.extras, extra.size());
        append(c.extras, extra);
    }
    append(c.signatures, to_bytes32(t.r));
    append(c.signatures, to_bytes32(t.s));
}

void append_origin(Bytes& out, const Origin& o) {
    append_varint(out, o.number);
    append_varint(out, o.timestamp);
    append(out, o.hash);
    append_short(out, o.base_fee);
    append_short(out, o.blob_base_fee);
}

Origin read_origin(ByteReader& in) {
    Origin o;
    o.number = in.varint();
    o.timestamp = in.varint();
    o.hash = in.fixed<32>();
    o.base_fee = in.short_u256();
    o.blob_base_fee = in.short_u256();
    return o;
}

/// Reads the columns of `count` transactions. The caller checks in.ok().
std::expected<std::vector<Transaction>, BatchError> read_transactions(ByteReader& in,
                                                                      std::uint64_t chain_id,
                                                                      std::uint64_t count) {
    // What follows cannot hold more, so a hostile count cannot reserve much.
    if (count > in.remaining() / min_transaction_bytes)
        return std::unexpected(BatchError::malformed);
    std::vector<Transaction> out(count);
    std::vector<std::uint8_t> metas(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint8_t meta = metas[i] = in.u8();
        const std::uint8_t type = meta & meta_type;
        if (type > 4 || type == 3 || (meta & 0x80) != 0)
            return std::unexpected(BatchError::bad_transaction_type);
        out[i].type = static_cast<TxType>(type);
        out[i].odd_y = (meta & meta_odd_y) != 0;
        if ((meta & meta_no_chain_id) == 0)
            out[i].chain_id = chain_id;
        else if (type != 0)
            return std::unexpected(BatchError::malformed);
        if (type == 4 && ((meta & meta_creation) != 0 || (meta & meta_extra) == 0))
            return std::unexpected(BatchError::malformed);
        if (type == 0 && (meta & meta_extra) != 0) return std::unexpected(BatchError::malformed);
    }
    for (auto& t : out) t.nonce = in.varint();
    for (auto& t : out) t.gas_limit = in.varint();
    for (auto& t : out) t.max_fee_per_gas = in.short_u256();
    for (auto& t : out)
        t.max_priority_fee_per_gas = t.type == TxType::dynamic_fee || t.type == TxType::set_code
                                         ? in.short_u256()
                                         : t.max_fee_per_gas;
    for (auto& t : out) t.value = in.short_u256();
    for (std::uint64_t i = 0; i < count; ++i)
        if ((metas[i] & meta_creation) == 0) out[i].to = in.fixed<20>();
    std::vector<std::uint64_t> data_sizes(count);
    for (auto& size : data_sizes) size = in.varint();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i)
        out[i].data = to_bytes(in.take(data_sizes[i]));
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        if ((metas[i] & meta_extra) == 0) continue;
        const ByteView bytes = in.take(in.varint());
        if (!in.ok()) break;
        auto carrier = decode_transaction(bytes);
        if (!carrier || carrier->type != TxType::set_code)
            return std::unexpected(BatchError::malformed);
        out[i].access_list = std::move(carrier->access_list);
        out[i].authorizations = std::move(carrier->authorizations);
        // Whatever else the carrier says must be what encode_extra writes.
        if ((out[i].type != TxType::set_code && !out[i].authorizations.empty()) ||
            !has_extra(out[i]) || !equal(bytes, encode_extra(out[i])))
            return std::unexpected(BatchError::malformed);
    }
    for (auto& t : out) {
        t.r = to_uint256(in.fixed<32>());
        t.s = to_uint256(in.fixed<32>());
    }
    return out;
}

/// Block flags.
constexpr std::uint8_t block_new_origin = 1;

}  // namespace

Bytes encode_batch(const Batch& batch) {
    Bytes out;
    append_varint(out, batch.chain_id);
    append_varint(out, batch.parent_number);
    append_varint(out, batch.blocks.size());
    std::uint64_t before = 0;
    for (const auto& b : batch.blocks) {
        append_varint(out, b.timestamp - before);
        before = b.timestamp;
    }
    for (const auto& b : batch.blocks) out.push_back(b.origin ? block_new_origin : std::uint8_t{0});
    for (const auto& b : batch.blocks) append_varint(out, b.deposits.size());
    for (const auto& b : batch.blocks) append_varint(out, b.transactions.size());
    for (const auto& b : batch.blocks)
        if (b.origin) append_origin(out, *b.origin);
    for (const auto& b : batch.blocks)
        for (const auto& label : b.deposits) {
            append(out, label.parent_hash);
            append_varint(out, label.log_index);
        }
    Columns columns;
    for (const auto& b : batch.blocks)
        for (const auto& t : b.transactions) add(columns, t);
    columns.append_to(out);
    return out;
}

std::expected<Batch, BatchError> decode_batch(ByteView payload) {
    ByteReader in(payload);
    Batch batch;
    batch.chain_id = in.varint();
    batch.parent_number = in.varint();
    const std::uint64_t block_count = in.varint();
    if (block_count > max_batch_blocks) return std::unexpected(BatchError::too_many_blocks);
    if (block_count > in.remaining()) return std::unexpected(BatchError::malformed);
    batch.blocks.resize(block_count);
    std::vector<std::uint8_t> flags(block_count);
    std::vector<std::uint64_t> deposit_counts(block_count), transaction_counts(block_count);
    std::uint64_t before = 0;
    for (auto& b : batch.blocks) {
        const std::uint64_t delta = in.varint();
        if (delta > ~before) return std::unexpected(BatchError::malformed);
        before = b.timestamp = before + delta;
    }
    for (auto& f : flags) {
        f = in.u8();
        if (f > block_new_origin) return std::unexpected(BatchError::malformed);
    }
    for (auto& n : deposit_counts) n = in.varint();
    std::uint64_t total = 0;
    for (auto& n : transaction_counts) {
        n = in.varint();
        if (n > payload.size() - total) return std::unexpected(BatchError::malformed);
        total += n;
    }
    for (std::uint64_t i = 0; i < block_count; ++i)
        if (flags[i] & block_new_origin) batch.blocks[i].origin = read_origin(in);
    for (std::uint64_t i = 0; i < block_count; ++i) {
        for (std::uint64_t k = 0; k < deposit_counts[i] && in.ok(); ++k) {
            DepositLabel label;
            label.parent_hash = in.fixed<32>();
            label.log_index = in.varint();
            batch.blocks[i].deposits.push_back(label);
        }
    }
    if (!in.ok()) return std::unexpected(BatchError::malformed);
    auto all = read_transactions(in, batch.chain_id, total);
    if (!all) return std::unexpected(all.error());
    if (!in.ok() || !in.at_end()) return std::unexpected(BatchError::malformed);
    std::size_t next = 0;
    for (std::uint64_t i = 0; i < block_count; ++i) {
        batch.blocks[i].transactions.reserve(transaction_counts[i]);
        for (std::uint64_t k = 0; k < transaction_counts[i]; ++k)
            batch.blocks[i].transactions.push_back(std::move((*all)[next++]));
    }
    return batch;
}

}  // namespace mezz::derive
