// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/vm/evm/precompiles.hpp"

#include <algorithm>

#include "core/base/assert.hpp"
#include "core/base/endian.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/blake2f.hpp"
#include "core/crypto/provider.hpp"
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
    const auto signer = crypto::recover_address(
        Bytes32::from(ByteView(in).first(32)), load_be256(in.data() + 64),
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

/// spec: EIP-152.
std::uint64_t blake2f_gas(ByteView input, Revision) {
    return input.size() == crypto::BLAKE2F_INPUT_SIZE ? load_be32(input.data()) : UNPAYABLE;
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
    {0x09, Revision::istanbul, blake2f_gas, blake2f},
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
        if (price > static_cast<std::uint64_t>(gas)) return {};
        if (!p.run(input, output)) {
            output.clear();
            return {};
        }
        return {true, gas - static_cast<std::int64_t>(price)};
    }
    ASSERT(false);
}

}  // namespace mezz::evm
