// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/header.hpp"

#include <gtest/gtest.h>

namespace mezz::exec {
namespace {

using enum BlockError;

struct HeaderRules : testing::Test {
    HeaderRules() {
        parent.number = 10;
        parent.timestamp = 1000;
        parent.gas_limit = 30'000'000;
        parent.gas_used = 15'000'000;
        parent.base_fee_per_gas = 1000;
        parent.withdrawals_root = EMPTY_TRIE_ROOT;
        parent.blob_gas_used = parent.excess_blob_gas = 0;
        parent.parent_beacon_block_root = Bytes32{};
        parent.requests_hash = EMPTY_REQUESTS_HASH;
        header = parent;
        header.number = 11;
        header.timestamp = 1001;
    }
    void expect(BlockError error) {
        const auto ok = validate_header(header, parent, spec);
        ASSERT_FALSE(ok) << name(error);
        EXPECT_EQ(ok.error(), error) << name(ok.error());
    }
    void at(Revision rev) { spec.revisions = {{0, rev}}; }

    ChainSpec spec;
    Header parent, header;
};

TEST_F(HeaderRules, a_child_is_accepted) {
    EXPECT_TRUE(validate_header(header, parent, spec));
}

TEST_F(HeaderRules, number_and_time_grow) {
    header.number = 12;
    expect(INVALID_BLOCK_NUMBER);
    header.number = 11;
    header.timestamp = 1000;
    expect(INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT);
}

TEST_F(HeaderRules, extra_data_has_32_bytes_at_most) {
    header.extra_data.resize(32);
    EXPECT_TRUE(validate_header(header, parent, spec));
    header.extra_data.resize(33);
    expect(EXTRA_DATA_TOO_BIG);
}

TEST_F(HeaderRules, gas_limit_moves_by_less_than_a_1024th) {
    const std::uint64_t bound = parent.gas_limit / 1024;
    header.gas_limit = parent.gas_limit + bound - 1;
    EXPECT_TRUE(validate_header(header, parent, spec));
    header.gas_limit = parent.gas_limit + bound;
    expect(INVALID_GASLIMIT);
    header.gas_limit = parent.gas_limit - bound;
    expect(INVALID_GASLIMIT);
    header.gas_limit = std::uint64_t{1} << 63;
    expect(GASLIMIT_TOO_BIG);
    parent.gas_limit = header.gas_limit = 4999;
    expect(INVALID_GASLIMIT);
}

TEST_F(HeaderRules, gas_used_fits_the_limit) {
    header.gas_used = header.gas_limit;
    EXPECT_TRUE(validate_header(header, parent, spec));
    header.gas_used = header.gas_limit + 1;
    expect(INVALID_GAS_USED_ABOVE_LIMIT);
}

TEST_F(HeaderRules, base_fee_follows_the_parent) {
    header.base_fee_per_gas = 1001;
    expect(INVALID_BASEFEE_PER_GAS);
}

TEST_F(HeaderRules, the_first_block_of_london_doubles_the_limit) {
    at(Revision::london);
    for (Header* h : {&parent, &header}) {
        h->withdrawals_root.reset();
        h->blob_gas_used.reset();
        h->excess_blob_gas.reset();
        h->parent_beacon_block_root.reset();
        h->requests_hash.reset();
    }
    parent.base_fee_per_gas.reset();
    header.base_fee_per_gas = 1'000'000'000;
    expect(INVALID_GASLIMIT);
    header.gas_limit = 60'000'000;
    EXPECT_TRUE(validate_header(header, parent, spec));
    header.base_fee_per_gas = 999'999'999;
    expect(INVALID_BASEFEE_PER_GAS);
}

TEST_F(HeaderRules, fields_are_those_of_the_fork) {
    header.requests_hash.reset();
    expect(INCORRECT_BLOCK_FORMAT);
    at(Revision::cancun);
    EXPECT_TRUE(validate_header(header, parent, spec));
    header.withdrawals_root.reset();
    expect(INCORRECT_BLOCK_FORMAT);
}

TEST_F(HeaderRules, proof_of_work_ends_at_paris) {
    header.difficulty = 1;
    expect(IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS);
    header.difficulty = 0;
    header.ommers_hash = Bytes32{};
    expect(IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS);
    header.ommers_hash = EMPTY_OMMERS_HASH;
    header.nonce[7] = 1;
    expect(INCORRECT_BLOCK_FORMAT);
}

TEST_F(HeaderRules, blob_gas) {
    header.blob_gas_used = 9 * GAS_PER_BLOB;
    EXPECT_TRUE(validate_header(header, parent, spec));
    header.blob_gas_used = 10 * GAS_PER_BLOB;
    expect(BLOB_GAS_USED_ABOVE_LIMIT);
    header.blob_gas_used = 0;
    header.excess_blob_gas = GAS_PER_BLOB;
    expect(INCORRECT_EXCESS_BLOB_GAS);
}

struct BodyRules : testing::Test {
    BodyRules() {
        block.withdrawals.emplace();
        block.header.withdrawals_root = EMPTY_TRIE_ROOT;
    }
    void expect(BlockError error, std::size_t bytes = 1000) {
        const auto ok = validate_body(block, bytes, spec);
        ASSERT_FALSE(ok) << name(error);
        EXPECT_EQ(ok.error(), error) << name(ok.error());
    }
    ChainSpec spec;
    Block block;
};

TEST_F(BodyRules, roots_are_those_of_the_header) {
    EXPECT_TRUE(validate_body(block, 1000, spec));
    block.transactions.emplace_back();
    expect(INVALID_TRANSACTIONS_ROOT);
    block.transactions.clear();
    block.ommers.emplace_back();
    expect(INVALID_UNCLES_HASH);
    block.ommers.clear();
    block.withdrawals->emplace_back();
    expect(INVALID_WITHDRAWALS_ROOT);
    block.withdrawals.reset();
    expect(RLP_STRUCTURES_ENCODING);
}

TEST_F(BodyRules, size_is_limited_since_osaka) {
    constexpr std::size_t LIMIT = 8'388'608;
    EXPECT_TRUE(validate_body(block, LIMIT, spec));
    expect(RLP_BLOCK_LIMIT_EXCEEDED, LIMIT + 1);
    spec.revisions = {{0, Revision::prague}};
    EXPECT_TRUE(validate_body(block, LIMIT + 1, spec));
}

TEST(execution_rules, every_result_is_compared) {
    Header header;
    header.blob_gas_used = 0;
    header.requests_hash = EMPTY_REQUESTS_HASH;
    const ExecutedBlock right{.gas_used = 0,
                              .blob_gas_used = 0,
                              .logs_bloom = {},
                              .receipts_root = EMPTY_TRIE_ROOT,
                              .state_root = {},
                              .requests_hash = EMPTY_REQUESTS_HASH};
    EXPECT_TRUE(validate_execution(header, right));
    const auto expect = [&](BlockError error, const auto& change) {
        ExecutedBlock wrong = right;
        change(wrong);
        const auto ok = validate_execution(header, wrong);
        ASSERT_FALSE(ok) << name(error);
        EXPECT_EQ(ok.error(), error) << name(ok.error());
    };
    expect(INVALID_GAS_USED, [](ExecutedBlock& b) { b.gas_used = 1; });
    expect(INCORRECT_BLOB_GAS_USED, [](ExecutedBlock& b) { b.blob_gas_used = 1; });
    expect(INVALID_LOG_BLOOM, [](ExecutedBlock& b) { b.logs_bloom[0] = 1; });
    expect(INVALID_RECEIPTS_ROOT, [](ExecutedBlock& b) { b.receipts_root[0] ^= 1; });
    expect(INVALID_STATE_ROOT, [](ExecutedBlock& b) { b.state_root[0] = 1; });
    expect(INVALID_REQUESTS, [](ExecutedBlock& b) { b.requests_hash.reset(); });
}

TEST(block_error, names_are_spelled_like_the_enumerators) {
    EXPECT_EQ(name(RLP_STRUCTURES_ENCODING), "RLP_STRUCTURES_ENCODING");
    EXPECT_EQ(name(INVALID_GAS_USED), "INVALID_GAS_USED");
    EXPECT_EQ(name(SYSTEM_CONTRACT_CALL_FAILED), "SYSTEM_CONTRACT_CALL_FAILED");
}

}  // namespace
}  // namespace mezz::exec
