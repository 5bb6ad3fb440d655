// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/trie/trie.hpp"

#include "core/base/assert.hpp"
#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::trie {
namespace {

unsigned common_prefix(const Nibbles& a, NibbleView b) noexcept {
    unsigned i = 0;
    while (i < a.size && i < b.size && a.at[i] == b.at[i]) ++i;
    return i;
}

bool is_rest(const Nibbles& rest, const Nibbles& path, unsigned at) noexcept {
    return rest.size == path.size - at &&
           std::memcmp(rest.at.data(), path.at.data() + at, rest.size) == 0;
}

using Locators = std::vector<std::uint64_t>;

/// Hashes changed subtrees bottom-up: every node of 32 bytes or more gets its NodeRef. With a sink
/// the nodes are stored too, those included that an earlier run without one has hashed.
class Encoder {
public:
    explicit Encoder(NodeSink* sink) noexcept : sink_(sink) {}

    void encode(Bytes& out, Node& node, Locators& locators) {
        if (node.kind == Node::Kind::branch) {
            encode_branch(out, node, locators);
            return;
        }
        const rlp::List list(out);
        append_compact(out, node.path, node.kind == Node::Kind::leaf);
        if (node.kind == Node::Kind::leaf) {
            rlp::append(out, node.value);
            locators.push_back(node.value_locator);
        } else {
            settle(node.next);
            append_child(out, node.next, locators);
        }
    }

    /// Gives the child its NodeRef, unless it is so short that its parent embeds it.
    void settle(Child& child) {
        if (!child.node || is_done(child)) return;
        Scratch& scratch = enter();
        encode(scratch.bytes, *child.node, scratch.locators);
        if (child.ref)
            child.ref->locator = sink_->store(child.ref->hash, scratch.bytes, scratch.locators);
        else if (scratch.bytes.size() >= 32)
            child.ref = place(scratch.bytes, scratch.locators);
        --depth_;
    }

    NodeRef place(const Bytes& encoded, const Locators& locators) {
        NodeRef ref{crypto::keccak256(encoded), NodeRef::unstored};
        if (sink_ != nullptr) ref.locator = sink_->store(ref.hash, encoded, locators);
        return ref;
    }

private:
    /// What one level of the recursion writes into; kept for the next subtree.
    struct Scratch {
        Bytes bytes;
        Locators locators;
    };

    [[nodiscard]] bool is_done(const Child& child) const noexcept {
        return child.ref && (sink_ == nullptr || child.ref->locator != NodeRef::unstored);
    }

    Scratch& enter() {
        if (depth_ == scratch_.size()) scratch_.push_back(std::make_unique<Scratch>());
        Scratch& scratch = *scratch_[depth_++];
        scratch.bytes.clear();
        scratch.locators.clear();
        return scratch;
    }

    /// requires: settled.
    void append_child(Bytes& out, Child& child, Locators& locators) {
        if (child.ref) {
            rlp::append(out, child.ref->hash);
            locators.push_back(child.ref->locator);
        } else if (child.node) {
            encode(out, *child.node, locators);
        } else {
            out.push_back(0x80);
        }
    }

    void encode_branch(Bytes& out, Node& node, Locators& locators) {
        std::size_t payload = 1;
        bool is_plain = node.value.empty();
        for (auto& child : *node.children) {
            settle(child);
            is_plain = is_plain && (child.ref || !child.node);
            payload += child.ref ? 33 : 1;
        }
        if (is_plain) {
            rlp::append_list_header(out, payload);
            for (auto& child : *node.children) append_child(out, child, locators);
            out.push_back(0x80);
            return;
        }
        const rlp::List list(out);
        for (auto& child : *node.children) append_child(out, child, locators);
        rlp::append(out, node.value);
    }

    NodeSink* sink_;
    std::vector<std::unique_ptr<Scratch>> scratch_;
    std::size_t depth_ = 0;
};

bool is_stored(const Child& child) noexcept {
    return child.ref && child.ref->locator != NodeRef::unstored;
}

std::size_t forget(Child& child, unsigned depth) {
    if (!child.node) return 0;
    if (depth == 0 && is_stored(child)) {
        child.node.reset();
        return 0;
    }
    const unsigned below = depth == 0 ? 0 : depth - 1;
    std::size_t kept = 1;
    if (child.node->kind == Node::Kind::extension) kept += forget(child.node->next, below);
    if (child.node->kind == Node::Kind::branch)
        for (auto& c : *child.node->children) kept += forget(c, below);
    return kept;
}

std::size_t count_nodes(const Child& child) {
    if (!child.node) return 0;
    std::size_t n = 1;
    if (child.node->kind == Node::Kind::extension) n += count_nodes(child.node->next);
    if (child.node->kind == Node::Kind::branch)
        for (const auto& c : *child.node->children) n += count_nodes(c);
    return n;
}

/// Drops subtrees not used since `before`. A node is used whenever one below it is.
/// returns: nodes dropped.
std::size_t drop_unused(Child& child, std::uint32_t before) {
    if (!child.node) return 0;
    if (is_stored(child) && child.node->used < before) {
        const std::size_t dropped = count_nodes(child);
        child.node.reset();
        return dropped;
    }
    std::size_t dropped = 0;
    if (child.node->kind == Node::Kind::extension) dropped += drop_unused(child.node->next, before);
    if (child.node->kind == Node::Kind::branch)
        for (auto& c : *child.node->children) dropped += drop_unused(c, before);
    return dropped;
}

}  // namespace

Trie::Trie(NodeSource& source, const NodeRef& root) : source_(source) {
    if (root.hash != EMPTY_TRIE_ROOT) root_.ref = root;
}

Node* Trie::resolve(Child& child) {
    if (!child.node) {
        if (!child.ref) return nullptr;
        child.node = source_.load(*child.ref);
        if (!child.node) {
            incomplete_ = true;
            return nullptr;
        }
        loaded_ += count_nodes(child);
    }
    child.node->used = round_;
    return child.node.get();
}

std::optional<Value> Trie::get(ByteView key) {
    const Nibbles path = to_nibbles(key);
    unsigned at = 0;
    Node* node = resolve(root_);
    while (node != nullptr) {
        switch (node->kind) {
            case Node::Kind::leaf:
                if (is_rest(node->path, path, at)) return Value{node->value, node->value_locator};
                return std::nullopt;
            case Node::Kind::extension:
                if (path.size - at < node->path.size ||
                    std::memcmp(node->path.at.data(), path.at.data() + at, node->path.size) != 0)
                    return std::nullopt;
                at += node->path.size;
                node = resolve(node->next);
                break;
            case Node::Kind::branch:
                if (at == path.size) {
                    if (node->value.empty()) return std::nullopt;
                    return Value{node->value, 0};
                }
                node = resolve((*node->children)[path.at[at++]]);
                break;
        }
    }
    return std::nullopt;
}

void Trie::put(ByteView key, ByteView value, std::uint64_t value_locator) {
    ASSERT(key.size() <= 32);
    if (value.empty()) {
        erase(key);
        return;
    }
    const Nibbles path = to_nibbles(key);
    put_at(root_, path, value, value_locator);
}

void Trie::put_at(Child& child, NibbleView path, ByteView value, std::uint64_t locator) {
    if (child.empty()) {
        child.node = Node::leaf(path.to_nibbles(), value, locator);
        child.node->used = round_;
        ++loaded_;
        return;
    }
    Node* node = resolve(child);
    if (node == nullptr) return;
    child.ref.reset();
    if (node->kind == Node::Kind::branch) {
        if (path.size == 0)
            node->value = to_bytes(value);
        else
            put_at((*node->children)[path.at[0]], path.from(1), value, locator);
        return;
    }
    const unsigned shared = common_prefix(node->path, path);
    if (node->kind == Node::Kind::leaf && shared == path.size && shared == node->path.size) {
        node->value = to_bytes(value);
        node->value_locator = locator;
        return;
    }
    if (node->kind == Node::Kind::extension && shared == node->path.size) {
        put_at(node->next, path.from(shared), value, locator);
        return;
    }
    // The paths part here: a branch takes the old rest and the new rest.
    auto branch = Node::branch();
    branch->used = round_;
    ++loaded_;
    std::unique_ptr<Node> old = std::move(child.node);
    const Nibbles old_path = old->path;
    if (old->kind == Node::Kind::leaf) {
        if (old_path.size == shared) {
            branch->value = std::move(old->value);
            --loaded_;
        } else {
            old->path = old_path.from(shared + 1);
            (*branch->children)[old_path.at[shared]].node = std::move(old);
        }
    } else {
        Child& slot = (*branch->children)[old_path.at[shared]];
        if (old_path.size == shared + 1) {
            slot = std::move(old->next);
            --loaded_;
        } else {
            old->path = old_path.from(shared + 1);
            slot.node = std::move(old);
        }
    }
    if (path.size == shared)
        branch->value = to_bytes(value);
    else
        put_at((*branch->children)[path.at[shared]], path.from(shared + 1), value, locator);
    if (shared == 0) {
        child.node = std::move(branch);
        return;
    }
    auto extension = std::make_unique<Node>();
    ++loaded_;
    extension->kind = Node::Kind::extension;
    extension->used = round_;
    extension->path = path.first(shared).to_nibbles();
    extension->next.node = std::move(branch);
    child.node = std::move(extension);
}

void Trie::erase(ByteView key) {
    ASSERT(key.size() <= 32);
    const Nibbles path = to_nibbles(key);
    erase_at(root_, path);
}

bool Trie::erase_at(Child& child, NibbleView path) {
    Node* node = resolve(child);
    if (node == nullptr) return false;
    switch (node->kind) {
        case Node::Kind::leaf:
            if (common_prefix(node->path, path) != node->path.size || node->path.size != path.size)
                return false;
            child = Child{};
            --loaded_;
            return true;
        case Node::Kind::extension: {
            const unsigned n = node->path.size;
            if (common_prefix(node->path, path) != n) return false;
            if (!erase_at(node->next, path.from(n))) return false;
            child.ref.reset();
            merge_extension(child);
            return true;
        }
        case Node::Kind::branch:
            if (path.size == 0) {
                if (node->value.empty()) return false;
                node->value.clear();
            } else if (!erase_at((*node->children)[path.at[0]], path.from(1))) {
                return false;
            }
            child.ref.reset();
            collapse_branch(child);
            return true;
    }
    return false;
}

/// An extension whose child became a leaf or an extension takes it into its own path.
void Trie::merge_extension(Child& child) {
    Node& node = *child.node;
    if (node.next.empty()) {
        child = Child{};
        --loaded_;
        return;
    }
    Node* next = resolve(node.next);
    if (next == nullptr || next->kind == Node::Kind::branch) return;
    Nibbles path = node.path;
    path.append(next->path);
    std::unique_ptr<Node> taken = std::move(node.next.node);
    taken->path = path;
    child.ref.reset();
    child.node = std::move(taken);
    --loaded_;
}

/// A branch with one thing left becomes that thing, one nibble longer.
void Trie::collapse_branch(Child& child) {
    Node& node = *child.node;
    int only = -1;
    for (int i = 0; i < 16; ++i) {
        if ((*node.children)[static_cast<std::size_t>(i)].empty()) continue;
        if (only >= 0 || !node.value.empty()) return;
        only = i;
    }
    if (only < 0) {
        if (node.value.empty()) {
            child = Child{};
            --loaded_;
        } else {
            child.node = Node::leaf({}, node.value, 0);
        }
        return;
    }
    Child rest = std::move((*node.children)[static_cast<std::size_t>(only)]);
    auto extension = std::make_unique<Node>();
    extension->kind = Node::Kind::extension;
    extension->used = round_;
    extension->path.push(static_cast<std::uint8_t>(only));
    extension->next = std::move(rest);
    child.node = std::move(extension);
    merge_extension(child);
}

NodeRef Trie::commit(NodeSink* sink) {
    if (root_.ref) return *root_.ref;
    if (!root_.node) return {EMPTY_TRIE_ROOT, 0};
    Encoder encoder(sink);
    Bytes encoded;
    Locators locators;
    encoder.encode(encoded, *root_.node, locators);
    root_.ref = encoder.place(encoded, locators);
    return *root_.ref;
}

Bytes32 Trie::root_hash() {
    if (root_.ref) return root_.ref->hash;
    if (!root_.node) return EMPTY_TRIE_ROOT;
    Encoder encoder(nullptr);
    Bytes encoded;
    Locators locators;
    encoder.encode(encoded, *root_.node, locators);
    return crypto::keccak256(encoded);
}

void Trie::hash_part(unsigned part) {
    if (root_.ref || !root_.node || root_.node->kind != Node::Kind::branch) return;
    Encoder(nullptr).settle((*root_.node->children)[part]);
}

std::vector<Bytes> Trie::prove(ByteView key) {
    const Nibbles path = to_nibbles(key);
    std::vector<Bytes> out;
    unsigned at = 0;
    Encoder encoder(nullptr);
    Node* node = resolve(root_);
    while (node != nullptr) {
        Bytes encoded;
        Locators ignored;
        encoder.encode(encoded, *node, ignored);
        // An embedded node stands inside its parent's RLP already.
        if (out.empty() || encoded.size() >= 32) out.push_back(std::move(encoded));
        if (node->kind == Node::Kind::leaf) break;
        if (node->kind == Node::Kind::extension) {
            if (common_prefix(node->path, path.from(at)) != node->path.size) break;
            at += node->path.size;
            node = resolve(node->next);
        } else {
            if (at == path.size) break;
            node = resolve((*node->children)[path.at[at++]]);
        }
    }
    return out;
}

void Trie::forget_below(unsigned depth) {
    loaded_ = forget(root_, depth);
}

void Trie::forget_unused(unsigned part, std::uint32_t rounds) {
    if (!root_.node || root_.node->kind != Node::Kind::branch || rounds > round_) return;
    const std::size_t dropped = drop_unused((*root_.node->children)[part % parts], round_ - rounds);
    loaded_ -= dropped;
}

namespace {

/// Serves the nodes of a proof in order, each only under the hash its parent names.
class ProofSource final : public NodeSource {
public:
    explicit ProofSource(std::span<const Bytes> proof) noexcept : proof_(proof) {}

    std::unique_ptr<Node> load(const NodeRef& ref) override {
        if (used_ == proof_.size()) {
            error_ = ProofError::incomplete;
            return nullptr;
        }
        const Bytes& bytes = proof_[used_++];
        if (crypto::keccak256(bytes) != ref.hash) {
            error_ = ProofError::wrong_hash;
            return nullptr;
        }
        auto node = decode_node(bytes, {});
        if (!node) error_ = ProofError::malformed_node;
        return node;
    }
    [[nodiscard]] bool all_used() const noexcept { return used_ == proof_.size(); }
    [[nodiscard]] ProofError error() const noexcept { return error_; }

private:
    std::span<const Bytes> proof_;
    std::size_t used_ = 0;
    ProofError error_ = ProofError::incomplete;
};

}  // namespace

std::expected<std::optional<Bytes>, ProofError> verify_proof(const Bytes32& root, ByteView key,
                                                             std::span<const Bytes> proof) {
    ProofSource source(proof);
    Trie trie(source, {root, 0});
    const auto value = trie.get(key);
    if (trie.incomplete()) return std::unexpected(source.error());
    if (!source.all_used()) return std::unexpected(ProofError::unused_nodes);
    if (!value) return std::optional<Bytes>{};
    return std::optional<Bytes>{to_bytes(value->bytes)};
}

}  // namespace mezz::trie
