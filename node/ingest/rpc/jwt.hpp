// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Tokens of callers that share a secret with the node: JWT with HS256, as the Engine API has it.
/// spec: RFC 7515, RFC 7519; execution-apis, "Authentication".

#include <expected>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace mezz::rpc {

/// units: seconds. How far a token's `iat` may be from the node's time.
inline constexpr std::uint64_t token_life_s = 60;

/// Checks a token ("header.claims.signature"). Total: any text is good or has a reason.
/// errors: what is wrong with it, for the client. The signature is looked at before what it signs.
[[nodiscard]] std::expected<void, std::string> check_token(std::string_view token,
                                                           const Bytes32& secret,
                                                           std::uint64_t now_s);

/// A token that is good from `now_s` on, for `token_life_s`.
[[nodiscard]] std::string make_token(const Bytes32& secret, std::uint64_t now_s);

}  // namespace mezz::rpc
