// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/verbs.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "app/suggest.hpp"

namespace mezz::app {

void Verbs::add_service(CLI::App* command, std::function<int()> run) {
    add_talk_flags(*command, talk_);
    verbs_.push_back({command, std::move(run)});
}

void Verbs::add(CLI::App* command, std::function<int()> run) {
    add_service(command, [run = std::move(run)] {
        if (auto prepared = prepare(OperationOptions{}); !prepared)
            return refuse(prepared.error().message, exit_failure);
        return run();
    });
}

std::function<int()> Verbs::given() const {
    for (const auto& verb : verbs_)
        if (verb.command->parsed()) return verb.run;
    return {};
}

std::string unknown_word(const CLI::App& root, int argc, const char* const* argv) {
    const CLI::App* command = &root;
    std::string path = "mezz";
    for (int i = 1; i < argc; ++i) {
        const std::string word(argv[i]);
        if (word == "--") break;
        if (word.starts_with("--")) {
            const std::string flag = word.substr(0, word.find('='));
            std::vector<std::string> known{"--help"};
            bool takes_value = false;
            for (const CLI::Option* option : command->get_options())
                for (const auto& name : option->get_lnames()) {
                    known.push_back("--" + name);
                    if (known.back() == flag && word == flag)
                        takes_value = option->get_items_expected_max() > 0;
                }
            if (std::ranges::find(known, flag) == known.end())
                return path + " has no flag " + flag + suggestion(flag, known) + " (" + path +
                       " --help lists them)";
            if (takes_value) ++i;
            continue;
        }
        // Short flags of commands that have others below them take no value.
        if (word.starts_with("-")) continue;
        const auto commands = command->get_subcommands([](const CLI::App*) { return true; });
        if (commands.empty()) continue;
        std::vector<std::string> known;
        const CLI::App* found = nullptr;
        for (const CLI::App* c : commands) {
            known.push_back(c->get_name());
            if (c->get_name() == word) found = c;
        }
        if (found == nullptr)
            return path + " has no command " + word + suggestion(word, known) + " (" + path +
                   " --help lists them)";
        command = found;
        path += " " + word;
    }
    return {};
}

}  // namespace mezz::app
