// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/trie/builder.hpp"

#include "core/base/assert.hpp"
#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::trie {
namespace {

constexpr std::uint8_t empty_item = 0x80;

}  // namespace

void TrieBuilder::add(ByteView key, ByteView value, std::uint64_t value_locator) {
    ASSERT(key.size() <= 32 && !value.empty());
    const Nibbles path = to_nibbles(key);
    if (any_) {
        unsigned shared = 0;
        while (shared < path_.size && shared < path.size && path_.at[shared] == path.at[shared])
            ++shared;
        ASSERT(shared < path.size && shared < path_.size && path_.at[shared] < path.at[shared]);
        close_down_to(shared);
    }
    any_ = true;
    path_ = path;
    value_.assign(value.begin(), value.end());
    value_locator_ = value_locator;
}

NodeRef TrieBuilder::finish() {
    if (!any_) return {EMPTY_TRIE_ROOT, 0};
    if (open_ == 0) {
        close_leaf(0);
    } else {
        close_leaf(branches_[open_ - 1].depth + 1);
        while (true) {
            Branch& last = branches_[open_ - 1];
            place(last, path_.at[last.depth]);
            const unsigned from = open_ == 1 ? 0 : branches_[open_ - 2].depth + 1;
            close_branch(from);
            if (open_ == 0) break;
        }
    }
    NodeRef root{crypto::keccak256(node_), 0};
    if (sink_ != nullptr) root.locator = sink_->store(root.hash, node_, locators_);
    any_ = false;
    return root;
}

/// Ends every subtree that the next key, which shares `shared` nibbles with the last, is not in.
void TrieBuilder::close_down_to(unsigned shared) {
    const auto open_depth = [&] {
        return open_ == 0 ? -1 : static_cast<int>(branches_[open_ - 1].depth);
    };
    close_leaf(std::max(static_cast<int>(shared), open_depth()) + 1u);
    while (open_depth() > static_cast<int>(shared)) {
        Branch& last = branches_[open_ - 1];
        place(last, path_.at[last.depth]);
        const int above = open_ == 1 ? -1 : static_cast<int>(branches_[open_ - 2].depth);
        close_branch(static_cast<unsigned>(std::max(static_cast<int>(shared), above)) + 1);
    }
    if (open_depth() < static_cast<int>(shared)) {
        if (open_ == branches_.size()) branches_.emplace_back();
        Branch& fresh = branches_[open_++];
        fresh.depth = shared;
        fresh.children = 0;
        fresh.payload.clear();
        fresh.locators.clear();
    }
    place(branches_[open_ - 1], path_.at[shared]);
}

/// Makes the closed subtree a child of the branch.
void TrieBuilder::place(Branch& branch, unsigned nibble) {
    branch.payload.insert(branch.payload.end(), nibble - branch.children, empty_item);
    branch.children = nibble + 1;
    if (node_.size() < 32) {
        append(branch.payload, node_);
        branch.locators.insert(branch.locators.end(), locators_.begin(), locators_.end());
        return;
    }
    const Bytes32 hash = crypto::keccak256(node_);
    rlp::append(branch.payload, hash);
    branch.locators.push_back(sink_ == nullptr ? 0 : sink_->store(hash, node_, locators_));
}

/// The last key's leaf, whose path starts at nibble `from`, becomes the closed subtree.
void TrieBuilder::close_leaf(unsigned from) {
    node_.clear();
    {
        const rlp::List list(node_);
        append_compact(node_, path_.from(from), true);
        rlp::append(node_, value_);
    }
    locators_.assign(1, value_locator_);
}

/// The innermost branch, seen from nibble `from`, becomes the closed subtree.
void TrieBuilder::close_branch(unsigned from) {
    Branch& branch = branches_[--open_];
    // The children that are missing, and the value that no branch here has.
    branch.payload.insert(branch.payload.end(), 17 - branch.children, empty_item);
    node_.clear();
    rlp::append_list_header(node_, branch.payload.size());
    append(node_, branch.payload);
    locators_.assign(branch.locators.begin(), branch.locators.end());
    if (branch.depth > from) extend(from, branch.depth);
}

/// Puts an extension of the last key's nibbles [from, to) over the closed subtree.
void TrieBuilder::extend(unsigned from, unsigned to) {
    scratch_.clear();
    {
        const rlp::List list(scratch_);
        append_compact(scratch_, path_.first(to).from(from), false);
        if (node_.size() < 32) {
            rlp::append_raw(scratch_, node_);
        } else {
            const Bytes32 hash = crypto::keccak256(node_);
            rlp::append(scratch_, hash);
            const std::uint64_t locator =
                sink_ == nullptr ? 0 : sink_->store(hash, node_, locators_);
            locators_.assign(1, locator);
        }
    }
    node_.swap(scratch_);
}

Bytes32 ordered_root(std::span<const Bytes> items) {
    TrieBuilder builder;
    Bytes key;
    const auto add = [&](std::uint64_t index) {
        key.clear();
        rlp::append(key, index);
        builder.add(key, items[index]);
    };
    // In the order of the keys: the RLP of 0 is 0x80, between those of 127 and of 128.
    const std::uint64_t count = items.size();
    for (std::uint64_t i = 1; i < count && i < 128; ++i) add(i);
    if (count > 0) add(0);
    for (std::uint64_t i = 128; i < count; ++i) add(i);
    return builder.finish().hash;
}

}  // namespace mezz::trie
