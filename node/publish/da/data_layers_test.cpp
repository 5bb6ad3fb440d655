// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/publish/da/data_layers.hpp"

#include <gtest/gtest.h>

#include "core/crypto/kzg.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

constexpr Address inbox = hex<Address>("0x00000000000000000000000000000000000000aa");
const EntryParameters parameters{3, 2, {9, {}}};

TEST(calldata_layer, holds_the_bytes_as_fifth_argument) {
    CalldataLayer layer(inbox);
    const Bytes data(1'000, 7);
    const auto c = layer.entry(parameters, data, {});
    ASSERT_TRUE(c);
    EXPECT_EQ(abi::bytes_at(ByteView(c->data).subspan(4), 4), data);
    EXPECT_EQ(abi::word_at(ByteView(c->data).subspan(4), 0), uint256{3});
}

TEST(calldata_layer, pays_at_least_the_floor) {
    const Bytes data(100'000, 7);
    EXPECT_GE(calldata_entry_gas(data, data.size()), 21'000u + 40u * 100'000u);
}

TEST(calldata_layer, sizes_outside_the_capacity_are_refused) {
    CalldataLayer layer(inbox);
    EXPECT_FALSE(layer.entry(parameters, {}, {}));
    EXPECT_TRUE(layer.entry(parameters, Bytes(120'000), {}));
    const auto r = layer.entry(parameters, Bytes(120'001), {});
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().handling, Handling::fatal);
}

TEST(calldata_layer, a_transaction_above_the_gas_cap_is_refused) {
    CalldataLayer layer(inbox, {.capacity_bytes = 1'000'000});
    EXPECT_TRUE(layer.entry(parameters, Bytes(400'000, 7), {}));
    const auto r = layer.entry(parameters, Bytes(420'000, 7), {});
    ASSERT_FALSE(r);
    EXPECT_NE(r.error().message.find("EIP-7825"), std::string::npos);
}

TEST(blob_layer, openings_pass_the_point_evaluation_precompile) {
    BlobLayer layer(inbox);
    const Bytes data(derive::blob_capacity + 1, 9);
    const auto c = layer.entry(parameters, data, {});
    ASSERT_TRUE(c);
    ASSERT_EQ(c->blobs.size(), 2u);
    const Bytes openings = abi::bytes_at(ByteView(c->data).subspan(4), 5).value();
    ASSERT_EQ(openings.size(), 256u);
    for (std::size_t i = 0; i < 2; ++i) {
        const Bytes32 versioned = crypto::kzg_to_versioned_hash(c->commitments[i]);
        const uint256 z = derive::opening_point(versioned, derive::chunk_hash(data));
        Bytes input = to_bytes(versioned);
        append(input, to_bytes32(z));
        append(input, ByteView(openings).subspan(128 * i, 128));
        EXPECT_TRUE(crypto::point_evaluation(input)) << i;
    }
    EXPECT_EQ(derive::decode_blobs(c->blobs).value(), data);
}

TEST(cheaper_layer, follows_the_fees) {
    CheaperLayer layer(CalldataLayer{inbox}, BlobLayer{inbox});
    const Bytes data(20'000, 7);
    EXPECT_FALSE(layer.entry(parameters, data, {1'000, 1, 1})->blobs.empty());
    EXPECT_TRUE(layer.entry(parameters, data, {1'000, 1, 1'000'000'000})->blobs.empty());
}

}  // namespace
}  // namespace mezz::node
