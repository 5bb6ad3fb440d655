// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/jwt.hpp"

#include <simdjson.h>

#include <array>
#include <cmath>

#include "core/crypto/sha256.hpp"

namespace mezz::rpc {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// No token that clients make is longer.
constexpr std::size_t max_token_bytes = 4096;

/// base64url without padding. spec: RFC 4648 §5, RFC 7515 §2.
std::optional<std::string> decode(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto digit = digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 0xff);
    }
    // Bits that belong to no byte are zero, so that one token has one spelling.
    if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
    return out;
}

std::string encode(std::string_view bytes) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        count += 8;
        while (count >= 6) {
            count -= 6;
            out += digits[bits >> count & 63];
        }
    }
    if (count > 0) out += digits[bits << (6 - count) & 63];
    return out;
}

ByteView bytes_of(std::string_view s) {
    return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}

/// Takes as long for every text of that length.
bool equal(std::string_view a, const Bytes32& b) {
    if (a.size() != b.size()) return false;
    unsigned different = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        different |= static_cast<unsigned char>(a[i]) ^ b.data()[i];
    return different == 0;
}

std::optional<double> number(simdjson::dom::object claims, std::string_view name, bool& there) {
    simdjson::dom::element value;
    there = claims.at_key(name).get(value) == simdjson::SUCCESS;
    double out = 0;
    if (!there || value.get(out) != simdjson::SUCCESS || !std::isfinite(out)) return std::nullopt;
    return out;
}

}  // namespace

std::expected<void, std::string> check_token(std::string_view token, const Bytes32& secret,
                                             std::uint64_t now_s) {
    const auto wrong = [](const char* what) {
        return std::unexpected(std::string("token: ") + what);
    };
    const auto first = token.find('.'), last = token.rfind('.');
    if (token.size() > max_token_bytes || first == std::string_view::npos || first == last ||
        token.find('.', first + 1) != last)
        return wrong("not of the form header.claims.signature");
    const auto header = decode(token.substr(0, first)),
               claims = decode(token.substr(first + 1, last - first - 1)),
               signature = decode(token.substr(last + 1));
    if (!header || !claims || !signature) return wrong("not in base64url");
    if (!equal(*signature, crypto::hmac_sha256({secret.data(), secret.size()},
                                               bytes_of(token.substr(0, last)))))
        return wrong("the signature is not that of the shared secret with HS256");
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    std::string_view text;
    if (parser.parse(*header).get(object) != simdjson::SUCCESS ||
        object.at_key("alg").get(text) != simdjson::SUCCESS || text != "HS256")
        return wrong("alg: expected HS256");
    if (parser.parse(*claims).get(object) != simdjson::SUCCESS)
        return wrong("the claims are no JSON object");
    const auto now = static_cast<double>(now_s);
    bool there = false;
    const auto issued = number(object, "iat", there);
    if (!issued) return wrong("iat: expected the time of issue in seconds");
    if (std::abs(*issued - now) > static_cast<double>(token_life_s))
        return std::unexpected("token: iat: more than " + std::to_string(token_life_s) +
                               " s from this node's time, which is " + std::to_string(now_s));
    const auto expires = number(object, "exp", there);
    if (there && (!expires || *expires <= now)) return wrong("exp: it is over, or no number");
    return {};
}

std::string make_token(const Bytes32& secret, std::uint64_t now_s) {
    const std::string signed_part = encode(R"({"alg":"HS256","typ":"JWT"})") + "." +
                                    encode("{\"iat\":" + std::to_string(now_s) + "}");
    const Bytes32 mac = crypto::hmac_sha256({secret.data(), secret.size()}, bytes_of(signed_part));
    return signed_part + "." + encode({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

}  // namespace mezz::rpc
