// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the guest has instead of an operating system: a heap and an end. What it reads and answers
/// is in preimages.hpp.

#include "core/base/bytes.hpp"

namespace mezz::guest {

/// Exit codes besides 0 and those of StfError (see main.cpp). Each one means: no proof exists.
inline constexpr int exit_bad_framing = 20;    ///< the input is not what the image reads
inline constexpr int exit_bad_question = 22;   ///< the words behind the question's hash are none
inline constexpr int exit_out_of_memory = 21;  ///< the input or the work does not fit the heap
inline constexpr int exit_bug = 254;           ///< a failed ASSERT, abort, a failed standard check

}  // namespace mezz::guest

extern "C" [[noreturn]] void guest_exit(int code);
