// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/vm/evm/precompiles.hpp"

#include <algorithm>

#include "core/base/assert.hpp"
#include "core/base/endian.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/blake2f.hpp"
#include "core/crypto/bls12_381.hpp"
#include "core/crypto/bn254.hpp"
#include "core/crypto/kzg.hpp"
#include "core/crypto/modexp.hpp"
#include "core/crypto/p256.hpp"
#include "core/crypto/ripemd160.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::evm {
namespace {

constexpr std::uint64_t UNPAYABLE = ~std::uint64_t{0};

std::uint64_t words(std::size_t bytes) {
    return (bytes + 31) / 32;
}

/// The first N bytes of `input`, as if zeros followed it.
template <std::size_t N>
FixedBytes<N> padded(ByteView input) {
    FixedBytes<N> out;
    const std::size_t have = std::min(input.size(), N);
    if (have != 0) std::memcpy(out.data(), input.data(), have);
    return out;
}

// Each precompile is a price and an action; the action returns false to fail (and take all gas).

std::uint64_t ecrecover_gas(ByteView, Revision) {
    return 3000;
}
bool ecrecover(ByteView input, Bytes& out) {
    const auto in = padded<128>(input);
    const uint256 v = load_be256(in.data() + 32);
    if (v != uint256{27} && v != uint256{28}) return true;
    const auto signer =
        crypto::recover_address(Bytes32::from(ByteView(in).first(32)), load_be256(in.data() + 64),
                                load_be256(in.data() + 96), v == uint256{28});
    if (!signer) return true;
    out.assign(12, 0);
    append(out, *signer);
    return true;
}

std::uint64_t sha256_gas(ByteView input, Revision) {
    return 60 + 12 * words(input.size());
}
bool sha256(ByteView input, Bytes& out) {
    out = to_bytes(crypto::sha256(input));
    return true;
}

std::uint64_t ripemd160_gas(ByteView input, Revision) {
    return 600 + 120 * words(input.size());
}
bool ripemd160(ByteView input, Bytes& out) {
    out.assign(12, 0);
    append(out, crypto::ripemd160(input));
    return true;
}

std::uint64_t identity_gas(ByteView input, Revision) {
    return 15 + 3 * words(input.size());
}
bool identity(ByteView input, Bytes& out) {
    out.assign(input.begin(), input.end());
    return true;
}

// --- modular exponentiation -------------------------------------------------------------------

struct ModexpSizes {
    uint256 base, exponent, modulus;
};
ModexpSizes modexp_sizes(ByteView input) {
    const auto head = padded<96>(input);
    return {load_be256(head.data()), load_be256(head.data() + 32), load_be256(head.data() + 64)};
}

/// The part of `input` in [start, start + size), with zeros past its end. requires: a price that
/// bounds `size` was charged.
Bytes piece(ByteView input, std::uint64_t start, std::uint64_t size) {
    Bytes out(size, 0);
    if (start < input.size()) {
        const std::size_t have = std::min<std::size_t>(size, input.size() - start);
        std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(start), have, out.begin());
    }
    return out;
}

/// The first 32 bytes of the exponent as a number (all of it where it is shorter).
uint256 exponent_head(ByteView input, const ModexpSizes& sizes) {
    const std::uint64_t size = sizes.exponent < uint256{32} ? sizes.exponent.limb[0] : 32;
    if (!sizes.base.fits_u64() || sizes.base.limb[0] > input.size()) return {};
    return from_be(piece(input, 96 + sizes.base.limb[0], size));
}

/// Bits of the exponent that cost, with `per_byte` for each byte after the first 32.
uint256 iterations(const uint256& head, const uint256& exponent_size, std::uint64_t per_byte) {
    const unsigned bits = 256 - count_leading_zeros(head);
    const uint256 top = bits == 0 ? 0u : bits - 1;
    if (exponent_size <= uint256{32}) return top;
    return uint256{per_byte} * (exponent_size - uint256{32}) + top;
}

/// spec: EIP-198, "mult_complexity".
uint256 complexity_eip198(const uint256& x) {
    const uint256 square = x * x;
    if (x <= uint256{64}) return square;
    if (x <= uint256{1024}) return square / uint256{4} + uint256{96} * x - uint256{3072};
    return square / uint256{16} + uint256{480} * x - uint256{199680};
}

/// spec: EIP-198 (Byzantium), EIP-2565 (Berlin), EIP-7823 and EIP-7883 (Osaka).
std::uint64_t modexp_gas(ByteView input, Revision rev) {
    const ModexpSizes sizes = modexp_sizes(input);
    if (rev >= Revision::osaka) {
        const uint256 limit = 1024;
        if (sizes.base > limit || sizes.exponent > limit || sizes.modulus > limit) return UNPAYABLE;
    }
    const uint256& longest = std::max(sizes.base, sizes.modulus);
    if (longest.is_zero() && rev < Revision::berlin) return 0;
    // Sizes of 2^32 and more cost more gas than exists unless the other factor is zero.
    const uint256 huge = std::uint64_t{1} << 32;
    if (longest >= huge) return UNPAYABLE;
    if (sizes.exponent >= huge && !longest.is_zero()) return UNPAYABLE;

    const uint256 head = exponent_head(input, sizes);
    const uint256 one = 1;
    uint256 gas;
    if (rev >= Revision::osaka) {
        const uint256 words = (longest + uint256{7}) >> 3;
        const uint256 complexity =
            longest <= uint256{32} ? uint256{16} : uint256{2} * words * words;
        gas = complexity * std::max(iterations(head, sizes.exponent, 16), one);
        gas = std::max(gas, uint256{500});
    } else if (rev >= Revision::berlin) {
        const uint256 words = (longest + uint256{7}) >> 3;
        gas = words * words * std::max(iterations(head, sizes.exponent, 8), one) / uint256{3};
        gas = std::max(gas, uint256{200});
    } else {
        gas = complexity_eip198(longest) * std::max(iterations(head, sizes.exponent, 8), one) /
              uint256{20};
    }
    return gas.fits_u64() ? gas.limb[0] : UNPAYABLE;
}
bool modexp(ByteView input, Bytes& out) {
    const ModexpSizes sizes = modexp_sizes(input);
    const std::uint64_t base_size = sizes.base.limb[0], modulus_size = sizes.modulus.limb[0];
    if (modulus_size == 0) return true;
    const std::uint64_t exponent_size = sizes.exponent.limb[0];
    out = crypto::modexp(piece(input, 96, base_size), piece(input, 96 + base_size, exponent_size),
                         piece(input, 96 + base_size + exponent_size, modulus_size));
    return true;
}

// --- alt_bn128 --------------------------------------------------------------------------------

/// spec: EIP-196, EIP-197, EIP-1108.
std::uint64_t bn254_add_gas(ByteView, Revision rev) {
    return rev >= Revision::istanbul ? 150 : 500;
}
std::uint64_t bn254_mul_gas(ByteView, Revision rev) {
    return rev >= Revision::istanbul ? 6000 : 40000;
}
std::uint64_t bn254_pairing_gas(ByteView input, Revision rev) {
    const std::uint64_t pairs = input.size() / 192;
    return rev >= Revision::istanbul ? 45000 + 34000 * pairs : 100000 + 80000 * pairs;
}
bool bn254_add(ByteView input, Bytes& out) {
    const auto sum = crypto::bn254_add(input);
    if (!sum) return false;
    out = to_bytes(*sum);
    return true;
}
bool bn254_mul(ByteView input, Bytes& out) {
    const auto product = crypto::bn254_mul(input);
    if (!product) return false;
    out = to_bytes(*product);
    return true;
}
bool bn254_pairing(ByteView input, Bytes& out) {
    const auto verdict = crypto::bn254_pairing_check(input);
    if (!verdict) return false;
    out.assign(32, 0);
    out[31] = *verdict ? 1 : 0;
    return true;
}

// --- KZG --------------------------------------------------------------------------------------

/// spec: EIP-4844, "Point evaluation precompile".
std::uint64_t point_evaluation_gas(ByteView, Revision) {
    return 50000;
}
bool point_evaluation(ByteView input, Bytes& out) {
    const auto result = crypto::point_evaluation(input);
    if (!result) return false;
    out = to_bytes(*result);
    return true;
}

// --- BLS12-381 --------------------------------------------------------------------------------

/// Discount of a multi-scalar multiplication of k pairs, in thousandths; entry k - 1.
/// spec: EIP-2537, "Discount tables for G1 and G2 MSMs".
constexpr std::uint16_t G1_DISCOUNT[128] = {
    1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665,
    661,  658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615,
    613,  611, 609, 608, 606, 604, 603, 601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585,
    584,  582, 581, 580, 579, 577, 576, 575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563,
    562,  561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545,
    544,  543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531, 530, 529,
    528,  528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519};
constexpr std::uint16_t G2_DISCOUNT[128] = {
    1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699,
    693,  688,  683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629,
    627,  624,  622, 620, 618, 615, 613, 611, 609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592,
    590,  589,  587, 586, 584, 583, 582, 580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567,
    566,  565,  563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548,
    547,  546,  545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535, 534, 533,
    532,  532,  531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524};

std::uint64_t msm_gas(std::uint64_t pairs, std::uint64_t each, const std::uint16_t* discount) {
    if (pairs == 0) return 0;
    return pairs * each * discount[std::min<std::uint64_t>(pairs, 128) - 1] / 1000;
}
/// spec: EIP-2537, "Gas schedule".
std::uint64_t bls12_g1_add_gas(ByteView, Revision) {
    return 375;
}
std::uint64_t bls12_g1_msm_gas(ByteView input, Revision) {
    return msm_gas(input.size() / 160, 12000, G1_DISCOUNT);
}
std::uint64_t bls12_g2_add_gas(ByteView, Revision) {
    return 600;
}
std::uint64_t bls12_g2_msm_gas(ByteView input, Revision) {
    return msm_gas(input.size() / 288, 22500, G2_DISCOUNT);
}
std::uint64_t bls12_pairing_gas(ByteView input, Revision) {
    return 37700 + 32600 * (input.size() / 384);
}
std::uint64_t bls12_map_fp_gas(ByteView, Revision) {
    return 5500;
}
std::uint64_t bls12_map_fp2_gas(ByteView, Revision) {
    return 23800;
}

template <class Result>
bool take(const Result& result, Bytes& out) {
    if (!result) return false;
    out = to_bytes(*result);
    return true;
}
bool bls12_g1_add(ByteView input, Bytes& out) {
    return take(crypto::bls12_g1_add(input), out);
}
bool bls12_g1_msm(ByteView input, Bytes& out) {
    return take(crypto::bls12_g1_msm(input), out);
}
bool bls12_g2_add(ByteView input, Bytes& out) {
    return take(crypto::bls12_g2_add(input), out);
}
bool bls12_g2_msm(ByteView input, Bytes& out) {
    return take(crypto::bls12_g2_msm(input), out);
}
bool bls12_pairing(ByteView input, Bytes& out) {
    const auto verdict = crypto::bls12_pairing_check(input);
    if (!verdict) return false;
    out.assign(32, 0);
    out[31] = *verdict ? 1 : 0;
    return true;
}
bool bls12_map_fp(ByteView input, Bytes& out) {
    return take(crypto::bls12_map_fp_to_g1(input), out);
}
bool bls12_map_fp2(ByteView input, Bytes& out) {
    return take(crypto::bls12_map_fp2_to_g2(input), out);
}

// --- P-256 ------------------------------------------------------------------------------------

/// spec: EIP-7951.
std::uint64_t p256_verify_gas(ByteView, Revision) {
    return 6900;
}
bool p256_verify(ByteView input, Bytes& out) {
    if (!crypto::p256_verify(input)) return true;
    out.assign(32, 0);
    out[31] = 1;
    return true;
}

/// Input of another size costs nothing and fails. spec: EIP-152.
std::uint64_t blake2f_gas(ByteView input, Revision) {
    return input.size() == crypto::BLAKE2F_INPUT_SIZE ? load_be32(input.data()) : 0;
}
bool blake2f(ByteView input, Bytes& out) {
    const auto result = crypto::blake2f(input);
    if (!result) return false;
    out = to_bytes(*result);
    return true;
}

struct Precompile {
    unsigned number;
    Revision since;
    std::uint64_t (*gas)(ByteView input, Revision rev);
    bool (*run)(ByteView input, Bytes& out);
};

constexpr Precompile TABLE[] = {
    {0x01, Revision::frontier, ecrecover_gas, ecrecover},
    {0x02, Revision::frontier, sha256_gas, sha256},
    {0x03, Revision::frontier, ripemd160_gas, ripemd160},
    {0x04, Revision::frontier, identity_gas, identity},
    {0x05, Revision::byzantium, modexp_gas, modexp},
    {0x06, Revision::byzantium, bn254_add_gas, bn254_add},
    {0x07, Revision::byzantium, bn254_mul_gas, bn254_mul},
    {0x08, Revision::byzantium, bn254_pairing_gas, bn254_pairing},
    {0x09, Revision::istanbul, blake2f_gas, blake2f},
    {0x0a, Revision::cancun, point_evaluation_gas, point_evaluation},
    {0x0b, Revision::prague, bls12_g1_add_gas, bls12_g1_add},
    {0x0c, Revision::prague, bls12_g1_msm_gas, bls12_g1_msm},
    {0x0d, Revision::prague, bls12_g2_add_gas, bls12_g2_add},
    {0x0e, Revision::prague, bls12_g2_msm_gas, bls12_g2_msm},
    {0x0f, Revision::prague, bls12_pairing_gas, bls12_pairing},
    {0x10, Revision::prague, bls12_map_fp_gas, bls12_map_fp},
    {0x11, Revision::prague, bls12_map_fp2_gas, bls12_map_fp2},
    {0x100, Revision::osaka, p256_verify_gas, p256_verify},
};

}  // namespace

unsigned precompile_number(const Address& address, Revision rev) noexcept {
    for (std::size_t i = 0; i < 18; ++i)
        if (address[i] != 0) return 0;
    const unsigned number = address[18] * 256u + address[19];
    for (const Precompile& p : TABLE)
        if (p.number == number && rev >= p.since) return number;
    return 0;
}

PrecompileResult run_precompile(unsigned number, Revision rev, ByteView input, std::int64_t gas,
                                Bytes& output) {
    output.clear();
    for (const Precompile& p : TABLE) {
        if (p.number != number) continue;
        const std::uint64_t price = p.gas(input, rev);
        if (price > static_cast<std::uint64_t>(gas)) return {false, 0, true};
        if (!p.run(input, output)) {
            output.clear();
            return {};
        }
        return {true, gas - static_cast<std::int64_t>(price), false};
    }
    ASSERT(false);
}

}  // namespace mezz::evm
