// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Imports an exported chain and compares its head.

#include "tests/conformance/chain_import.hpp"
#include "tests/conformance/runners.hpp"

namespace mezz::conformance {
namespace {

void run_file(const Options& options, const std::filesystem::path& path,
              simdjson::dom::element root, Counts& counts) {
    const std::filesystem::path folder = path.parent_path();
    if (path.filename() != "genesis.json" || !std::filesystem::exists(folder / "chain.rlp")) return;
    const std::string id = folder.filename().string() + "::chain";
    if (!options.selects(id)) return;
    const auto chain = import_chain(root, folder);
    counts.record(id, chain ? "" : chain.error());
}

}  // namespace

int chain_tests(int argc, char** argv) {
    return run_command(argc, argv, "chain-tests", run_file);
}

}  // namespace mezz::conformance
