// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The only input of a proof besides the question: bytes named by their hash, and blobs.
///
/// Everything the transition reads (configuration, headers, inbox entries, batch chunks, trie
/// nodes, code) is reached from the question by hashes, so a source can withhold but not lie.

#include <map>
#include <optional>

#include "core/riscv/preimages.hpp"

namespace mezz::stf {

using riscv::PreimageKind;
/// A kind and the last 31 bytes of a hash. spec: docs/reference/machine.md, "Preimages".
using PreimageKey = Bytes32;

class PreimageSource {
public:
    virtual ~PreimageSource() = default;
    /// returns: the bytes with this keccak256, or none. They stay valid while the source lives. The
    ///          first byte of the hash does not count: claims are named without it.
    /// requires of the implementation: the hash has been checked.
    virtual std::optional<ByteView> get(const Bytes32& hash) = 0;
    /// returns: the 131,072 bytes of the blob with this versioned hash, or none.
    /// requires of the implementation: that blob has been checked.
    virtual std::optional<ByteView> blob(const Bytes32& versioned_hash) = 0;
};

/// Knows whether a blob is the one a versioned hash names. spec: EIP-4844.
class BlobAuthority {
public:
    virtual ~BlobAuthority() = default;
    virtual bool holds(const Bytes32& versioned_hash, ByteView blob) = 0;
};

/// A witness: a set of preimages as one byte string, each item (u8 kind, u32 LE size, bytes). The
/// bytes of kind `keccak256` are hashed; of kind `blob` they are versioned hash | blob.
class Witness final : public PreimageSource {
public:
    /// Checks every item; total. returns: none when the framing is broken, or a blob is not what it
    /// says it is.
    static std::optional<Witness> decode(ByteView bytes, BlobAuthority& authority);
    std::optional<ByteView> get(const Bytes32& hash) override;
    std::optional<ByteView> blob(const Bytes32& versioned_hash) override;
    /// returns: the preimage of a key of either kind.
    [[nodiscard]] std::optional<ByteView> find(const PreimageKey& key) const;
    [[nodiscard]] std::size_t count() const noexcept { return items_.size(); }

private:
    std::map<PreimageKey, ByteView> items_;
};

/// Collects preimages and encodes them in the order of their keys.
class WitnessBuilder {
public:
    /// returns: the keccak256 of the bytes.
    Bytes32 add(ByteView bytes);
    void add(const Bytes32& hash, ByteView bytes) {
        items_.try_emplace(riscv::keccak256_key(hash), to_bytes(bytes));
    }
    void add_blob(const Bytes32& versioned_hash, ByteView blob);
    /// returns: the preimage under a key; of a blob, versioned hash | blob.
    [[nodiscard]] const std::map<PreimageKey, Bytes>& items() const noexcept { return items_; }
    [[nodiscard]] Bytes encode() const;

private:
    std::map<PreimageKey, Bytes> items_;
};

}  // namespace mezz::stf
