// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz completions: scripts that ask the binary itself what can come next, so that they fit it.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/cli/verbs.hpp"
#include "app/config/presets.hpp"

namespace mezz::app {
namespace {

constexpr const char* bash_script =
    R"script(# bash completion of mezz: eval "$(mezz completions bash)"
_mezz() {
    local current=${COMP_WORDS[COMP_CWORD]}
    mapfile -t COMPREPLY < <(compgen -W "$(mezz complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$current")
    if [[ ${#COMPREPLY[@]} -eq 0 ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _mezz mezz
)script";
constexpr const char* zsh_script = R"script(#compdef mezz
# zsh completion of mezz: source <(mezz completions zsh)
_mezz() {
    local -a candidates
    candidates=(${(f)"$(mezz complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
    if (( $#candidates )); then compadd -a candidates; else _files; fi
}
compdef _mezz mezz
)script";
constexpr const char* fish_script =
    R"script(# fish completion of mezz: mezz completions fish | source
complete -c mezz -f -a '(mezz complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
)script";

void print_choices(std::string_view flag) {
    if (const Key* key = key_of_flag(flag))
        for (const auto choice : key->choices) std::printf("%s\n", std::string(choice).c_str());
    if (flag == "--preset" || flag == "--against")
        for (const auto& preset : all_presets())
            std::printf("%s\n", std::string(preset.name).c_str());
}

/// returns: nullptr when there is none.
const CLI::App* below_named(const CLI::App& command, const std::string& name) {
    const auto found =
        command.get_subcommands([&](const CLI::App* below) { return below->get_name() == name; });
    return found.empty() ? nullptr : found.front();
}

/// Prints what may stand where the last of `words` is, one a line.
int complete(const CLI::App& root, const std::vector<std::string>& words) {
    const CLI::App* command = &root;
    const CLI::Option* waiting = nullptr;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (waiting != nullptr) {
            waiting = nullptr;
            continue;
        }
        if (words[i].starts_with("-")) {
            const CLI::Option* option = command->get_option_no_throw(words[i]);
            if (option != nullptr && option->get_items_expected_max() > 0) waiting = option;
        } else if (const CLI::App* below = below_named(*command, words[i])) {
            command = below;
        }
    }
    const std::string current = words.empty() ? std::string() : words.back();
    if (waiting != nullptr) {
        if (!waiting->get_lnames().empty()) print_choices("--" + waiting->get_lnames()[0]);
        return exit_ok;
    }
    if (current.starts_with("-")) {
        for (const CLI::Option* option : command->get_options())
            for (const auto& name : option->get_lnames()) std::printf("--%s\n", name.c_str());
        return exit_ok;
    }
    const auto is_shown = [](const CLI::App* c) { return !c->get_group().empty(); };
    for (const CLI::App* below : command->get_subcommands(is_shown))
        std::printf("%s\n", below->get_name().c_str());
    if (command->get_option_no_throw("preset") != nullptr) print_choices("--preset");
    return exit_ok;
}

}  // namespace

void add_completions(CLI::App& root, Verbs& verbs) {
    struct Given {
        std::string shell;
        std::vector<std::string> words;
    };
    auto given = std::make_shared<Given>();
    auto* completions =
        root.add_subcommand("completions", "Print what makes a shell complete mezz");
    completions->add_option("shell", given->shell, "The shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    verbs.add(completions, [given] {
        std::fputs(given->shell == "bash"  ? bash_script
                   : given->shell == "zsh" ? zsh_script
                                           : fish_script,
                   stdout);
        return exit_ok;
    });
    // Asked by those scripts alone.
    auto* command = root.add_subcommand("complete", "Print what may come next")->group("");
    command->add_option("words", given->words, "What is typed so far");
    verbs.add(command, [&root, given] { return complete(root, given->words); });
}

}  // namespace mezz::app
