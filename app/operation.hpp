// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How a node is operated, beyond what it does and where it listens: flags of `mezz dev` and
/// `mezz node`.

#include <cstdint>
#include <string>

#include "node/execute/serial/chain.hpp"
#include "node/ports/result.hpp"

namespace CLI {
class App;
}

namespace mezz::app {

struct OperationOptions {
    std::string log_format = "text";
    std::string log_level = "info";
    std::uint64_t min_free_bytes = std::uint64_t{1} << 30;
    std::uint64_t keep_blocks = 0;  ///< of history; 0: all
    std::uint64_t keep_states = 0;  ///< of final blocks; 0: all
    /// Of each chain: state and blocks in memory, and as much of its database mapped.
    std::size_t cache_bytes = std::size_t{256} << 20;
};

/// Adds the flags. Keeps a reference to `options` until the command line is parsed.
void add_operation_flags(CLI::App& command, OperationOptions& options);
/// Bounds what a chain keeps of its state between blocks to about three quarters of that: two
/// thirds of them are trie nodes, one third accounts and slots. units: bytes. The other quarter is
/// the RPC's, for blocks.
void limit_cache(node::ChainOptions& chain, std::size_t cache_bytes);
/// Sets logging up and raises the limit of open files. Call before threads are started.
/// errors: fatal, naming the flag.
node::Result<void> prepare(const OperationOptions& options);

}  // namespace mezz::app
