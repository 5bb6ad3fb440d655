// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Preimages by the calls of the machine. spec: docs/reference/machine.md, "Calls".
///
/// The environment checks data against keys, so nothing is hashed here; a preimage nobody has stops
/// the machine, so none is ever missing.

#include "core/stf/preimages.hpp"

namespace mezz::guest {

class MachinePreimages final : public stf::PreimageSource {
public:
    /// The hash of the question the machine was started for.
    Bytes32 question();
    std::optional<ByteView> get(const Bytes32& hash) override;
    std::optional<ByteView> blob(const Bytes32& versioned_hash) override;

private:
    ByteView read(const stf::PreimageKey& key);

    /// Code is asked for at every call.
    std::map<stf::PreimageKey, ByteView> known_;
};

/// Names the result; the exit that follows makes it one.
void answer(const Bytes32& result);

}  // namespace mezz::guest
