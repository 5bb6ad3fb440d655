// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/spec/chain_spec.hpp"

#include <gtest/gtest.h>

namespace mezz {
namespace {

TEST(revision, every_name_reads_back) {
    for (unsigned i = 0; i < REVISION_COUNT; ++i) {
        const auto rev = static_cast<Revision>(i);
        EXPECT_EQ(revision_from_name(name(rev)), rev);
    }
    EXPECT_EQ(revision_from_name("Merge"), Revision::paris);
    EXPECT_EQ(revision_from_name("Atlantis"), std::nullopt);
}

TEST(chain_spec, a_revision_starts_at_its_timestamp) {
    ChainSpec spec;
    spec.revisions = {{0, Revision::cancun}, {100, Revision::prague}};
    EXPECT_EQ(spec.revision_at(99), Revision::cancun);
    EXPECT_EQ(spec.revision_at(100), Revision::prague);
    EXPECT_EQ(spec.blobs_at(99).max, 6u);
    EXPECT_EQ(spec.blobs_at(100).max, 9u);
    spec.blobs = {{150, {10, 15, 8346193}}};
    EXPECT_EQ(spec.blobs_at(149).max, 9u);
    EXPECT_EQ(spec.blobs_at(150).max, 15u);
}

TEST(base_fee, moves_by_at_most_an_eighth) {
    const ChainSpec spec;
    ParentFees parent{.gas_limit = 30'000'000, .gas_used = 15'000'000, .base_fee = 1000};
    EXPECT_EQ(next_base_fee(spec, parent), uint256{1000});
    parent.gas_used = 30'000'000;
    EXPECT_EQ(next_base_fee(spec, parent), uint256{1125});
    parent.gas_used = 0;
    EXPECT_EQ(next_base_fee(spec, parent), uint256{875});
    parent.gas_used = 15'000'001;  // The rise is at least one wei.
    EXPECT_EQ(next_base_fee(spec, parent), uint256{1001});
}

TEST(blob_base_fee, follows_the_exponential) {
    constexpr std::uint64_t FRACTION = 3338477;
    EXPECT_EQ(blob_base_fee(0, FRACTION), uint256{1});
    EXPECT_EQ(blob_base_fee(2314057, FRACTION), uint256{1});  // Last value with price one.
    EXPECT_EQ(blob_base_fee(2314058, FRACTION), uint256{2});
    EXPECT_EQ(blob_base_fee(10 * 1024 * 1024, FRACTION), uint256{23});
    EXPECT_EQ(blob_base_fee(~std::uint64_t{0}, FRACTION), ~uint256{});
}

TEST(excess_blob_gas, falls_to_zero_below_the_target) {
    ChainSpec spec;
    spec.revisions = {{0, Revision::cancun}};
    ParentFees parent{.base_fee = 7, .blob_gas_used = 3 * GAS_PER_BLOB};
    EXPECT_EQ(next_excess_blob_gas(spec, 0, parent), 0u);
    parent.blob_gas_used = 6 * GAS_PER_BLOB;
    EXPECT_EQ(next_excess_blob_gas(spec, 0, parent), 3 * GAS_PER_BLOB);
    parent = {.base_fee = 7, .blob_gas_used = 0, .excess_blob_gas = 3 * GAS_PER_BLOB - 1};
    EXPECT_EQ(next_excess_blob_gas(spec, 0, parent), 0u);
}

TEST(excess_blob_gas, osaka_grows_slowly_while_execution_costs_more) {
    const ChainSpec spec;  // target 6, max 9
    ParentFees parent{.base_fee = 1'000'000'000, .blob_gas_used = 9 * GAS_PER_BLOB};
    EXPECT_EQ(next_excess_blob_gas(spec, 0, parent), 3 * GAS_PER_BLOB);
    parent.blob_gas_used = 6 * GAS_PER_BLOB;
    EXPECT_EQ(next_excess_blob_gas(spec, 0, parent), 2 * GAS_PER_BLOB);
    parent.base_fee = 16;  // 2^13 * 16 = 2^17 * 1: the reserve price is met exactly.
    EXPECT_EQ(next_excess_blob_gas(spec, 0, parent), 0u);
    parent.base_fee = 17;
    EXPECT_EQ(next_excess_blob_gas(spec, 0, parent), 2 * GAS_PER_BLOB);
}

}  // namespace
}  // namespace mezz
