// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/trie/node.hpp"

#include "core/codec/rlp.hpp"

namespace mezz::trie {
namespace {

/// An embedded node can hold only nodes shorter than 32 bytes, so nesting is shallow; the bound
/// keeps hostile bytes from recursing further.
constexpr unsigned max_embedding = 32;

class LocatorCursor {
public:
    explicit LocatorCursor(std::span<const std::uint64_t> locators) noexcept : rest_(locators) {}
    std::uint64_t next() noexcept {
        if (rest_.empty()) return 0;
        const std::uint64_t v = rest_[0];
        rest_ = rest_.subspan(1);
        return v;
    }

private:
    std::span<const std::uint64_t> rest_;
};

struct CompactPath {
    Nibbles path;
    bool is_leaf;
};

std::optional<CompactPath> decode_compact(ByteView bytes) noexcept {
    if (bytes.empty() || bytes.size() > 33) return std::nullopt;
    const std::uint8_t flag = bytes[0] >> 4;
    if (flag > 3) return std::nullopt;
    CompactPath out{{}, (flag & 2) != 0};
    if (flag & 1)
        out.path.push(bytes[0] & 15);
    else if ((bytes[0] & 15) != 0)
        return std::nullopt;
    if (out.path.size + 2 * (bytes.size() - 1) > 64) return std::nullopt;
    for (auto b : bytes.subspan(1)) {
        out.path.push(b >> 4);
        out.path.push(b & 15);
    }
    return out;
}

std::unique_ptr<Node> decode(rlp::Reader& in, LocatorCursor& locators, unsigned depth);

bool decode_child(rlp::Reader& in, Child& child, LocatorCursor& locators, unsigned depth) {
    if (in.next_is_list()) {
        if (depth == max_embedding) return false;
        rlp::Reader nested = in.list();
        child.node = decode(nested, locators, depth + 1);
        return child.node != nullptr && in.error() == rlp::Error::none;
    }
    const auto h = in.optional_fixed<32>();
    if (h) child.ref = NodeRef{*h, locators.next()};
    return in.error() == rlp::Error::none;
}

std::unique_ptr<Node> decode(rlp::Reader& in, LocatorCursor& locators, unsigned depth) {
    rlp::Reader probe = in;
    unsigned items = 0;
    while (!probe.at_end() && items <= 17) {
        probe.raw_item();
        ++items;
    }
    if (probe.error() != rlp::Error::none) return nullptr;
    auto node = std::make_unique<Node>();
    if (items == 17) {
        node->kind = Node::Kind::branch;
        node->children = std::make_unique<std::array<Child, 16>>();
        for (auto& child : *node->children)
            if (!decode_child(in, child, locators, depth)) return nullptr;
        node->value = to_bytes(in.string());
    } else if (items == 2) {
        const auto compact = decode_compact(in.string());
        if (!compact) return nullptr;
        node->path = compact->path;
        if (compact->is_leaf) {
            node->value = to_bytes(in.string());
            node->value_locator = locators.next();
        } else {
            node->kind = Node::Kind::extension;
            if (node->path.size == 0 || !decode_child(in, node->next, locators, depth) ||
                node->next.empty())
                return nullptr;
        }
    } else {
        return nullptr;
    }
    if (in.finish() != rlp::Error::none) return nullptr;
    return node;
}

}  // namespace

Nibbles to_nibbles(ByteView key) noexcept {
    Nibbles out;
    for (auto b : key) {
        out.push(b >> 4);
        out.push(b & 15);
    }
    return out;
}

std::unique_ptr<Node> Node::leaf(const Nibbles& path, ByteView value, std::uint64_t locator) {
    auto node = std::make_unique<Node>();
    node->path = path;
    node->value = to_bytes(value);
    node->value_locator = locator;
    return node;
}

std::unique_ptr<Node> Node::branch() {
    auto node = std::make_unique<Node>();
    node->kind = Kind::branch;
    node->children = std::make_unique<std::array<Child, 16>>();
    return node;
}

std::unique_ptr<Node> decode_node(ByteView bytes, std::span<const std::uint64_t> locators) {
    rlp::Reader whole(bytes);
    rlp::Reader in = whole.list();
    if (whole.finish() != rlp::Error::none) return nullptr;
    LocatorCursor cursor(locators);
    return decode(in, cursor, 0);
}

void append_compact(Bytes& out, const Nibbles& path, bool is_leaf) {
    std::uint8_t buffer[33];
    const unsigned odd = path.size % 2;
    buffer[0] = static_cast<std::uint8_t>((is_leaf ? 0x20 : 0) | (odd ? 0x10 | path.at[0] : 0));
    unsigned n = 1;
    for (unsigned i = odd; i < path.size; i += 2)
        buffer[n++] = static_cast<std::uint8_t>(path.at[i] << 4 | path.at[i + 1]);
    rlp::append(out, ByteView(buffer, n));
}

}  // namespace mezz::trie
