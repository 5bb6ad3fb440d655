// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The only input of a proof besides the statement: bytes named by their keccak256.
///
/// Everything the transition reads (configuration, headers, inbox entries, batch chunks, trie
/// nodes, code) is reached from the statement by hashes, so a source can withhold but not lie.

#include <map>
#include <optional>

#include "core/base/bytes.hpp"

namespace mezz::stf {

class PreimageSource {
public:
    virtual ~PreimageSource() = default;
    /// returns: the bytes with this keccak256, or none. They stay valid while the source lives.
    /// requires of the implementation: the hash has been checked.
    virtual std::optional<ByteView> get(const Bytes32& hash) = 0;
};

/// A witness: a set of preimages as one byte string, each item (u32 LE size, bytes).
class Witness final : public PreimageSource {
public:
    /// Hashes every item; total. returns: none when the framing is broken.
    static std::optional<Witness> decode(ByteView bytes);
    std::optional<ByteView> get(const Bytes32& hash) override;
    [[nodiscard]] std::size_t count() const noexcept { return items_.size(); }

private:
    std::map<Bytes32, ByteView> items_;
};

/// Collects preimages and encodes them in the order of their hashes.
class WitnessBuilder {
public:
    /// returns: the keccak256 of the bytes.
    Bytes32 add(ByteView bytes);
    void add(const Bytes32& hash, ByteView bytes) { items_.try_emplace(hash, to_bytes(bytes)); }
    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] const std::map<Bytes32, Bytes>& items() const noexcept { return items_; }

private:
    std::map<Bytes32, Bytes> items_;
};

}  // namespace mezz::stf
