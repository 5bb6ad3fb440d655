// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Any token; and any header and claims that the secret did sign.
#include "core/base/assert.hpp"
#include "core/crypto/sha256.hpp"
#include "node/ingest/rpc/jwt.hpp"

namespace {

using mezz::rpc::check_token;

std::string base64url(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 6) {
        unsigned digit = 0;
        for (std::size_t i = bit; i < bit + 6; ++i) {
            const unsigned byte =
                i / 8 < bytes.size() ? static_cast<unsigned char>(bytes[i / 8]) : 0;
            digit = digit << 1 | (byte >> (7 - i % 8) & 1);
        }
        out += digits[digit];
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const mezz::Bytes32 secret;
    constexpr std::uint64_t now = 1'700'000'000;
    // Nobody guesses a signature.
    const auto free = check_token(text, secret, now);
    ASSERT(!free.has_value() || text.find('.') != std::string_view::npos);
    const auto split = text.find('\n');
    if (split == std::string_view::npos) return 0;
    const std::string signed_part =
        base64url(text.substr(0, split)) + "." + base64url(text.substr(split + 1));
    const auto mac = mezz::crypto::hmac_sha256(
        {secret.data(), secret.size()},
        {reinterpret_cast<const std::uint8_t*>(signed_part.data()), signed_part.size()});
    const std::string token =
        signed_part + "." + base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
    const auto checked = check_token(token, secret, now);
    // What the secret signed is refused for what it says, or for its size; never for the signature.
    ASSERT(checked || checked.error().find("signature") == std::string::npos);
    if (checked) ASSERT(!check_token(token, secret, now + 200).has_value());
    return 0;
}
