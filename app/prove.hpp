// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz prove`: asks a node for the witness of a range of inbox entries or of one block, and
/// checks it here. `mezz verify`: checks a witness file again, without any node.
///
/// Both run the transition natively and, with `guest`, as stf.elf on the machine that disputes are
/// about; they succeed only when every run gives the claim of the statement.

#include <filesystem>
#include <optional>

#include "app/guest_run.hpp"

namespace mezz::app {

struct CheckOptions {
    std::filesystem::path guest;  ///< stf.elf; empty: native only
    bool any_guest = false;       ///< a guest that is not the pinned program may run
    bool json = false;
};

struct ProveOptions {
    std::string rpc_url = "http://127.0.0.1:9645";
    std::uint64_t from = 0;
    std::optional<std::uint64_t> to;  ///< none: the last derived entry
    /// The statement of this block alone, instead of a range.
    std::optional<std::uint64_t> block;
    std::filesystem::path out = "witness.bin";
    CheckOptions check;
};

struct VerifyOptions {
    std::filesystem::path file;
    CheckOptions check;
};

/// returns: the process's exit code.
int run_prove(const ProveOptions& options);
int run_verify(const VerifyOptions& options);

}  // namespace mezz::app
