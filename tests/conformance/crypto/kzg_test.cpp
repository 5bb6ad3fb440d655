// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/kzg.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <functional>
#include <map>
#include <vector>

#include "core/crypto/kzg_prover.hpp"
#include "node/host/crypto/trusted_setup.hpp"
#include "tests/conformance/crypto/vectors.hpp"

namespace mezz::conformance {
namespace {

/// One case: the scalars or flattened lists of its keys.
using Case = std::map<std::string, std::vector<std::string>, std::less<>>;

std::string unquoted(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\'')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\'')) text.remove_suffix(1);
    return std::string(text);
}

/// The part of YAML that the vectors use: keys, scalars, "- item" lines and [a, b] lists.
Case parse(std::string_view text) {
    Case out;
    std::string key;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (line.starts_with(' ')) line.remove_prefix(1);
        if (line.empty()) continue;
        if (line.starts_with("- ")) {
            while (line.starts_with("- ")) line.remove_prefix(2);
            out[key].push_back(unquoted(line));
            continue;
        }
        if (line.starts_with('{')) {  // input on one line
            line.remove_prefix(1);
            if (line.ends_with('}')) line.remove_suffix(1);
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        key = unquoted(line.substr(0, colon));
        line.remove_prefix(colon + 1);
        auto& values = out[key];
        std::string value = unquoted(line);
        if (value.starts_with('[')) {
            while (!value.ends_with(']') && !text.empty()) {  // a list may be folded
                const std::size_t fold = std::min(text.find('\n'), text.size());
                value += unquoted(text.substr(0, fold));
                text.remove_prefix(std::min(fold + 1, text.size()));
            }
            std::string_view list = std::string_view(value).substr(1, value.size() - 2);
            while (!list.empty()) {
                const std::size_t comma = std::min(list.find(','), list.size());
                values.push_back(unquoted(list.substr(0, comma)));
                list.remove_prefix(std::min(comma + 1, list.size()));
            }
        } else if (!value.empty()) {
            values.push_back(value);
        }
    }
    return out;
}

Bytes bytes_at(const Case& one, std::string_view key, std::size_t index = 0) {
    return from_hex(one.find(key)->second.at(index)).value_or(Bytes{});
}
template <std::size_t N>
std::optional<FixedBytes<N>> fixed(const Bytes& bytes) {
    if (bytes.size() != N) return std::nullopt;
    return FixedBytes<N>::from(bytes);
}
template <std::size_t N>
std::optional<std::vector<FixedBytes<N>>> fixed_list(const Case& one, std::string_view key) {
    std::vector<FixedBytes<N>> out;
    for (std::size_t i = 0; i < one.find(key)->second.size(); ++i) {
        const auto item = fixed<N>(bytes_at(one, key, i));
        if (!item) return std::nullopt;
        out.push_back(*item);
    }
    return out;
}
std::string hex_of(ByteView bytes) {
    std::string out = "0x";
    for (const auto b : bytes)
        for (const int nibble : {b >> 4, b & 15}) out += "0123456789abcdef"[nibble];
    return out;
}

using Answer = std::optional<std::vector<std::string>>;  // nothing: the input is refused

template <class T>
Answer answer_of(const std::expected<T, crypto::KzgError>& result) {
    if (!result) return std::nullopt;
    if constexpr (std::is_same_v<T, bool>)
        return std::vector<std::string>{*result ? "true" : "false"};
    else
        return std::vector<std::string>{hex_of(*result)};
}

void run(const char* name, const std::function<Answer(const Case&)>& function) {
    const auto vectors = vectors_folder();
    if (vectors.empty()) GTEST_SKIP() << "skipped: no vectors";
    int passed = 0, total = 0;
    const auto folder = vectors / "kzg" / name / "kzg-mainnet";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const Case one = parse(read_text(entry.path() / "data.yaml"));
        const auto& output = one.find("output")->second;
        const Answer expected =
            output == std::vector<std::string>{"null"} ? Answer{} : Answer{output};
        const bool equal = function(one) == expected;
        EXPECT_TRUE(equal) << entry.path().filename();
        passed += equal ? 1 : 0;
        ++total;
    }
    std::printf("%s: %d of %d passed\n", name, passed, total);
    EXPECT_GT(total, 0);
}

TEST(kzg_vectors, verify_kzg_proof) {
    run("verify_kzg_proof", [](const Case& one) -> Answer {
        const auto c = fixed<48>(bytes_at(one, "commitment")),
                   q = fixed<48>(bytes_at(one, "proof"));
        const auto z = fixed<32>(bytes_at(one, "z")), y = fixed<32>(bytes_at(one, "y"));
        if (!c || !q || !z || !y) return std::nullopt;
        return answer_of(crypto::verify_kzg_proof(*c, *z, *y, *q));
    });
}

TEST(kzg_vectors, verify_blob_kzg_proof) {
    run("verify_blob_kzg_proof", [](const Case& one) -> Answer {
        const auto c = fixed<48>(bytes_at(one, "commitment")),
                   q = fixed<48>(bytes_at(one, "proof"));
        if (!c || !q) return std::nullopt;
        const Bytes blob = bytes_at(one, "blob");
        const auto single = answer_of(crypto::verify_blob_kzg_proof(blob, *c, *q));
        const ByteView blobs[] = {blob};
        EXPECT_EQ(single,
                  answer_of(crypto::verify_blob_kzg_proof_batch(blobs, {&*c, 1}, {&*q, 1})));
        return single;
    });
}

TEST(kzg_vectors, blob_to_kzg_commitment) {
    run("blob_to_kzg_commitment", [](const Case& one) {
        return answer_of(
            crypto::blob_to_kzg_commitment(host::trusted_setup(), bytes_at(one, "blob")));
    });
}

TEST(kzg_vectors, compute_kzg_proof) {
    run("compute_kzg_proof", [](const Case& one) -> Answer {
        const auto z = fixed<32>(bytes_at(one, "z"));
        if (!z) return std::nullopt;
        const auto result =
            crypto::compute_kzg_proof(host::trusted_setup(), bytes_at(one, "blob"), *z);
        if (!result) return std::nullopt;
        return std::vector<std::string>{hex_of(result->proof), hex_of(result->y)};
    });
}

TEST(kzg_vectors, compute_blob_kzg_proof) {
    run("compute_blob_kzg_proof", [](const Case& one) -> Answer {
        const auto c = fixed<48>(bytes_at(one, "commitment"));
        if (!c) return std::nullopt;
        return answer_of(
            crypto::compute_blob_kzg_proof(host::trusted_setup(), bytes_at(one, "blob"), *c));
    });
}

TEST(kzg_vectors, compute_cells_and_kzg_proofs) {
    run("compute_cells_and_kzg_proofs", [](const Case& one) -> Answer {
        const auto result =
            crypto::compute_cells_and_kzg_proofs(host::trusted_setup(), bytes_at(one, "blob"));
        if (!result) return std::nullopt;
        std::vector<std::string> out;
        for (std::size_t at = 0; at < result->cells.size(); at += crypto::CELL_SIZE)
            out.push_back(hex_of(ByteView(result->cells).subspan(at, crypto::CELL_SIZE)));
        for (const auto& proof : result->proofs) out.push_back(hex_of(proof));
        return out;
    });
}

TEST(kzg_vectors, verify_cell_kzg_proof_batch) {
    run("verify_cell_kzg_proof_batch", [](const Case& one) -> Answer {
        const auto commitments = fixed_list<48>(one, "commitments"),
                   proofs = fixed_list<48>(one, "proofs");
        if (!commitments || !proofs) return std::nullopt;
        std::vector<std::uint64_t> indices;
        for (const auto& text : one.find("cell_indices")->second)
            std::from_chars(text.data(), text.data() + text.size(), indices.emplace_back());
        std::vector<Bytes> cells;
        for (std::size_t i = 0; i < one.find("cells")->second.size(); ++i)
            cells.push_back(bytes_at(one, "cells", i));
        const std::vector<ByteView> views(cells.begin(), cells.end());
        return answer_of(crypto::verify_cell_kzg_proof_batch(host::trusted_setup(), *commitments,
                                                             indices, views, *proofs));
    });
}

TEST(kzg_vectors, the_embedded_setup_is_the_ceremony) {
    const auto vectors = vectors_folder();
    if (vectors.empty()) GTEST_SKIP() << "skipped: no vectors";
    const std::string text = read_text(vectors / "kzg/trusted_setup.txt");
    const auto setup = crypto::parse_trusted_setup(
        {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    ASSERT_TRUE(setup);
    EXPECT_TRUE(equal(crypto::encode_setup(*setup), host::trusted_setup_bytes()));
}

}  // namespace
}  // namespace mezz::conformance
