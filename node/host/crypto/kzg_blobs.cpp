// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/kzg_blobs.hpp"

#include "core/crypto/kzg.hpp"
#include "node/host/crypto/kzg_native.hpp"

namespace mezz::host {

bool KzgBlobs::holds(const Bytes32& versioned_hash, ByteView blob) {
    const auto commitment = blob_to_kzg_commitment(blob);
    return commitment && crypto::kzg_to_versioned_hash(*commitment) == versioned_hash;
}

}  // namespace mezz::host
