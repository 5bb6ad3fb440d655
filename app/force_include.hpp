// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz force-include`: puts the overdue items of the queue into the inbox, with anybody's key.
///
/// What a user does whose deposit or forced transaction the sequencer leaves out.

#include <filesystem>
#include <string>

#include "app/rollup_file.hpp"
#include "node/host/signing/tx_manager.hpp"

namespace mezz::app {

struct ForceIncludeOptions {
    std::string parent_url;
    std::filesystem::path spec;      ///< rollup.json
    std::string key;                 ///< of an account with ether on the parent; 0x-hex
    std::filesystem::path key_file;  ///< or this
    bool json = false;
};

/// What was forced in.
struct Forced {
    std::uint64_t from = 0, to = 0;  ///< queue items [from, to)
    std::uint64_t entry = 0;         ///< of the inbox
    Bytes32 transaction_hash;
    std::uint64_t parent_block = 0;
};
/// Puts what is overdue into the inbox, as much as one entry takes.
/// returns: none when nothing waits. errors: retry while nothing is overdue.
node::Result<std::optional<Forced>> force_overdue(node::Parent& parent, const RollupFile& file,
                                                  node::TxManager& txs);

/// returns: the process's exit code.
int run_force_include(const ForceIncludeOptions& options);

}  // namespace mezz::app
