// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/challenger/proposals.hpp"

#include <gtest/gtest.h>

#include "node/host/signing/abi.hpp"
#include "node/settle/challenger/dispute_book.hpp"

namespace mezz::node {
namespace {

Bytes extra(std::uint64_t last, std::uint64_t count, std::uint64_t in_blob, std::size_t tail) {
    Bytes out = abi::Words()
                    .word(last)
                    .word(std::uint64_t{7})
                    .word(Bytes32{})
                    .word(genesis_parent)
                    .word(count)
                    .word(Bytes32{})
                    .word(std::uint64_t{3})
                    .word(in_blob)
                    .finish();
    out.resize(out.size() + tail, 0xaa);
    return out;
}

TEST(Proposals, extra_data_is_read) {
    const auto plain = decode_extra_data(extra(10, 4, 0, 128));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->first_block(), 7u);
    EXPECT_EQ(plain->inbox_count, 7u);
    EXPECT_EQ(plain->parent_index, genesis_parent);
    EXPECT_EQ(plain->claims[3][0], 0xaa);
    const auto in_blob = decode_extra_data(extra(10, 4, 1, 128));
    ASSERT_TRUE(in_blob);
    EXPECT_EQ(in_blob->claims.size(), 4u);
}

TEST(Proposals, malformed_extra_data_is_none) {
    EXPECT_FALSE(decode_extra_data({}));
    EXPECT_FALSE(decode_extra_data(extra(10, 0, 0, 0)));
    EXPECT_FALSE(decode_extra_data(extra(10, 4, 0, 127)));
    EXPECT_FALSE(decode_extra_data(extra(10, 4, 1, 127)));
    EXPECT_FALSE(decode_extra_data(extra(10, 4, 2, 128)));
    EXPECT_FALSE(decode_extra_data(extra(3, 4, 0, 128)));              // more blocks than there are
    EXPECT_FALSE(decode_extra_data(extra(9000, 4097, 0, 32 * 4097)));  // more than a blob holds
    Bytes large = extra(10, 4, 0, 128);
    large[0] = 1;  // a block number beyond 64 bits
    EXPECT_FALSE(decode_extra_data(large));
}

Log event(std::string_view signature, std::vector<Bytes32> topics, Bytes data) {
    Log out;
    topics.insert(topics.begin(), abi::topic(signature));
    out.topics = std::move(topics);
    out.data = std::move(data);
    return out;
}

TEST(DisputeBook, tells_what_the_events_say) {
    DisputeBook book;
    Bytes32 id, place, a, b;
    id[0] = 1;
    place[0] = 2;
    a[0] = 3;
    b[0] = 4;
    const Address game = to_address(uint256{77});
    book.take(event("DisputeOpened(bytes32,bytes32,uint64,bytes32)", {id},
                    abi::Words().word(a).word(std::uint64_t{5}).word(b).finish()));
    book.take(event("ProposalLinked(bytes32,address,uint256,bytes32)",
                    {id, to_bytes32(to_uint256(game))},
                    abi::Words().word(std::uint64_t{2}).word(b).finish()));
    ASSERT_EQ(book.disputes().size(), 1u);
    const auto& dispute = book.disputes().at(id);
    EXPECT_EQ(dispute.pre_claim, a);
    EXPECT_EQ(dispute.inbox_count, 5u);
    ASSERT_EQ(dispute.links.size(), 1u);
    EXPECT_EQ(dispute.links[0].game, game);
    EXPECT_FALSE(dispute.links[0].settled);

    const auto edge = [&](const Bytes32& node) {
        book.take(
            event("EdgeAdded(bytes32,bytes32,uint8,uint8)", {place},
                  abi::Words().word(node).word(std::uint64_t{1}).word(std::uint64_t{0}).finish()));
    };
    edge(a);
    EXPECT_TRUE(book.has_edge(place, a));
    EXPECT_FALSE(book.has_rival(place));
    edge(b);
    EXPECT_TRUE(book.has_rival(place));
    book.take(
        event("EdgeOpened(bytes32,bytes32,bytes32[])", {place},
              abi::Words().word(b).word_array(std::vector<Bytes32>{a, b, id, place}).finish()));
    ASSERT_EQ(book.place(place).opened.size(), 1u);
    EXPECT_EQ(book.place(place).opened[0].children, (std::vector<Bytes32>{a, b, id, place}));
    book.take(event("RootConfirmed(bytes32,bytes32,bytes32)", {place},
                    abi::Words().word(b).word(id).finish()));
    EXPECT_EQ(book.place(place).confirmed, b);
    book.take(event("ProposalSettled(bytes32,address,uint256,bool)",
                    {id, to_bytes32(to_uint256(game))},
                    abi::Words().word(std::uint64_t{2}).word(std::uint64_t{1}).finish()));
    EXPECT_TRUE(book.disputes().at(id).links[0].settled);
}

}  // namespace
}  // namespace mezz::node
