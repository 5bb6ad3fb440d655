// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/codec/rlp.hpp"

#include <gtest/gtest.h>

#include "core/codec/hex.hpp"

namespace mezz::rlp {
namespace {

Bytes bytes(std::string_view hex_text) {
    return *from_hex(hex_text);
}

TEST(rlp, known_encodings) {
    Bytes out;
    append(out, std::uint64_t{0});
    append(out, std::uint64_t{15});
    append(out, std::uint64_t{1024});
    append(out, Bytes{'d', 'o', 'g'});
    EXPECT_EQ(out, bytes("0x800f82040083646f67"));
    Bytes nested;
    {
        const List outer(nested);
        {
            const List empty(nested);
        }
        const List one(nested);
        const List inner(nested);
    }
    EXPECT_EQ(nested, bytes("0xc3c0c1c0"));
}

TEST(rlp, long_string_has_a_long_header) {
    Bytes out;
    append(out, Bytes(56, 'a'));
    EXPECT_EQ(out[0], 0xb8);
    EXPECT_EQ(out[1], 56);
    Reader in(out);
    EXPECT_EQ(in.string().size(), 56U);
    EXPECT_EQ(in.finish(), Error::none);
}

Error number_error(std::string_view hex_text) {
    const Bytes input = bytes(hex_text);
    Reader in(input);
    in.u64();
    return in.finish();
}

TEST(rlp, every_reason_for_refusal) {
    EXPECT_EQ(number_error("0x"), Error::input_too_short);
    EXPECT_EQ(number_error("0x82ff"), Error::input_too_short);
    EXPECT_EQ(number_error("0x8101"), Error::non_canonical_size);
    EXPECT_EQ(number_error("0xb801ff"), Error::non_canonical_size);
    EXPECT_EQ(number_error("0xb90001ff"), Error::non_canonical_size);
    EXPECT_EQ(number_error("0x00"), Error::leading_zero);
    EXPECT_EQ(number_error("0x820001"), Error::leading_zero);
    EXPECT_EQ(number_error("0x89010000000000000000"), Error::integer_overflow);
    EXPECT_EQ(number_error("0xc0"), Error::expected_string);
    EXPECT_EQ(number_error("0x0101"), Error::trailing_bytes);
    const Bytes short_address = bytes("0x8201ff");
    Reader fixed(short_address);
    fixed.fixed<20>();
    EXPECT_EQ(fixed.finish(), Error::wrong_length);
    const Bytes string = bytes("0x80");
    Reader list(string);
    list.list();
    EXPECT_EQ(list.finish(), Error::expected_list);
}

TEST(rlp, size_that_overflows_is_too_short) {
    EXPECT_EQ(number_error("0xbfffffffffffffffff"), Error::input_too_short);
}

TEST(rlp, largest_numbers_round_trip) {
    Bytes out;
    append(out, ~std::uint64_t{0});
    append(out, ~uint256{});
    Reader in(out);
    EXPECT_EQ(in.u64(), ~std::uint64_t{0});
    EXPECT_TRUE(in.u256() == ~uint256{});
    EXPECT_EQ(in.finish(), Error::none);
}

}  // namespace
}  // namespace mezz::rlp
