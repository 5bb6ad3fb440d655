// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The state of a block, made of preimages: a View and a NodeSource with holes.

#include "core/state/state_trie.hpp"
#include "core/stf/preimages.hpp"

namespace mezz::stf {

/// Trie nodes by hash.
class PreimageNodes final : public trie::NodeSource {
public:
    explicit PreimageNodes(PreimageSource& preimages) noexcept : preimages_(preimages) {}
    std::unique_ptr<trie::Node> load(const trie::NodeRef& ref) override {
        const auto bytes = preimages_.get(ref.hash);
        return bytes ? trie::decode_node(*bytes, {}) : nullptr;
    }

private:
    PreimageSource& preimages_;
};

/// `missing()` sticks once anything needed was not there. Keeps references.
class WitnessView final : public View {
public:
    WitnessView(PreimageSource& preimages, StateTrie& state) noexcept
        : preimages_(preimages), state_(state) {}

    std::optional<Account> account(const Address& address) override {
        const auto leaf = state_.account(address);
        return leaf ? std::optional(leaf->account) : std::nullopt;
    }
    uint256 storage(const Address& address, const Bytes32& key) override {
        return state_.storage(address, key);
    }
    ByteView code(const Bytes32& code_hash) override {
        if (code_hash == EMPTY_CODE_HASH) return {};
        const auto bytes = preimages_.get(code_hash);
        if (!bytes) missing_ = true;
        return bytes.value_or(ByteView{});
    }
    [[nodiscard]] bool missing() const noexcept { return missing_ || state_.incomplete(); }

private:
    PreimageSource& preimages_;
    StateTrie& state_;
    bool missing_ = false;
};

}  // namespace mezz::stf
