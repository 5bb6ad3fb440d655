// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Always-on assertions for bugs (never for input).
///
/// A failed ASSERT calls `mezz::assert_failed`, which the platform defines: the host prints the
/// location and aborts; the guest exits with a non-zero code so that no proof exists.

namespace mezz {

/// The abort hook. Defined once by the platform (host or guest), never by core.
[[noreturn]] void assert_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace mezz

#define ASSERT(expression) \
    ((expression) ? (void)0 : ::mezz::assert_failed(#expression, __FILE_NAME__, __LINE__))
