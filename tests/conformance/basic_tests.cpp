// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs the files of BasicTests that are not about difficulty.

#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/exec/transaction.hpp"
#include "core/trie/node.hpp"
#include "core/types/header.hpp"
#include "core/types/transaction.hpp"
#include "tests/conformance/runners.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

Bytes32 keccak_of_text(std::string_view text) {
    return crypto::keccak256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// A path of half-bytes in its compact form.
std::string compact_path(element test) {
    trie::Nibbles path;
    for (const element nibble : test["seq"]) {
        std::uint64_t value = 0;
        (void)nibble.get(value);
        path.push(static_cast<std::uint8_t>(value));
    }
    bool is_leaf = false;
    (void)test["term"].get(is_leaf);
    Bytes out, encoded;
    trie::append_compact(out, path, is_leaf);
    rlp::append(encoded, parse_bytes(test["out"]).value_or(Bytes{}));
    return out == encoded || out == parse_bytes(test["out"]) ? "" : "path " + hex_text(out);
}

/// A private key made of a word, and its address. The file's signatures are of a message that is
/// not written down (neither nothing, nor its keccak256 or sha256), so they cannot be checked.
std::string key_and_address(element test) {
    const auto key = parse_fixed<Bytes32>(test["key"]);
    const auto address = parse_fixed<Address>(test["addr"]);
    if (!key || !address) return "malformed";
    if (keccak_of_text(text_field(test, "seed")) != *key) return "key";
    return crypto::address_of(*key) == *address ? "" : "address";
}

/// A transaction before and after signing.
std::string signed_transaction(element test) {
    const auto key = parse_fixed<Bytes32>(test["key"]);
    const auto bytes = parse_bytes(test["signed"]);
    if (!key || !bytes) return "malformed";
    const auto txn = decode_transaction(*bytes);
    if (!txn) return "rejected";
    if (encode(*txn) != *bytes) return "encodes differently";
    // Older than the rule of low s.
    const auto signer = exec::sender_of(*txn, Revision::frontier);
    return signer && *signer == crypto::address_of(*key) ? "" : "sender";
}

std::string genesis_hash(element test) {
    const auto bytes = parse_bytes(test["genesis_rlp_hex"]);
    const auto hash_expected = parse_fixed<Bytes32>(test["genesis_hash"]);
    const auto root = parse_fixed<Bytes32>(test["genesis_state_root"]);
    if (!bytes || !hash_expected || !root) return "malformed";
    rlp::Reader whole(*bytes);
    rlp::Reader block = whole.list();
    const auto header = decode_header(block.raw_item());
    if (!header) return "header";
    if (header->state_root != *root) return "state root";
    return hash(*header) == *hash_expected ? "" : "hash";
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    const std::string stem = path.stem().string();
    const auto run = [&](const std::string& id, const std::string& problem) {
        if (options.selects(id)) counts.record(id, problem);
    };
    simdjson::dom::array list;
    simdjson::dom::object map;
    if (stem == "hexencodetest" && root.get(map) == simdjson::SUCCESS) {
        for (const auto [name, test] : map)
            run(stem + "::" + std::string(name), compact_path(test));
    } else if (stem == "keyaddrtest" || stem == "txtest") {
        std::size_t number = 0;
        if (root.get(list) == simdjson::SUCCESS)
            for (const element test : list)
                run(stem + "[" + std::to_string(number++) + "]",
                    stem == "txtest" ? signed_transaction(test) : key_and_address(test));
    } else if (stem == "genesishashestest") {
        run(stem, genesis_hash(root));
    } else if (stem == "crypto") {
        counts.skip(stem, "AES and ECIES of the peer-to-peer network, which this stack has not");
    }
}

}  // namespace

int basic_tests(int argc, char** argv) {
    return run_command(argc, argv, "basic-tests", run_file);
}

}  // namespace mezz::conformance
