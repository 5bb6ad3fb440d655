// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/blob_opening.hpp"

#include "node/host/crypto/kzg_native.hpp"

namespace mezz::host {
namespace {

constexpr uint256 bls_modulus{0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805,
                              0x73eda753299d7d48};
/// 7^((r - 1) / 4096), as in Kzg.sol.
constexpr uint256 root_of_unity{0xe206da11a5d36306, 0x0ad1347b378fbf96, 0xfc3e8acfe0f8245f,
                                0x564c0a11a0f704f4};
constexpr std::uint64_t elements = 4096;

}  // namespace

uint256 blob_element_point(std::uint64_t index) {
    uint256 z = 1, power = root_of_unity;
    for (std::uint64_t bit = elements / 2; bit != 0; bit /= 2) {
        if (index & bit) z = mul_mod(z, power, bls_modulus);
        power = mul_mod(power, power, bls_modulus);
    }
    return z;
}

std::optional<Bytes> open_blob_element(ByteView blob, std::uint64_t index) {
    const auto commitment = blob_to_kzg_commitment(blob);
    const auto opening = compute_kzg_proof(blob, to_bytes32(blob_element_point(index)));
    if (!commitment || !opening) return std::nullopt;
    Bytes out = to_bytes(opening->y);
    append(out, *commitment);
    append(out, opening->proof);
    return out;
}

}  // namespace mezz::host
