// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/types/block.hpp"

namespace mezz {
namespace {

void append_withdrawal(Bytes& out, const Withdrawal& w) {
    const rlp::List list(out);
    rlp::append(out, w.index);
    rlp::append(out, w.validator_index);
    rlp::append(out, w.address);
    rlp::append(out, w.amount_gwei);
}

/// A nested encoding with its own strict decoder.
Header read_header(rlp::Reader& in) {
    auto header = decode_header(in.raw_item());
    if (header) return *header;
    in.fail(header.error());
    return {};
}

/// Typed transactions are strings that hold the canonical encoding, legacy ones are lists.
Transaction read_transaction(rlp::Reader& in) {
    const bool is_list = in.next_is_list();
    const ByteView bytes = is_list ? in.raw_item() : in.string();
    auto txn = decode_transaction(bytes);
    // A string must not hold a legacy transaction, or the block would have two encodings.
    if (txn && is_list == (txn->type == TxType::legacy)) return std::move(*txn);
    in.fail(rlp::Error::wrong_value);
    return {};
}

Withdrawal read_withdrawal(rlp::Reader& in) {
    Withdrawal w;
    rlp::Reader item = in.list();
    w.index = item.u64();
    w.validator_index = item.u64();
    w.address = item.fixed<20>();
    w.amount_gwei = item.u64();
    in.take(item);
    return w;
}

template <class T, class Read>
std::vector<T> read_list(rlp::Reader& in, Read read) {
    std::vector<T> out;
    rlp::Reader list = in.list();
    while (!list.at_end()) out.push_back(read(list));
    in.take(list);
    return out;
}

}  // namespace

Bytes encode(const Withdrawal& withdrawal) {
    Bytes out;
    append_withdrawal(out, withdrawal);
    return out;
}

Bytes encode(const Block& block) {
    Bytes out;
    {
        const rlp::List whole(out);
        rlp::append_raw(out, encode(block.header));
        {
            const rlp::List list(out);
            for (const Transaction& txn : block.transactions) {
                if (txn.type == TxType::legacy)
                    encode(out, txn);
                else
                    rlp::append(out, encode(txn));
            }
        }
        {
            const rlp::List list(out);
            for (const Header& ommer : block.ommers) rlp::append_raw(out, encode(ommer));
        }
        if (block.withdrawals) {
            const rlp::List list(out);
            for (const Withdrawal& w : *block.withdrawals) append_withdrawal(out, w);
        }
    }
    return out;
}

std::expected<Block, rlp::Error> decode_block(ByteView bytes) {
    Block block;
    rlp::Reader whole(bytes);
    rlp::Reader in = whole.list();
    block.header = read_header(in);
    block.transactions = read_list<Transaction>(in, read_transaction);
    block.ommers = read_list<Header>(in, read_header);
    if (!in.at_end()) block.withdrawals = read_list<Withdrawal>(in, read_withdrawal);
    whole.take(in);
    if (const auto e = whole.finish(); e != rlp::Error::none) return std::unexpected(e);
    return block;
}

}  // namespace mezz
