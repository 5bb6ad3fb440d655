// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/secp256k1_group.hpp"

#include <algorithm>

namespace mezz::crypto::secp256k1 {
namespace {

// G, 3 G, 5 G, ... 31 G.
constexpr Affine ODD_GENERATOR[16] = {
    {Fp::from_hex("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
     Fp::from_hex("0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")},
    {Fp::from_hex("0xf9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"),
     Fp::from_hex("0x388f7b0f632de8140fe337e62a37f3566500a99934c2231b6cb9fd7584b8e672")},
    {Fp::from_hex("0x2f8bde4d1a07209355b4a7250a5c5128e88b84bddc619ab7cba8d569b240efe4"),
     Fp::from_hex("0xd8ac222636e5e3d6d4dba9dda6c9c426f788271bab0d6840dca87d3aa6ac62d6")},
    {Fp::from_hex("0x5cbdf0646e5db4eaa398f365f2ea7a0e3d419b7e0330e39ce92bddedcac4f9bc"),
     Fp::from_hex("0x6aebca40ba255960a3178d6d861a54dba813d0b813fde7b5a5082628087264da")},
    {Fp::from_hex("0xacd484e2f0c7f65309ad178a9f559abde09796974c57e714c35f110dfc27ccbe"),
     Fp::from_hex("0xcc338921b0a7d9fd64380971763b61e9add888a4375f8e0f05cc262ac64f9c37")},
    {Fp::from_hex("0x774ae7f858a9411e5ef4246b70c65aac5649980be5c17891bbec17895da008cb"),
     Fp::from_hex("0xd984a032eb6b5e190243dd56d7b7b365372db1e2dff9d6a8301d74c9c953c61b")},
    {Fp::from_hex("0xf28773c2d975288bc7d1d205c3748651b075fbc6610e58cddeeddf8f19405aa8"),
     Fp::from_hex("0x0ab0902e8d880a89758212eb65cdaf473a1a06da521fa91f29b5cb52db03ed81")},
    {Fp::from_hex("0xd7924d4f7d43ea965a465ae3095ff41131e5946f3c85f79e44adbcf8e27e080e"),
     Fp::from_hex("0x581e2872a86c72a683842ec228cc6defea40af2bd896d3a5c504dc9ff6a26b58")},
    {Fp::from_hex("0xdefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34"),
     Fp::from_hex("0x4211ab0694635168e997b0ead2a93daeced1f4a04a95c0f6cfb199f69e56eb77")},
    {Fp::from_hex("0x2b4ea0a797a443d293ef5cff444f4979f06acfebd7e86d277475656138385b6c"),
     Fp::from_hex("0x85e89bc037945d93b343083b5a1c86131a01f60c50269763b570c854e5c09b7a")},
    {Fp::from_hex("0x352bbf4a4cdd12564f93fa332ce333301d9ad40271f8107181340aef25be59d5"),
     Fp::from_hex("0x321eb4075348f534d59c18259dda3e1f4a1b3b2e71b1039c67bd3d8bcf81998c")},
    {Fp::from_hex("0x2fa2104d6b38d11b0230010559879124e42ab8dfeff5ff29dc9cdadd4ecacc3f"),
     Fp::from_hex("0x02de1068295dd865b64569335bd5dd80181d70ecfc882648423ba76b532b7d67")},
    {Fp::from_hex("0x9248279b09b4d68dab21a9b066edda83263c3d84e09572e269ca0cd7f5453714"),
     Fp::from_hex("0x73016f7bf234aade5d1aa71bdea2b1ff3fc0de2a887912ffe54a32ce97cb3402")},
    {Fp::from_hex("0xdaed4f2be3a8bf278e70132fb0beb7522f570e144bf615c07e996d443dee8729"),
     Fp::from_hex("0xa69dce4a7d6c98e8d4a1aca87ef8d7003f83c230f3afa726ab40e52290be1c55")},
    {Fp::from_hex("0xc44d12c7065d812e8acf28d7cbb19f9011ecd9e9fdf281b0e6a3b5e87d22e7db"),
     Fp::from_hex("0x2119a460ce326cdc76c45926c982fdac0e106e861edf61c5a039063f0e0e6482")},
    {Fp::from_hex("0x6a245bf6dc698504c89a20cfded60853152b695336c28063b61c65cbd269e6b4"),
     Fp::from_hex("0xe022cf42c2bd4a708b3f5126f16a24ad8b33ba48d0423b6efd5e6348100d8a82")},
};

constexpr Scalar LAMBDA =
    Scalar::from_hex("0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72");
// Short basis of the lattice {(x, y): x + y LAMBDA = 0 mod n}: (A1, -B1), (A2, A1).
constexpr uint256 A1{0xe86c90e49284eb15, 0x3086d221a7d46bcd, 0, 0};
constexpr uint256 B1{0x6f547fa90abfe4c3, 0xe4437ed6010e8828, 0, 0};
// round(2^384 A1 / n), round(2^384 B1 / n).
constexpr uint256 G1{0xe893209a45dbb031, 0x3daa8a1471e8ca7f, 0xe86c90e49284eb15,
                     0x3086d221a7d46bcd};
constexpr uint256 G2{0x1571b4ae8ac47f71, 0x221208ac9df506c6, 0x6f547fa90abfe4c4,
                     0xe4437ed6010e8828};

/// round(a b / 2^384).
uint256 multiply_high(const uint256& a, const uint256& b) noexcept {
    std::uint64_t t[8]{};
    for (std::size_t i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const u128 v = static_cast<u128>(a.limb[i]) * b.limb[j] + t[i + j] + carry;
            t[i + j] = static_cast<std::uint64_t>(v);
            carry = static_cast<std::uint64_t>(v >> 64);
        }
        t[i + 4] = carry;
    }
    return uint256{t[6], t[7], 0, 0} + uint256{t[5] >> 63};
}

Half signed_half(const Scalar& s) noexcept {
    const uint256 v = to_uint256(s);
    const uint256 order{OrderModulus::LIMBS[0], OrderModulus::LIMBS[1], OrderModulus::LIMBS[2],
                        OrderModulus::LIMBS[3]};
    if ((v.limb[2] | v.limb[3]) == 0) return {v, false};
    return {order - v, true};
}
}  // namespace

Halves split(const Scalar& k) noexcept {
    const uint256 v = to_uint256(k);
    const Scalar c1 = scalar_from(multiply_high(v, G1)), c2 = scalar_from(multiply_high(v, G2));
    const Scalar high = c1 * scalar_from(B1) - c2 * scalar_from(A1);
    return {signed_half(k - high * LAMBDA), signed_half(high)};
}

namespace {

/// Projective coordinates (x = X / Z, y = Y / Z) for the complete addition law, which has no
/// exceptional cases and therefore no branches.
struct Complete {
    Fp x, y, z;
    void select(const Complete& other, bool flag) noexcept {
        x.select(other.x, flag);
        y.select(other.y, flag);
        z.select(other.z, flag);
    }
};
Fp times_21(const Fp& a) noexcept {  // 3 b, b = 7
    const Fp a4 = a.twice().twice();
    return a4.twice().twice() + a4 + a;
}
/// spec: Renes, Costello, Batina (2016), algorithm 7.
Complete add(const Complete& p, const Complete& q) noexcept {
    const Fp xx = p.x * q.x, yy = p.y * q.y, zz = times_21(p.z * q.z);
    const Fp xy = (p.x + p.y) * (q.x + q.y) - xx - yy;
    const Fp yz = (p.y + p.z) * (q.y + q.z) - yy - p.z * q.z;
    const Fp xz = times_21((p.x + p.z) * (q.x + q.z) - xx - p.z * q.z);
    const Fp xx3 = xx.twice() + xx;
    const Fp sum = yy + zz, difference = yy - zz;
    return {xy * difference - yz * xz, difference * sum + xz * xx3, yz * sum + xx3 * xy};
}

}  // namespace

Point multiply_two(const Scalar& a, const Scalar& b, const Affine& p) noexcept {
    const Halves ka = split(a), kb = split(b);
    const SignedDigits<6> ga(std::span(ka.low.size.limb, 3)), gb(std::span(ka.high.size.limb, 3));
    const SignedDigits<5> pa(std::span(kb.low.size.limb, 3)), pb(std::span(kb.high.size.limb, 3));
    Point odd[8];  // p, 3 p, ... 15 p
    odd[0] = Point(p);
    const Point step = odd[0].twice();
    for (int i = 1; i < 8; ++i) odd[i] = odd[i - 1] + step;

    Point r;
    const std::size_t top = std::max({ga.size(), gb.size(), pa.size(), pb.size()});
    for (std::size_t i = top; i-- > 0;) {
        r = r.twice();
        auto add_generator = [&](int digit, const Half& half, bool rotate) {
            if (digit == 0) return;
            const bool negative = (digit < 0) != half.negative;
            Affine q = ODD_GENERATOR[(digit < 0 ? -digit : digit) / 2];
            if (rotate) q.x *= BETA;
            r += negative ? q.negated() : q;
        };
        auto add_point = [&](int digit, const Half& half, bool rotate) {
            if (digit == 0) return;
            const bool negative = (digit < 0) != half.negative;
            Point q = odd[(digit < 0 ? -digit : digit) / 2];
            if (rotate) q.x *= BETA;
            r += negative ? q.negated() : q;
        };
        add_generator(ga[i], ka.low, false);
        add_generator(gb[i], ka.high, true);
        add_point(pa[i], kb.low, false);
        add_point(pb[i], kb.high, true);
    }
    return r;
}

Affine multiply_generator_secret(const uint256& k) noexcept {
    const Complete generator{ODD_GENERATOR[0].x, ODD_GENERATOR[0].y, Fp::one()};
    Complete r{Fp::zero(), Fp::one(), Fp::zero()};
    for (unsigned i = 256; i-- > 0;) {
        r = add(r, r);
        r.select(add(r, generator), k.bit(i));
    }
    if (r.z.is_zero()) return {};
    const Fp inverse = r.z.inverse();
    return {r.x * inverse, r.y * inverse};
}

}  // namespace mezz::crypto::secp256k1
