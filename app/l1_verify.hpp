// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz l1 verify`: are the contracts of a rollup.json those of this build, set up as it says?
///
/// Code is compared byte for byte but for what constructors wrote; that is asked for by the
/// contracts' own getters, which the equal code makes trustworthy.

#include <filesystem>
#include <string>
#include <vector>

#include "app/check_result.hpp"
#include "app/rollup_file.hpp"
#include "node/ports/parent.hpp"

namespace mezz::app {

/// One thing that was compared.
struct Comparison {
    std::string name;  ///< stable: "code of Inbox", "Portal.inbox"
    CheckResult result = CheckResult::ok;
    std::string expected, found;
};

/// errors: retry when the parent does not answer.
node::Result<std::vector<Comparison>> verify_contracts(node::Parent& parent,
                                                       const RollupFile& file);

struct L1VerifyOptions {
    std::string parent_url;
    std::filesystem::path spec;  ///< rollup.json
    bool json = false;
};

/// returns: the process's exit code: 3 when something differs.
int run_l1_verify(const L1VerifyOptions& options);

}  // namespace mezz::app
