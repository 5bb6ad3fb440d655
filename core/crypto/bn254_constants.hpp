// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Constants of alt_bn128: moduli, tower and twist. Internal to core/crypto.
/// spec: EIP-196, EIP-197; derived from x = 4965661367192848881 and xi = 9 + i.

#include "core/crypto/prime_field.hpp"
#include "core/crypto/tower.hpp"

namespace mezz::crypto::bn254 {

struct BaseModulus {
    static constexpr std::array<std::uint64_t, 4> LIMBS{0x3c208c16d87cfd47, 0x97816a916871ca8d,
                                                        0xb85045b68181585d, 0x30644e72e131a029};
};
struct OrderModulus {
    static constexpr std::array<std::uint64_t, 4> LIMBS{0x43e1f593f0000001, 0x2833e84879b97091,
                                                        0xb85045b68181585d, 0x30644e72e131a029};
};
using Fp = PrimeField<BaseModulus>;
using Fp2 = QuadraticField<Fp>;

/// The curve parameter x.
inline constexpr std::uint64_t X = 4965661367192848881;
/// Bits of 6 x + 2 below its leading one (2^64).
inline constexpr std::uint64_t LOOP_COUNT = 0x9d797039be763ba8;

struct Tower {
    using Fp = bn254::Fp;
    /// a (9 + i).
    static constexpr Fp2 times_xi(const Fp2& a) noexcept {
        const Fp2 a8 = a.twice().twice().twice();
        return {a8.a0 + a.a0 - a.a1, a8.a1 + a.a1 + a.a0};
    }
    /// xi^(k (p - 1) / 6).
    static constexpr Fp2 GAMMA[6] = {
        {Fp::from_hex("0x0000000000000000000000000000000000000000000000000000000000000001"),
         Fp::from_hex("0x0000000000000000000000000000000000000000000000000000000000000000")},
        {Fp::from_hex("0x1284b71c2865a7dfe8b99fdd76e68b605c521e08292f2176d60b35dadcc9e470"),
         Fp::from_hex("0x246996f3b4fae7e6a6327cfe12150b8e747992778eeec7e5ca5cf05f80f362ac")},
        {Fp::from_hex("0x2fb347984f7911f74c0bec3cf559b143b78cc310c2c3330c99e39557176f553d"),
         Fp::from_hex("0x16c9e55061ebae204ba4cc8bd75a079432ae2a1d0b7c9dce1665d51c640fcba2")},
        {Fp::from_hex("0x063cf305489af5dcdc5ec698b6e2f9b9dbaae0eda9c95998dc54014671a0135a"),
         Fp::from_hex("0x07c03cbcac41049a0704b5a7ec796f2b21807dc98fa25bd282d37f632623b0e3")},
        {Fp::from_hex("0x05b54f5e64eea80180f3c0b75a181e84d33365f7be94ec72848a1f55921ea762"),
         Fp::from_hex("0x2c145edbe7fd8aee9f3a80b03b0b1c923685d2ea1bdec763c13b4711cd2b8126")},
        {Fp::from_hex("0x0183c1e74f798649e93a3661a4353ff4425c459b55aa1bd32ea2c810eab7692f"),
         Fp::from_hex("0x12acf2ca76fd0675a27fb246c7729f7db080cb99678e2ac024c6b8ee6e0c2c4b")}};
};
/// b of the twist y^2 = x^3 + 3 / xi.
inline constexpr Fp2 TWIST_B{
    Fp::from_hex("0x2b149d40ceb8aaae81be18991be06ac3b5b4c5e559dbefa33267e6dc24a138e5"),
    Fp::from_hex("0x009713b03af0fed4cd2cafadeed8fdf4a74fa084e52d1852e4a2bd0685c315d2")};

}  // namespace mezz::crypto::bn254
