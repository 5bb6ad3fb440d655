// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Failures of the environment: disk, network, parent chain.
///
/// The handling class tells the loop that owns the work what to do; leaves never decide.

#include <expected>
#include <string>

namespace mezz::node {

enum class Handling {
    retry,  ///< may go away by itself: try again later
    reset,  ///< what was known is no longer true: go back to the last agreed point
    fatal,  ///< needs a person: stop cleanly and say why
};

struct Error {
    Handling handling = Handling::retry;
    std::string message;  ///< what, why, and what to try; names the field or resource
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> retry(std::string message) {
    return std::unexpected(Error{Handling::retry, std::move(message)});
}
inline std::unexpected<Error> reset(std::string message) {
    return std::unexpected(Error{Handling::reset, std::move(message)});
}
inline std::unexpected<Error> fatal(std::string message) {
    return std::unexpected(Error{Handling::fatal, std::move(message)});
}

}  // namespace mezz::node
