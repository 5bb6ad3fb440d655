// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/talk.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace mezz::app {
namespace {

Talk current;

/// SGR parameters (ECMA-48): the colours that every terminal has.
std::string_view code_of(Tone tone) {
    switch (tone) {
        case Tone::good:
            return "32";
        case Tone::bad:
            return "31";
        case Tone::doubtful:
            return "33";
    }
    return "0";
}

}  // namespace

void add_talk_flags(CLI::App& command, Talk& talk) {
    const char* group = "Output";
    CLI::Option* quiet =
        command
            .add_flag("-q,--quiet", talk.quiet,
                      "Say nothing but results, warnings and errors: no status, no progress")
            ->group(group);
    CLI::Option* verbose =
        command.add_flag("-v,--verbose", talk.verbose, "Log from debug on")->group(group);
    command
        .add_flag("--no-color", talk.no_color,
                  "No colours; nor are there where NO_COLOR is set, or on what is no terminal")
        ->group(group);
    quiet->excludes(verbose);
    if (CLI::Option* level = command.get_option_no_throw("--log-level"))
        for (CLI::Option* flag : {quiet, verbose}) flag->excludes(level);
}

void set_talk(const Talk& talk) {
    current = talk;
}

const Talk& talk() noexcept {
    return current;
}

std::string log_level_of(const Talk& talk, std::string otherwise) {
    if (talk.verbose) return "debug";
    return talk.quiet ? "warn" : std::move(otherwise);
}

bool has_color(std::FILE* stream) {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string_view(value == nullptr ? "" : value);
    };
    return !current.no_color && variable("NO_COLOR").empty() && variable("TERM") != "dumb" &&
           isatty(fileno(stream)) != 0;
}

std::string painted(std::FILE* stream, Tone tone, std::string_view text) {
    if (!has_color(stream)) return std::string(text);
    return "\033[" + std::string(code_of(tone)) + "m" + std::string(text) + "\033[0m";
}

void advise(std::string_view text) {
    if (current.quiet) return;
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

}  // namespace mezz::app
