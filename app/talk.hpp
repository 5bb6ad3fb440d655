// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How much every command says besides its result, and in which colours: -q, -v, --no-color.
///
/// Quiet: errors and warnings alone; no banner, no status line, no progress, no advice. Verbose:
/// the log from debug on. Results on standard output are the same in all three.

#include <cstdio>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace mezz::app {

struct Talk {
    bool quiet = false;
    bool verbose = false;
    bool no_color = false;
};

/// Adds the flags, which exclude each other and --log-level, where that is there already. Keeps the
/// reference until the command line is parsed.
void add_talk_flags(CLI::App& command, Talk& talk);
/// Takes effect at once, for all. Call before threads are started.
void set_talk(const Talk& talk);
[[nodiscard]] const Talk& talk() noexcept;

/// "debug" or "warn" where the flags say so, else `otherwise`: what --log-level takes.
[[nodiscard]] std::string log_level_of(const Talk& talk, std::string otherwise);

enum class Tone : unsigned char { good, bad, doubtful };
/// Whether a stream is to have colours: a terminal that is not dumb, without --no-color and with
/// NO_COLOR empty or unset. spec: no-color.org.
[[nodiscard]] bool has_color(std::FILE* stream);
/// The text in its colour where `stream` has some.
[[nodiscard]] std::string painted(std::FILE* stream, Tone tone, std::string_view text);

/// A line on standard error that nobody needs; not with -q.
void advise(std::string_view text);

}  // namespace mezz::app
