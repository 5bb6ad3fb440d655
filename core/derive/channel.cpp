// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/channel.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/endian.hpp"
#include "core/codec/zstd.hpp"

namespace mezz::derive {
namespace {

constexpr uint256 bls_modulus{0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805,
                              0x73eda753299d7d48};
/// A 2^32-th primitive root of unity is 7^((r-1)/2^32); the 4096 ones are powers of its 2^20-th.
constexpr std::uint64_t primitive_root = 7;

uint256 multiply(const uint256& a, const uint256& b) noexcept {
    return mul_mod(a, b, bls_modulus);
}
uint256 subtract(const uint256& a, const uint256& b) noexcept {
    return a >= b ? a - b : a + (bls_modulus - b);
}
uint256 raise(uint256 base, uint256 exponent) noexcept {
    uint256 r = 1;
    for (; !exponent.is_zero(); exponent = exponent >> 1) {
        if (exponent.limb[0] & 1) r = multiply(r, base);
        base = multiply(base, base);
    }
    return r;
}
uint256 invert(const uint256& v) noexcept {
    return raise(v, bls_modulus - 2);
}

constexpr unsigned log2_elements = 12;
static_assert(1u << log2_elements == blob_elements);

std::size_t reverse_bits(std::size_t v) noexcept {
    std::size_t r = 0;
    for (unsigned i = 0; i < log2_elements; ++i) r |= ((v >> i) & 1) << (log2_elements - 1 - i);
    return r;
}

}  // namespace

std::expected<Batch, BatchError> decode_data(ByteView data) {
    if (data.empty()) return std::unexpected(BatchError::empty_data);
    const ByteView body = data.subspan(1);
    if (data[0] == format_plain) {
        if (body.size() > max_payload_bytes) return std::unexpected(BatchError::too_large);
        return decode_batch(body);
    }
    if (data[0] != format_zstd) return std::unexpected(BatchError::unknown_format);
    const auto payload = zstd_decompress(body, max_payload_bytes);
    if (!payload)
        return std::unexpected(payload.error() == ZstdError::too_large
                                   ? BatchError::too_large
                                   : BatchError::bad_compression);
    return decode_batch(*payload);
}

std::vector<Bytes> encode_blobs(ByteView data) {
    ASSERT(!data.empty() && data.size() <= max_entry_blobs * blob_capacity);
    std::vector<Bytes> blobs;
    while (!data.empty()) {
        const ByteView part = data.first(std::min(data.size(), blob_capacity));
        data = data.subspan(part.size());
        Bytes flat(31 * blob_elements);
        store_be32(flat.data(), static_cast<std::uint32_t>(part.size()));
        std::memcpy(flat.data() + 4, part.data(), part.size());
        Bytes blob(blob_bytes);
        for (std::size_t i = 0; i < blob_elements; ++i)
            std::memcpy(blob.data() + 32 * i + 1, flat.data() + 31 * i, 31);
        blobs.push_back(std::move(blob));
    }
    return blobs;
}

std::expected<Bytes, BatchError> decode_blobs(std::span<const Bytes> blobs) {
    Bytes data;
    for (std::size_t n = 0; n < blobs.size(); ++n) {
        const Bytes& blob = blobs[n];
        if (blob.size() != blob_bytes) return std::unexpected(BatchError::blob_mismatch);
        Bytes flat(31 * blob_elements);
        for (std::size_t i = 0; i < blob_elements; ++i) {
            if (blob[32 * i] != 0) return std::unexpected(BatchError::blob_mismatch);
            std::memcpy(flat.data() + 31 * i, blob.data() + 32 * i + 1, 31);
        }
        const std::size_t size = load_be32(flat.data());
        const bool last = n + 1 == blobs.size();
        if (size == 0 || size > blob_capacity || (!last && size != blob_capacity))
            return std::unexpected(BatchError::blob_mismatch);
        append(data, ByteView(flat).subspan(4, size));
        if (std::any_of(flat.begin() + 4 + static_cast<std::ptrdiff_t>(size), flat.end(),
                        [](std::uint8_t b) { return b != 0; }))
            return std::unexpected(BatchError::blob_mismatch);
    }
    if (data.empty()) return std::unexpected(BatchError::empty_data);
    return data;
}

std::optional<Bytes> published_data(std::span<const Bytes> blobs, const Bytes32& data_hash) {
    auto data = decode_blobs(blobs);
    if (!data || chunk_hash(*data) != data_hash) return std::nullopt;
    return std::move(*data);
}

uint256 evaluate_blob(ByteView blob, const uint256& z) {
    ASSERT(blob.size() == blob_bytes);
    const uint256 root = raise(primitive_root, (bls_modulus - 1) >> log2_elements);
    // p(z) = (z^n - 1)/n * sum_i f_i w_i / (z - w_i), with all inversions folded into one.
    std::vector<uint256> weights(blob_elements), prefix(blob_elements);
    uint256 w = 1, product = 1;
    for (std::size_t k = 0; k < blob_elements; ++k) {
        const std::size_t i = reverse_bits(k);
        const uint256 difference = subtract(z, w);
        if (difference.is_zero()) return load_be256(blob.data() + 32 * i);
        weights[k] = w;
        prefix[k] = product;
        product = multiply(product, difference);
        w = multiply(w, root);
    }
    uint256 inverse = invert(product), sum;
    for (std::size_t k = blob_elements; k-- > 0;) {
        const uint256 term_inverse = multiply(inverse, prefix[k]);
        inverse = multiply(inverse, subtract(z, weights[k]));
        const uint256 f = load_be256(blob.data() + 32 * reverse_bits(k));
        sum = add_mod(sum, multiply(multiply(f, weights[k]), term_inverse), bls_modulus);
    }
    const uint256 factor = multiply(subtract(raise(z, blob_elements), 1), invert(blob_elements));
    return multiply(sum, factor);
}

bool openings_match(ByteView data, const Bytes32& data_hash,
                    std::span<const BlobOpening> openings) {
    if (data.empty() || data.size() > max_entry_blobs * blob_capacity) return false;
    if ((data.size() + blob_capacity - 1) / blob_capacity != openings.size()) return false;
    const std::vector<Bytes> blobs = encode_blobs(data);
    for (std::size_t i = 0; i < blobs.size(); ++i) {
        const uint256 z = opening_point(openings[i].versioned_hash, data_hash);
        if (evaluate_blob(blobs[i], z) != openings[i].y) return false;
    }
    return true;
}

}  // namespace mezz::derive
