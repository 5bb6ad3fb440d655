// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/trie/trie.hpp"

#include "core/base/assert.hpp"
#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::trie {
namespace {

unsigned common_prefix(const Nibbles& a, const Nibbles& b) noexcept {
    unsigned i = 0;
    while (i < a.size && i < b.size && a.at[i] == b.at[i]) ++i;
    return i;
}

using Locators = std::vector<std::uint64_t>;

/// Encodes subtrees bottom-up. With `keep` set, hashed nodes get their NodeRef; otherwise the trie
/// stays as it was (a root is computed without committing).
class Encoder {
public:
    Encoder(NodeSink* sink, bool keep) noexcept : sink_(sink), keep_(keep) {}

    void append_child(Bytes& out, Child& child, Locators& locators) {
        if (child.ref) {
            rlp::append(out, child.ref->hash);
            locators.push_back(child.ref->locator);
            return;
        }
        if (!child.node) {
            rlp::append(out, ByteView{});
            return;
        }
        Bytes encoded;
        Locators nested;
        encode(encoded, *child.node, nested);
        if (encoded.size() < 32) {
            rlp::append_raw(out, encoded);
            locators.insert(locators.end(), nested.begin(), nested.end());
            return;
        }
        const NodeRef ref = place(encoded, nested);
        if (keep_) child.ref = ref;
        rlp::append(out, ref.hash);
        locators.push_back(ref.locator);
    }

    void encode(Bytes& out, Node& node, Locators& locators) {
        out.reserve(out.size() + (node.kind == Node::Kind::branch ? 540 : 128));
        const rlp::List list(out);
        switch (node.kind) {
            case Node::Kind::leaf:
                append_compact(out, node.path, true);
                rlp::append(out, node.value);
                locators.push_back(node.value_locator);
                break;
            case Node::Kind::extension:
                append_compact(out, node.path, false);
                append_child(out, node.next, locators);
                break;
            case Node::Kind::branch:
                for (auto& child : *node.children) append_child(out, child, locators);
                rlp::append(out, node.value);
                break;
        }
    }

    NodeRef place(const Bytes& encoded, const Locators& locators) {
        NodeRef ref{crypto::keccak256(encoded), 0};
        if (sink_ != nullptr) ref.locator = sink_->store(ref.hash, encoded, locators);
        return ref;
    }

private:
    NodeSink* sink_;
    bool keep_;
};

std::size_t forget(Child& child, unsigned depth) {
    if (!child.node) return 0;
    if (depth == 0 && child.ref) {
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

}  // namespace

Trie::Trie(NodeSource& source, const NodeRef& root) : source_(source) {
    if (root.hash != EMPTY_TRIE_ROOT) root_.ref = root;
}

Node* Trie::resolve(Child& child) {
    if (child.node) return child.node.get();
    if (!child.ref) return nullptr;
    child.node = source_.load(*child.ref);
    if (!child.node)
        incomplete_ = true;
    else
        ++loaded_;
    return child.node.get();
}

std::optional<Value> Trie::get(ByteView key) {
    const Nibbles path = to_nibbles(key);
    unsigned at = 0;
    Node* node = resolve(root_);
    while (node != nullptr) {
        switch (node->kind) {
            case Node::Kind::leaf:
                if (node->path == path.from(at)) return Value{node->value, node->value_locator};
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
    put_at(root_, to_nibbles(key), value, value_locator);
}

void Trie::put_at(Child& child, const Nibbles& path, ByteView value, std::uint64_t locator) {
    if (child.empty()) {
        child.node = Node::leaf(path, value, locator);
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
    ++loaded_;
    std::unique_ptr<Node> old = std::move(child.node);
    const Nibbles old_path = old->path;
    if (old->kind == Node::Kind::leaf) {
        if (old_path.size == shared) {
            branch->value = std::move(old->value);
        } else {
            old->path = old_path.from(shared + 1);
            (*branch->children)[old_path.at[shared]].node = std::move(old);
        }
    } else {
        Child& slot = (*branch->children)[old_path.at[shared]];
        if (old_path.size == shared + 1) {
            slot = std::move(old->next);
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
    extension->kind = Node::Kind::extension;
    extension->path = path.first(shared);
    extension->next.node = std::move(branch);
    child.node = std::move(extension);
}

void Trie::erase(ByteView key) {
    ASSERT(key.size() <= 32);
    erase_at(root_, to_nibbles(key));
}

bool Trie::erase_at(Child& child, const Nibbles& path) {
    Node* node = resolve(child);
    if (node == nullptr) return false;
    switch (node->kind) {
        case Node::Kind::leaf:
            if (!(node->path == path)) return false;
            child = Child{};
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
        if (node.value.empty())
            child = Child{};
        else
            child.node = Node::leaf({}, node.value, 0);
        return;
    }
    Child rest = std::move((*node.children)[static_cast<std::size_t>(only)]);
    auto extension = std::make_unique<Node>();
    extension->kind = Node::Kind::extension;
    extension->path.push(static_cast<std::uint8_t>(only));
    extension->next = std::move(rest);
    child.node = std::move(extension);
    merge_extension(child);
}

NodeRef Trie::commit(NodeSink* sink) {
    if (root_.ref) return *root_.ref;
    if (!root_.node) return {EMPTY_TRIE_ROOT, 0};
    Encoder encoder(sink, true);
    Bytes encoded;
    Locators locators;
    encoder.encode(encoded, *root_.node, locators);
    root_.ref = encoder.place(encoded, locators);
    return *root_.ref;
}

Bytes32 Trie::root_hash() {
    if (root_.ref) return root_.ref->hash;
    if (!root_.node) return EMPTY_TRIE_ROOT;
    Encoder encoder(nullptr, false);
    Bytes encoded;
    Locators locators;
    encoder.encode(encoded, *root_.node, locators);
    return crypto::keccak256(encoded);
}

std::vector<Bytes> Trie::prove(ByteView key) {
    const Nibbles path = to_nibbles(key);
    std::vector<Bytes> out;
    unsigned at = 0;
    Encoder encoder(nullptr, false);
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

Bytes32 ordered_root(std::span<const Bytes> items) {
    EmptySource source;
    Trie trie(source);
    std::uint64_t index = 0;
    for (const auto& item : items) {
        Bytes key;
        rlp::append(key, index++);
        trie.put(key, item);
    }
    return trie.root_hash();
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
