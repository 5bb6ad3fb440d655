// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/types/blob_sidecar.hpp"

namespace mezz {
namespace {

template <std::size_t N>
std::vector<FixedBytes<N>> read_all(rlp::Reader& in) {
    std::vector<FixedBytes<N>> out;
    rlp::Reader list = in.list();
    while (!list.at_end()) out.push_back(list.fixed<N>());
    in.take(list);
    return out;
}

}  // namespace

std::expected<NetworkTransaction, TxDecodeError> decode_network(ByteView bytes) {
    const auto plain = [&]() -> std::expected<NetworkTransaction, TxDecodeError> {
        auto txn = decode_transaction(bytes);
        if (!txn) return std::unexpected(txn.error());
        return NetworkTransaction{std::move(*txn), std::nullopt};
    };
    if (bytes.empty() || bytes[0] != static_cast<std::uint8_t>(TxType::blob)) return plain();
    rlp::Reader whole(bytes.subspan(1));
    rlp::Reader in = whole.list();
    if (!in.next_is_list()) return plain();
    Bytes body{bytes[0]};
    append(body, in.raw_item());
    NetworkTransaction out;
    BlobSidecar& sidecar = out.sidecar.emplace();
    if (!in.next_is_list()) {
        const std::uint64_t version = in.u64();
        if (version != 1) in.fail(rlp::Error::wrong_value);
        sidecar.version = 1;
    }
    rlp::Reader blobs = in.list();
    while (!blobs.at_end()) {
        const ByteView blob = blobs.string();
        if (blob.size() != BYTES_PER_BLOB) blobs.fail(rlp::Error::wrong_length);
        sidecar.blobs.push_back(to_bytes(blob));
    }
    in.take(blobs);
    sidecar.commitments = read_all<48>(in);
    sidecar.proofs = read_all<48>(in);
    const std::size_t proofs_a_blob = sidecar.version == 1 ? CELLS_PER_EXT_BLOB : 1;
    if (sidecar.commitments.size() != sidecar.blobs.size() ||
        sidecar.proofs.size() != sidecar.blobs.size() * proofs_a_blob)
        in.fail(rlp::Error::wrong_length);
    whole.take(in);
    if (whole.finish() != rlp::Error::none) return std::unexpected(TxDecodeError::malformed_rlp);
    auto txn = decode_transaction(body);
    if (!txn) return std::unexpected(txn.error());
    out.txn = std::move(*txn);
    return out;
}

Bytes encode_network(const Transaction& txn, const BlobSidecar& sidecar) {
    Bytes out{static_cast<std::uint8_t>(TxType::blob)};
    {
        const rlp::List list(out);
        rlp::append_raw(out, ByteView(encode(txn)).subspan(1));
        if (sidecar.version == 1) rlp::append(out, std::uint64_t{1});
        {
            const rlp::List blobs(out);
            for (const auto& blob : sidecar.blobs) rlp::append(out, blob);
        }
        {
            const rlp::List commitments(out);
            for (const auto& c : sidecar.commitments) rlp::append(out, c);
        }
        const rlp::List proofs(out);
        for (const auto& p : sidecar.proofs) rlp::append(out, p);
    }
    return out;
}

}  // namespace mezz
