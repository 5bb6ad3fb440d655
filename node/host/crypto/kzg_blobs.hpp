// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/stf/preimages.hpp"

namespace mezz::host {

/// Knows a blob by its KZG commitment.
class KzgBlobs final : public stf::BlobAuthority {
public:
    bool holds(const Bytes32& versioned_hash, ByteView blob) override;
};

}  // namespace mezz::host
