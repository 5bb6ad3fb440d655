// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs official trie tests: keys and values in, the root out. Where the order of insertion must
/// not matter, the reverse order is tried, too.

#include <algorithm>

#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"
#include "tests/conformance/runners.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

struct Put {
    Bytes key;
    Bytes value;  ///< empty erases.
};

/// Hex with prefix is bytes, anything else is the text itself.
Bytes bytes_of(std::string_view text) {
    if (text.starts_with("0x"))
        if (const auto bytes = from_hex(text)) return *bytes;
    return {text.begin(), text.end()};
}

/// A list keeps its order; a map promises that order does not matter.
std::vector<Put> parse_input(element in, bool& any_order) {
    std::vector<Put> out;
    simdjson::dom::object map;
    any_order = in.get(map) == simdjson::SUCCESS;
    const auto add = [&](std::string_view key, element value) {
        std::string_view text;
        (void)value.get(text);  // null stays empty
        out.push_back({bytes_of(key), bytes_of(text)});
    };
    if (any_order) {
        for (const auto [key, value] : map) add(key, value);
        return out;
    }
    for (const element pair : in) {
        std::string_view key;
        (void)pair.at(0).get(key);
        add(key, pair.at(1));
    }
    return out;
}

Bytes32 root_of(const std::vector<Put>& puts, bool hashed_keys) {
    trie::EmptySource nothing;
    trie::Trie trie(nothing);
    for (const Put& put : puts) {
        const Bytes32 hashed = crypto::keccak256(put.key);
        trie.put(hashed_keys ? ByteView(hashed) : ByteView(put.key), put.value);
    }
    return trie.root_hash();
}

std::string run_case(element test, bool hashed_keys) {
    const auto expected = parse_fixed<Bytes32>(test["root"]);
    if (!expected) return "malformed root";
    bool any_order = false;
    std::vector<Put> puts = parse_input(test["in"], any_order);
    if (const Bytes32 root = root_of(puts, hashed_keys); root != *expected)
        return "root " + hex_text(root);
    std::reverse(puts.begin(), puts.end());
    if (any_order && root_of(puts, hashed_keys) != *expected) return "root in reverse order";
    return {};
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    const std::string stem = path.stem().string();
    const bool hashed_keys = stem.ends_with("secureTrie") || stem.contains("securetrie");
    simdjson::dom::object tests;
    if (root.get(tests) != simdjson::SUCCESS) return counts.skip(stem, "not a trie test");
    for (const auto [name, test] : tests) {
        const std::string id = stem + "::" + std::string(name);
        if (!options.selects(id)) continue;
        if (!field(test, "root"))
            counts.skip(id, "asks for neighbours of a key; the trie has no iterator");
        else
            counts.record(id, run_case(test, hashed_keys));
    }
}

}  // namespace

int trie_tests(int argc, char** argv) {
    return run_command(argc, argv, "trie-tests", run_file);
}

}  // namespace mezz::conformance
