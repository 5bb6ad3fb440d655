// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz key new, import, address
#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "app/key_file.hpp"

namespace mezz::app {

void add_key_verbs(CLI::App& root, Verbs& verbs) {
    auto given = std::make_shared<KeyOptions>();
    auto* key = root.add_subcommand("key", "Private keys in files that you alone can read");
    key->require_subcommand(1);
    const auto add = [&](const char* name, const char* what, int (*run)(const KeyOptions&)) {
        CLI::App* command = key->add_subcommand(name, what);
        command->add_flag("--json", given->json, "One JSON object");
        verbs.add(command, [given, run] { return run(*given); });
        return command;
    };
    const auto file = [&](CLI::App* command, const char* what) {
        command->add_option("file", given->file, what)->required();
    };
    file(add("new", "Make a private key, and print its address", run_key_new),
         "The file to write; it must not be there");
    auto* import =
        add("import", "Put a private key into a file, and print its address", run_key_import);
    import
        ->add_option("source", given->source, "A file with 64 hex digits, or - for standard input")
        ->required();
    file(import, "The file to write; it must not be there");
    file(add("address", "Print the address of the key in a file", run_key_address), "The file");
}

}  // namespace mezz::app
