// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/trie/builder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::trie {
namespace {

/// Notes every stored node; a node's locator is its place in the notes.
class Notes final : public NodeSink {
public:
    struct Stored {
        Bytes32 hash;
        Bytes rlp;
        std::vector<std::uint64_t> locators;
        friend bool operator==(const Stored&, const Stored&) = default;
    };
    std::uint64_t store(const Bytes32& hash, ByteView rlp,
                        std::span<const std::uint64_t> locators) override {
        all.push_back({hash, to_bytes(rlp), {locators.begin(), locators.end()}});
        return all.size();
    }
    std::vector<Stored> all;
};

using Entries = std::map<Bytes, Bytes>;

/// Keys of `size` bytes out of few values, so that long prefixes are shared.
Entries random_entries(std::mt19937_64& random, std::size_t count, std::size_t size) {
    Entries out;
    for (std::size_t i = 0; i < count; ++i) {
        Bytes key(size, 0);
        for (auto& b : key) b = static_cast<std::uint8_t>((random() % 3) * 0x11);
        if (random() % 2 == 0) std::fill(key.begin(), key.begin() + random() % size, 0);
        if (random() % 8 == 0)
            for (auto& b : key) b = static_cast<std::uint8_t>(random());
        out[key] = Bytes(1 + random() % 40, static_cast<std::uint8_t>(random() | 1));
    }
    return out;
}

TEST(trie_builder, random_entries_give_the_nodes_of_the_trie) {
    std::mt19937_64 random(11);
    for (int round = 0; round < 300; ++round) {
        const auto entries = random_entries(random, random() % 60, 1 + random() % 32);
        EmptySource source;
        Trie trie(source);
        Notes plain, built;
        TrieBuilder builder(&built);
        std::uint64_t locator = 100;
        for (const auto& [key, value] : entries) {
            trie.put(key, value, ++locator);
            builder.add(key, value, locator);
        }
        const NodeRef expected = trie.commit(&plain);
        const NodeRef root = builder.finish();
        ASSERT_EQ(root.hash, expected.hash) << round;
        ASSERT_EQ(root.locator, expected.locator);
        ASSERT_TRUE(built.all == plain.all) << round;
    }
}

TEST(trie_builder, ordered_root_is_that_of_the_trie_at_every_count) {
    for (std::size_t count = 0; count < 300; ++count) {
        EmptySource source;
        Trie trie(source);
        std::vector<Bytes> items;
        for (std::size_t i = 0; i < count; ++i) {
            items.push_back(Bytes(1 + i % 70, static_cast<std::uint8_t>(i + 1)));
            Bytes key;
            rlp::append(key, std::uint64_t{i});
            trie.put(key, items.back());
        }
        ASSERT_EQ(ordered_root(items), trie.root_hash()) << count;
    }
}

TEST(trie_builder, builder_starts_anew_after_finish) {
    TrieBuilder builder;
    builder.add(Bytes{1}, Bytes{2});
    const NodeRef first = builder.finish();
    EXPECT_EQ(builder.finish().hash, EMPTY_TRIE_ROOT);
    builder.add(Bytes{1}, Bytes{2});
    EXPECT_EQ(builder.finish().hash, first.hash);
}

/// Hashing parts ahead changes neither the root nor a stored node, whatever was hashed ahead of
/// which change.
TEST(trie_parts, parts_hashed_ahead_give_the_same_nodes) {
    std::mt19937_64 random(12);
    for (int round = 0; round < 100; ++round) {
        EmptySource source;
        Trie plain(source), ahead(source);
        for (int commit = 0; commit < 5; ++commit) {
            const auto entries = random_entries(random, 40, round % 2 == 0 ? 32 : 3);
            for (const auto& [key, value] : entries) {
                const bool erases = random() % 3 == 0;
                for (auto* trie : {&plain, &ahead})
                    erases ? trie->erase(key) : trie->put(key, value);
                if (random() % 8 == 0) ahead.hash_part(random() % Trie::parts);
                if (random() % 32 == 0) ASSERT_EQ(ahead.root_hash(), plain.root_hash());
            }
            for (unsigned part = 0; part < Trie::parts; ++part)
                if (random() % 2 == 0) ahead.hash_part(part);
            Notes expected, got;
            const NodeRef root = plain.commit(&expected);
            ASSERT_EQ(ahead.commit(&got).hash, root.hash);
            ASSERT_TRUE(got.all == expected.all) << round;
            const std::size_t counted = ahead.loaded_nodes();
            ahead.forget_below(64);  // forgets nothing, counts anew
            ASSERT_EQ(ahead.loaded_nodes(), counted);
        }
    }
}

/// Keeps nodes by hash and counts loads.
class Disk final : public NodeSource, public NodeSink {
public:
    std::unique_ptr<Node> load(const NodeRef& ref) override {
        ++loads;
        const auto it = nodes.find(ref.hash);
        return it == nodes.end() ? nullptr : decode_node(it->second, {});
    }
    std::uint64_t store(const Bytes32& hash, ByteView rlp,
                        std::span<const std::uint64_t>) override {
        nodes[hash] = to_bytes(rlp);
        return nodes.size();
    }
    std::map<Bytes32, Bytes> nodes;
    std::size_t loads = 0;
};

Bytes32 key(std::uint64_t n) {
    return crypto::keccak256(to_bytes32(uint256{n}));
}

TEST(trie_parts, what_was_used_lately_stays_in_memory) {
    Disk disk;
    Trie trie(disk);
    for (std::uint64_t i = 0; i < 2000; ++i) trie.put(key(i), Bytes{1, 2, 3});
    trie.commit(&disk);
    const std::size_t all = trie.loaded_nodes();
    trie.next_round();
    for (std::uint64_t i = 0; i < 10; ++i) ASSERT_TRUE(trie.get(key(i)));
    for (unsigned part = 0; part < Trie::parts; ++part) trie.forget_unused(part, 0);
    EXPECT_LT(trie.loaded_nodes(), all / 10);
    for (std::uint64_t i = 0; i < 10; ++i) ASSERT_TRUE(trie.get(key(i)));
    EXPECT_EQ(disk.loads, 0U);
    for (std::uint64_t i = 0; i < 2000; ++i) ASSERT_TRUE(trie.get(key(i)));
    EXPECT_GT(disk.loads, 1000U);
    EXPECT_EQ(trie.loaded_nodes(), all);
}

TEST(trie_parts, changes_are_never_forgotten) {
    Disk disk;
    Trie trie(disk);
    for (std::uint64_t i = 0; i < 300; ++i) trie.put(key(i), Bytes{1});
    trie.commit(&disk);
    for (std::uint64_t i = 0; i < 300; i += 3) trie.put(key(i), Bytes{2});
    const Bytes32 root = trie.root_hash();
    for (int i = 0; i < 5; ++i) trie.next_round();
    for (unsigned part = 0; part < Trie::parts; ++part) trie.forget_unused(part, 0);
    EXPECT_EQ(trie.commit(&disk).hash, root);
    for (std::uint64_t i = 0; i < 300; ++i) {
        const auto value = trie.get(key(i));
        ASSERT_TRUE(value);
        EXPECT_EQ(value->bytes[0], i % 3 == 0 ? 2 : 1);
    }
}

}  // namespace
}  // namespace mezz::trie
