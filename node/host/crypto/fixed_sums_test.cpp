// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/fixed_sums.hpp"

#include <gtest/gtest.h>

#include <random>

namespace mezz::host {
namespace {

using namespace crypto::bls12_381;

std::vector<G1> some_points(std::mt19937_64& random, std::size_t count) {
    std::vector<G1> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(multiply_subgroup(G1Sum(G1_GENERATOR), {random(), random(), 0, 0}).affine());
    return out;
}

void expect_equal(std::span<const G1> points, std::span<const Scalar> scalars, std::size_t columns,
                  unsigned width) {
    const auto sums = FixedSums(points, columns, width).rows(scalars);
    ASSERT_EQ(sums.size(), points.size() / columns);
    for (std::size_t row = 0; row < sums.size(); ++row)
        EXPECT_EQ(sums[row], multiply_sum(points.subspan(row * columns, columns),
                                          scalars.subspan(row * columns, columns)))
            << "row " << row << " of width " << width;
}

TEST(fixed_sums, equal_plain_sums) {
    std::mt19937_64 random{5};
    const auto points = some_points(random, 24);
    std::vector<Scalar> scalars;
    for (std::size_t i = 0; i < points.size(); ++i)
        scalars.push_back({random(), random(), random(), random()});
    for (const std::size_t columns : {std::size_t{1}, std::size_t{6}, std::size_t{24}})
        for (const unsigned width : {2u, 5u, 8u, 13u, 14u})
            expect_equal(points, scalars, columns, width);
}

TEST(fixed_sums, at_the_edges) {
    std::mt19937_64 random{6};
    // Equal, opposite and neutral points meet in a bucket; scalars are small, near the order and
    // above it, and digits of all ones carry to the end.
    const G1 p = some_points(random, 1)[0];
    const std::uint64_t ones = ~std::uint64_t{0};
    std::vector<G1> points;
    std::vector<Scalar> scalars;
    for (const Scalar& k : {Scalar{}, Scalar{1}, Scalar{128}, Scalar{129}, Scalar{ones, ones},
                            Scalar{ones, ones, ones, ones}, OrderModulus::LIMBS,
                            Scalar{OrderModulus::LIMBS[0] - 1, OrderModulus::LIMBS[1],
                                   OrderModulus::LIMBS[2], OrderModulus::LIMBS[3]}})
        for (const G1& q : {p, p, p.negated(), G1{}, times_square(p)}) {
            points.push_back(q);
            scalars.push_back(k);
        }
    for (const std::size_t columns : {std::size_t{1}, std::size_t{5}, points.size()})
        expect_equal(points, scalars, columns, 8);
    // All neutral, and all cancelling.
    expect_equal(std::vector<G1>(3), std::vector<Scalar>(3, {7}), 3, 4);
    expect_equal(std::vector<G1>{p, p.negated()}, std::vector<Scalar>(2, {7}), 2, 4);
}

TEST(fixed_sums, times_square_is_the_square_of_the_parameter) {
    std::mt19937_64 random{7};
    const std::uint64_t x = 0xd201000000010000;
    for (const G1& p : some_points(random, 3))
        EXPECT_EQ(G1Sum(times_square(p)),
                  multiply_subgroup(multiply_subgroup(G1Sum(p), {x, 0, 0, 0}), {x, 0, 0, 0}));
    EXPECT_EQ(times_square(G1{}), G1{});
}

}  // namespace
}  // namespace mezz::host
