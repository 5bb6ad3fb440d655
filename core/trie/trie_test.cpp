// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/trie/trie.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/codec/hex.hpp"
#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::trie {
namespace {

using Entries = std::map<Bytes, Bytes>;

/// The root straight from the definition: encode the sorted set, recursively, from `depth` on.
/// spec: Yellow Paper, Appendix D (194).
void append_plain_node(Bytes& out, const std::vector<std::pair<Nibbles, Bytes>>& set,
                       unsigned depth) {
    if (set.size() == 1) {
        const rlp::List list(out);
        append_compact(out, set[0].first.from(depth), true);
        rlp::append(out, set[0].second);
    } else {
        auto child = [&](const std::vector<std::pair<Nibbles, Bytes>>& subset, unsigned d) {
            Bytes encoded;
            append_plain_node(encoded, subset, d);
            if (encoded.size() < 32)
                rlp::append_raw(out, encoded);
            else
                rlp::append(out, crypto::keccak256(encoded));
        };
        unsigned shared = depth;
        for (;; ++shared) {
            bool same = shared < set[0].first.size;
            for (const auto& [path, value] : set)
                same = same && shared < path.size && path.at[shared] == set[0].first.at[shared];
            if (!same) break;
        }
        const rlp::List list(out);
        if (shared > depth) {
            Nibbles path;
            for (unsigned i = depth; i < shared; ++i) path.push(set[0].first.at[i]);
            append_compact(out, path, false);
            child(set, shared);
        } else {
            Bytes value;
            for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
                std::vector<std::pair<Nibbles, Bytes>> subset;
                for (const auto& e : set)
                    if (e.first.size > depth && e.first.at[depth] == nibble) subset.push_back(e);
                if (subset.empty())
                    rlp::append(out, ByteView{});
                else
                    child(subset, depth + 1);
            }
            for (const auto& e : set)
                if (e.first.size == depth) value = e.second;
            rlp::append(out, value);
        }
    }
}

Bytes32 plain_root(const Entries& entries) {
    if (entries.empty()) return EMPTY_TRIE_ROOT;
    std::vector<std::pair<Nibbles, Bytes>> set;
    for (const auto& [k, v] : entries) set.emplace_back(to_nibbles(k), v);
    Bytes encoded;
    append_plain_node(encoded, set, 0);
    return crypto::keccak256(encoded);
}

/// Keeps committed nodes by hash, as a database would.
class MemoryNodes final : public NodeSource, public NodeSink {
public:
    std::unique_ptr<Node> load(const NodeRef& ref) override {
        const auto it = nodes_.find(ref.hash);
        return it == nodes_.end() ? nullptr : decode_node(it->second, {});
    }
    std::uint64_t store(const Bytes32& hash, ByteView rlp,
                        std::span<const std::uint64_t>) override {
        nodes_[hash] = to_bytes(rlp);
        return nodes_.size();
    }
    std::map<Bytes32, Bytes> nodes_;
};

Bytes text(std::string_view s) {
    return {s.begin(), s.end()};
}

TEST(trie, empty_trie_has_the_empty_root) {
    EmptySource source;
    EXPECT_EQ(Trie(source).root_hash(), EMPTY_TRIE_ROOT);
    EXPECT_EQ(EMPTY_TRIE_ROOT, crypto::keccak256(Bytes{0x80}));
}

TEST(trie, known_root_of_four_dogs) {
    EmptySource source;
    Trie trie(source);
    trie.put(text("do"), text("verb"));
    trie.put(text("dog"), text("puppy"));
    trie.put(text("doge"), text("coin"));
    trie.put(text("horse"), text("stallion"));
    EXPECT_EQ(trie.root_hash(),
              hex<Bytes32>("0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84"));
}

/// Random puts and erases over few keys with shared prefixes; after each round the root equals
/// the definition, also when the trie forgets its nodes and loads them again.
TEST(trie, random_changes_give_the_root_of_the_definition) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 60; ++round) {
        MemoryNodes nodes;
        Entries model;
        NodeRef root{EMPTY_TRIE_ROOT, 0};
        for (int commit = 0; commit < 8; ++commit) {
            Trie trie(nodes, root);
            for (int i = 0; i < 40; ++i) {
                Bytes key(round % 2 == 0 ? 32 : 1 + random() % 4, 0);
                for (auto& b : key) b = static_cast<std::uint8_t>((random() % 3) * 0x11);
                if (round % 3 == 0 && key.size() == 32) std::fill(key.begin(), key.end() - 1, 0);
                if (random() % 3 == 0) {
                    trie.erase(key);
                    model.erase(key);
                } else {
                    Bytes value(1 + random() % 40, static_cast<std::uint8_t>(random() | 1));
                    trie.put(key, value);
                    model[key] = value;
                }
            }
            ASSERT_EQ(trie.root_hash(), plain_root(model));
            root = trie.commit(&nodes);
            ASSERT_EQ(root.hash, plain_root(model));
            trie.forget_below(static_cast<unsigned>(random() % 4));
            for (const auto& [k, v] : model) {
                const auto got = trie.get(k);
                ASSERT_TRUE(got && equal(got->bytes, v));
            }
            ASSERT_FALSE(trie.incomplete());
        }
    }
}

TEST(trie, missing_node_is_reported_not_guessed) {
    EmptySource source;
    Trie trie(source, {crypto::keccak256(text("unknown")), 0});
    EXPECT_FALSE(trie.get(text("key")));
    EXPECT_TRUE(trie.incomplete());
}

class Proofs : public ::testing::Test {
protected:
    void SetUp() override {
        for (int i = 0; i < 100; ++i)
            trie.put(key(i), Bytes(static_cast<std::size_t>(1 + i), 0xab));
        root = trie.root_hash();
    }
    static Bytes32 key(int i) { return crypto::keccak256(Bytes{static_cast<std::uint8_t>(i)}); }
    EmptySource source;
    Trie trie{source};
    Bytes32 root;
};

TEST_F(Proofs, present_and_absent_keys_verify) {
    for (int i = 0; i < 100; ++i) {
        const auto got = verify_proof(root, key(i), trie.prove(key(i)));
        ASSERT_TRUE(got && *got);
        EXPECT_EQ((*got)->size(), static_cast<std::size_t>(1 + i));
    }
    const auto absent = verify_proof(root, key(200), trie.prove(key(200)));
    ASSERT_TRUE(absent.has_value());
    EXPECT_FALSE(absent->has_value());
}

TEST_F(Proofs, changed_node_is_wrong_hash) {
    auto proof = trie.prove(key(1));
    proof.back().back() ^= 1;
    EXPECT_EQ(verify_proof(root, key(1), proof).error(), ProofError::wrong_hash);
}

TEST_F(Proofs, missing_last_node_is_incomplete) {
    auto proof = trie.prove(key(1));
    proof.pop_back();
    EXPECT_EQ(verify_proof(root, key(1), proof).error(), ProofError::incomplete);
}

TEST_F(Proofs, extra_node_is_unused) {
    auto proof = trie.prove(key(1));
    proof.push_back({0x80});
    EXPECT_EQ(verify_proof(root, key(1), proof).error(), ProofError::unused_nodes);
}

TEST_F(Proofs, bytes_that_are_no_node_are_malformed) {
    const Bytes junk{0x01, 0x02, 0x03};
    EXPECT_EQ(verify_proof(crypto::keccak256(junk), key(1), std::vector<Bytes>{junk}).error(),
              ProofError::malformed_node);
}

}  // namespace
}  // namespace mezz::trie
