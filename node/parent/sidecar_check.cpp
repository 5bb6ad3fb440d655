// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/parent/sidecar_check.hpp"

#include "core/crypto/kzg.hpp"
#include "core/crypto/kzg_prover.hpp"
#include "node/host/crypto/trusted_setup.hpp"

namespace mezz::node {
namespace {

std::unexpected<std::string> invalid(std::string_view why) {
    return std::unexpected("invalid blob sidecar: " + std::string(why));
}

std::expected<void, std::string> check_blob_proofs(const BlobSidecar& s) {
    const std::vector<ByteView> blobs(s.blobs.begin(), s.blobs.end());
    const auto ok = crypto::verify_blob_kzg_proof_batch(blobs, s.commitments, s.proofs);
    if (!ok || !*ok) return invalid("a KZG proof does not verify");
    return {};
}

/// Cells are the extension of each blob; all proofs are checked in one batch.
std::expected<void, std::string> check_cell_proofs(const BlobSidecar& s) {
    const crypto::KzgSetup& setup = host::trusted_setup();
    std::vector<Bytes> extended;
    std::vector<Bytes48> commitments;
    std::vector<std::uint64_t> indices;
    for (std::size_t b = 0; b < s.blobs.size(); ++b) {
        auto cells = crypto::compute_cells(s.blobs[b]);
        if (!cells) return invalid("a blob holds an element beyond the field");
        extended.push_back(std::move(*cells));
        for (std::uint64_t i = 0; i < CELLS_PER_EXT_BLOB; ++i) {
            commitments.push_back(s.commitments[b]);
            indices.push_back(i);
        }
    }
    std::vector<ByteView> cells;
    for (const auto& e : extended)
        for (std::size_t i = 0; i < CELLS_PER_EXT_BLOB; ++i)
            cells.push_back(ByteView(e).subspan(i * crypto::CELL_SIZE, crypto::CELL_SIZE));
    const auto ok =
        crypto::verify_cell_kzg_proof_batch(setup, commitments, indices, cells, s.proofs);
    if (!ok || !*ok) return invalid("a cell proof does not verify");
    return {};
}

}  // namespace

std::expected<void, std::string> check_sidecar(const NetworkTransaction& txn, Revision revision) {
    if (!txn.sidecar) return invalid("there is none");
    const BlobSidecar& s = *txn.sidecar;
    if (s.blobs.size() != txn.txn.blob_hashes.size())
        return invalid("it has " + std::to_string(s.blobs.size()) +
                       " blobs, the transaction names " +
                       std::to_string(txn.txn.blob_hashes.size()));
    for (std::size_t i = 0; i < s.blobs.size(); ++i)
        if (crypto::kzg_to_versioned_hash(s.commitments[i]) != txn.txn.blob_hashes[i])
            return invalid("commitment " + std::to_string(i) +
                           " does not hash to the versioned hash");
    const bool wants_cells = revision >= Revision::osaka;
    if (wants_cells && s.version != 1)
        return std::unexpected(
            "unexpected blob sidecar version: this fork wants version 1 (EIP-7594 cell proofs)");
    if (!wants_cells && s.version != 0)
        return std::unexpected(
            "unexpected blob sidecar version: this fork wants version 0 (EIP-4844 proofs)");
    return wants_cells ? check_cell_proofs(s) : check_blob_proofs(s);
}

}  // namespace mezz::node
