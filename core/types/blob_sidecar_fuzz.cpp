// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// A transaction in network form is what it encodes to, with as many proofs as blobs ask for.

#include "core/base/assert.hpp"
#include "core/types/blob_sidecar.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const ByteView input{data, size};
    const auto decoded = decode_network(input);
    if (!decoded) return 0;
    if (!decoded->sidecar) {
        ASSERT(equal(encode(decoded->txn), input));
        return 0;
    }
    const BlobSidecar& s = *decoded->sidecar;
    ASSERT(decoded->txn.type == TxType::blob);
    ASSERT(s.commitments.size() == s.blobs.size());
    ASSERT(s.proofs.size() == s.blobs.size() * (s.version == 0 ? 1 : CELLS_PER_EXT_BLOB));
    ASSERT(equal(encode_network(decoded->txn, s), input));
    return 0;
}
