// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Every operation on encoded bytes must give a value or a reason. The first byte chooses which;
// laws that hold for any accepted input are asserted.
#include "core/base/assert.hpp"
#include "core/crypto/blake2f.hpp"
#include "core/crypto/bls12_381.hpp"
#include "core/crypto/bn254.hpp"
#include "core/crypto/kzg.hpp"
#include "core/crypto/modexp.hpp"
#include "core/crypto/p256.hpp"
#include "core/crypto/secp256k1.hpp"

using namespace mezz;
using namespace mezz::crypto;

namespace {

/// p + q = q + p, errors included but for which point is blamed.
template <class Add>
void check_addition(Add add, ByteView input, std::size_t point_size) {
    const auto sum = add(input);
    if (input.size() != 2 * point_size) return;
    Bytes swapped = to_bytes(input.subspan(point_size));
    append(swapped, input.first(point_size));
    const auto other = add(swapped);
    ASSERT(sum.has_value() == other.has_value());
    if (sum) ASSERT(*sum == *other);
}

void check_modexp(ByteView input) {
    if (input.size() < 2) return;
    const ByteView rest = input.subspan(2);
    const std::size_t base = std::min<std::size_t>(input[0] % 64, rest.size());
    const std::size_t exponent = std::min<std::size_t>(input[1] % 16, rest.size() - base);
    const ByteView modulus = rest.subspan(base + exponent);
    if (modulus.size() > 128) return;
    const Bytes out = modexp(rest.first(base), rest.subspan(base, exponent), modulus);
    ASSERT(out.size() == modulus.size());
    if (!out.empty()) ASSERT(std::memcmp(out.data(), modulus.data(), out.size()) <= 0);
}

void check_blake2f(ByteView input) {
    Bytes in = to_bytes(input);
    if (in.size() >= 2) in[0] = in[1] = 0;  // at most 2^16 rounds
    (void)blake2f(in);
}

void check_recovery(ByteView input) {
    if (input.size() != 97) return;
    const Bytes32 hash = Bytes32::from(input);
    const uint256 r = load_be256(&input[32]), s = load_be256(&input[64]);
    const bool odd = (input[96] & 1) != 0;
    const auto signer = recover_address(hash, r, s, odd);
    if (signer) ASSERT(recover_address(hash, r, SECP256K1_ORDER - s, !odd) == signer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView input(data + 1, size - 1);
    switch (data[0] % 13) {
        case 0:
            check_recovery(input);
            break;
        case 1:
            check_modexp(input);
            break;
        case 2:
            check_addition(bn254_add, input, 64);
            break;
        case 3:
            (void)bn254_mul(input);
            break;
        case 4:
            (void)bn254_pairing_check(input);
            break;
        case 5:
            check_blake2f(input);
            break;
        case 6:
            check_addition(bls12_g1_add, input, 128);
            break;
        case 7:
            check_addition(bls12_g2_add, input, 256);
            break;
        case 8:
            (void)bls12_g1_msm(input);
            break;
        case 9:
            (void)bls12_g2_msm(input);
            break;
        case 10:
            (void)bls12_pairing_check(input);
            break;
        case 11:
            (void)bls12_map_fp_to_g1(input);
            (void)bls12_map_fp2_to_g2(input);
            break;
        default:
            (void)point_evaluation(input);
            (void)p256_verify(input);
    }
    return 0;
}
