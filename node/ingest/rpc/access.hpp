// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Who may call what on one listener: a list of methods, and a token for those that administer.

#include <cstdint>
#include <optional>
#include <vector>

#include "node/ingest/rpc/jwt.hpp"
#include "node/ports/clock.hpp"

namespace mezz::rpc {

/// Methods that spend the operator's money, change time or blocks of development chains, or
/// control the node.
[[nodiscard]] const std::vector<std::string>& default_admin_methods();

struct AccessRules {
    /// What the listener serves: names, or beginnings that end in "*". Others do not exist there.
    std::vector<std::string> methods{"*"};
    /// Of those, what it does not serve.
    std::vector<std::string> hidden_methods{};
    /// What takes a token, once there is a secret.
    std::vector<std::string> admin_methods = default_admin_methods();
    /// Shared with administrators. None: nothing takes a token.
    std::optional<Bytes32> secret{};
    /// Every request takes a token.
    bool token_for_all = false;
};

/// Whether `pattern` is a name of letters, digits and "_", or the beginning of one and "*".
[[nodiscard]] bool is_method_pattern(std::string_view pattern);

enum class Verdict : std::uint8_t { allowed, hidden, needs_token };

/// What one caller may do. A value; refers to the Access it came from.
class Access;
class Caller {
public:
    [[nodiscard]] Verdict may_call(std::string_view method) const;

private:
    friend class Access;
    Caller(const Access& access, bool has_token) : access_(&access), has_token_(has_token) {}
    const Access* access_;
    bool has_token_;
};

/// Thread-safe. Keeps the reference.
class Access {
public:
    Access(AccessRules rules, node::Clock& clock) : rules_(std::move(rules)), clock_(clock) {}

    /// `authorization` is the HTTP header: "Bearer TOKEN", or empty.
    /// errors: what is wrong with the token, or that there has to be one: HTTP 401.
    [[nodiscard]] std::expected<Caller, std::string> identify(std::string_view authorization) const;

private:
    friend class Caller;
    AccessRules rules_;
    node::Clock& clock_;
};

}  // namespace mezz::rpc
