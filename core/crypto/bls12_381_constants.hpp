// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Constants of BLS12-381: moduli, tower, twist, generators, endomorphisms. Internal to
/// core/crypto. spec: EIP-2537; derived from x = -0xd201000000010000 and xi = 1 + i.

#include "core/crypto/prime_field.hpp"
#include "core/crypto/tower.hpp"

namespace mezz::crypto::bls12_381 {

struct BaseModulus {
    static constexpr std::array<std::uint64_t, 6> LIMBS{0xb9feffffffffaaab, 0x1eabfffeb153ffff,
                                                        0x6730d2a0f6b0f624, 0x64774b84f38512bf,
                                                        0x4b1ba7b6434bacd7, 0x1a0111ea397fe69a};
};
struct OrderModulus {
    static constexpr std::array<std::uint64_t, 4> LIMBS{0xffffffff00000001, 0x53bda402fffe5bfe,
                                                        0x3339d80809a1d805, 0x73eda753299d7d48};
};
using Fp = PrimeField<BaseModulus>;
using Fr = PrimeField<OrderModulus>;
using Fp2 = QuadraticField<Fp>;

/// -x, the size of the (negative) curve parameter.
inline constexpr std::uint64_t MINUS_X = 0xd201000000010000;

struct Tower {
    using Fp = bls12_381::Fp;
    /// a (1 + i).
    static constexpr Fp2 times_xi(const Fp2& a) noexcept { return {a.a0 - a.a1, a.a0 + a.a1}; }
    /// xi^(k (p - 1) / 6).
    static constexpr Fp2 GAMMA[6] = {
        {Fp::from_hex("0x00000000000000000000000000000000000000000000000000000000000000000000000000"
                      "0000000000000000000001"),
         Fp::from_hex("0x00000000000000000000000000000000000000000000000000000000000000000000000000"
                      "0000000000000000000000")},
        {Fp::from_hex("0x1904d3bf02bb0667c231beb4202c0d1f0fd603fd3cbd5f4f7b2443d784bab9c4f67ea53d63"
                      "e7813d8d0775ed92235fb8"),
         Fp::from_hex("0x00fc3e2b36c4e03288e9e902231f9fb854a14787b6c7b36fec0c8ec971f63c5f282d5ac14d"
                      "6c7ec22cf78a126ddc4af3")},
        {Fp::from_hex("0x00000000000000000000000000000000000000000000000000000000000000000000000000"
                      "0000000000000000000000"),
         Fp::from_hex("0x1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f"
                      "49fffd8bfd00000000aaac")},
        {Fp::from_hex("0x06af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72"
                      "ec05f4c81084fbede3cc09"),
         Fp::from_hex("0x06af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72"
                      "ec05f4c81084fbede3cc09")},
        {Fp::from_hex("0x1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f"
                      "49fffd8bfd00000000aaad"),
         Fp::from_hex("0x00000000000000000000000000000000000000000000000000000000000000000000000000"
                      "0000000000000000000000")},
        {Fp::from_hex("0x05b2cfd9013a5fd8df47fa6b48b1e045f39816240c0b8fee8beadf4d8e9c0566c63a3e6e25"
                      "7f87329b18fae980078116"),
         Fp::from_hex("0x144e4211384586c16bd3ad4afa99cc9170df3560e77982d0db45f3536814f0bd5871c1908b"
                      "d478cd1ee605167ff82995")}};
};

/// (BETA x, y) = [-x^2] (x, y) in G1.
inline constexpr Fp BETA = Fp::from_hex(
    "0x00000000000000005f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffe"
    "fffe");
/// psi(x, y) = (PSI_X conj(x), PSI_Y conj(y)) = [x] (x, y) in G2.
inline constexpr Fp2 PSI_X{Fp::from_hex("0x00000000000000000000000000000000000000000000000000000000"
                                        "0000000000000000000000000000000000000000"),
                           Fp::from_hex("0x1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d2965"
                                        "0fb85f9b409427eb4f49fffd8bfd00000000aaad")};
inline constexpr Fp2 PSI_Y{Fp::from_hex("0x135203e60180a68ee2e9c448d77a2cd91c3dedd930b1cf60ef396489"
                                        "f61eb45e304466cf3e67fa0af1ee7b04121bdea2"),
                           Fp::from_hex("0x06af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17"
                                        "009241c5ee67992f72ec05f4c81084fbede3cc09")};

inline constexpr Fp G1_X = Fp::from_hex(
    "0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22"
    "c6bb");
inline constexpr Fp G1_Y = Fp::from_hex(
    "0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5"
    "e7e1");
inline constexpr Fp2 G2_X{Fp::from_hex("0x024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647"
                                       "ae3d1770bac0326a805bbefd48056c8c121bdb8"),
                          Fp::from_hex("0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbd"
                                       "c7f5049334cf11213945d57e5ac7d055d042b7e")};
inline constexpr Fp2 G2_Y{Fp::from_hex("0x0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695"
                                       "160d12c923ac9cc3baca289e193548608b82801"),
                          Fp::from_hex("0x0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab5"
                                       "72e99ab3f370d275cec1da1aaa9075ff05f79be")};

}  // namespace mezz::crypto::bls12_381
