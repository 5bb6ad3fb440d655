// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <span>

#include "app/cli/verbs.hpp"

namespace {

bool is_no_color(const char* word) {
    return std::string_view(word) == "--no-color";
}

int run(int argc, char** argv) {
    using namespace mezz::app;
    CLI::App root{"mezz: one rollup, whole, from one command"};
    root.require_subcommand(1);
    // Help and the console show what a value is when nobody gives one.
    root.option_defaults()->always_capture_default();
    Verbs verbs;
    add_talk_flags(root, verbs.talk());
    // A command line that is refused is refused in the colours that it asks for.
    set_talk({.no_color = std::ranges::any_of(std::span(argv, static_cast<std::size_t>(argc)),
                                              is_no_color)});
    add_dev(root, verbs);
    add_node(root, verbs);
    add_config(root, verbs);
    add_proof_verbs(root, verbs);
    add_l1_verbs(root, verbs);
    add_key_verbs(root, verbs);
    add_dispute_verbs(root, verbs);
    add_session_verbs(root, verbs);
    add_bridge_verbs(root, verbs);
    add_wallet_verbs(root, verbs);
    add_upkeep_verbs(root, verbs);
    add_completions(root, verbs);
    try {
        root.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        // Help and versions are asked for, not wrong.
        if (e.get_exit_code() == 0) return root.exit(e);
        if (const std::string unknown = unknown_word(root, argc, argv); !unknown.empty())
            return refuse(unknown);
        return refuse(std::string(e.what()) + "\nRun with --help for more information.");
    }
    set_talk(verbs.talk());
    const auto verb = verbs.given();
    return verb ? verb() : refuse("nothing to run; mezz --help lists the commands");
}

}  // namespace

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& e) {
    // What can fail returns a Result: this is a defect, or memory has run out.
    std::fprintf(stderr, "mezz: bug: %s\n", e.what());
    return 1;
}
