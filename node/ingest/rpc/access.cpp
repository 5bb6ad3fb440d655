// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/access.hpp"

#include <algorithm>

namespace mezz::rpc {
namespace {

bool is_listed(const std::vector<std::string>& patterns, std::string_view method) {
    return std::ranges::any_of(patterns, [&](std::string_view p) {
        return p.ends_with('*') ? method.starts_with(p.substr(0, p.size() - 1)) : method == p;
    });
}

/// Case does not matter in the name of a scheme. spec: RFC 7235 §2.1.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer ";
    if (authorization.size() < scheme.size()) return std::nullopt;
    for (std::size_t i = 0; i < scheme.size(); ++i)
        if ((authorization[i] | 0x20) != scheme[i]) return std::nullopt;
    authorization.remove_prefix(scheme.size());
    while (authorization.starts_with(' ')) authorization.remove_prefix(1);
    return authorization;
}

}  // namespace

const std::vector<std::string>& default_admin_methods() {
    static const std::vector<std::string> methods{"admin_*",
                                                  "anvil_*",
                                                  "evm_*",
                                                  "hardhat_*",
                                                  "personal_*",
                                                  "eth_sendTransaction",
                                                  "eth_sign",
                                                  "eth_signTransaction",
                                                  "eth_signTypedData_v4",
                                                  "personal_sign",
                                                  "mezz_reorg",
                                                  "mezz_setFault",
                                                  "mezz_withdraw"};
    return methods;
}

bool is_method_pattern(std::string_view pattern) {
    if (pattern.ends_with('*')) {
        pattern.remove_suffix(1);
        if (pattern.empty()) return true;
    }
    return !pattern.empty() && std::ranges::all_of(pattern, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.';
    });
}

Verdict Caller::may_call(std::string_view method) const {
    const AccessRules& rules = access_->rules_;
    if (!is_listed(rules.methods, method) || is_listed(rules.hidden_methods, method))
        return Verdict::hidden;
    if (rules.secret && !has_token_ && is_listed(rules.admin_methods, method))
        return Verdict::needs_token;
    return Verdict::allowed;
}

std::expected<Caller, std::string> Access::identify(std::string_view authorization) const {
    if (!rules_.secret) return Caller(*this, false);
    if (authorization.empty()) {
        if (rules_.token_for_all)
            return std::unexpected("this listener takes a token: Authorization: Bearer TOKEN");
        return Caller(*this, false);
    }
    const auto token = bearer_token(authorization);
    if (!token) return std::unexpected("Authorization: expected Bearer TOKEN");
    if (auto good = check_token(*token, *rules_.secret, clock_.now_ms() / 1000); !good)
        return std::unexpected(std::move(good.error()));
    return Caller(*this, true);
}

}  // namespace mezz::rpc
