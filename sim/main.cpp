// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// mezz-sim --seeds A..B | --seed N | --games A..B | --game N  [--steps N] [--trace]

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "sim/game/game.hpp"
#include "sim/world.hpp"

namespace {

bool read(std::string_view text, std::uint64_t& out) {
    const auto r = std::from_chars(text.data(), text.data() + text.size(), out);
    return r.ec == std::errc{} && r.ptr == text.data() + text.size();
}

void print(std::uint64_t seed, const mezz::sim::Outcome& o) {
    using ull = unsigned long long;
    std::printf(
        "seed %llu %s blocks %llu safe %llu final %llu entries %llu deposits %llu forced %llu "
        "hostile %llu replaced %llu parent-reorgs %llu crashes %llu time %llus events %llu digest "
        "%s\n",
        ull{seed}, o.ok ? "ok" : "FAILED", ull{o.blocks}, ull{o.safe}, ull{o.finalized},
        ull{o.entries}, ull{o.deposits}, ull{o.forced}, ull{o.hostile}, ull{o.replaced},
        ull{o.parent_reorgs}, ull{o.crashes}, ull{o.simulated_ms / 1000}, ull{o.events},
        mezz::app::hex_text(o.digest).substr(0, 18).c_str());
    if (!o.ok) {
        for (const auto& line : o.last_events) std::printf("    %s\n", line.c_str());
        std::printf("  violated: %s\n  %s\n  again: mezz-sim --seed %llu --trace\n",
                    o.invariant.c_str(), o.detail.c_str(), ull{seed});
    }
    std::fflush(stdout);
}

/// One game of fraud proofs. returns: whether all invariants held.
bool play_game(std::uint64_t seed, bool trace) {
    using ull = unsigned long long;
    const auto o = mezz::sim::play({seed, trace});
    std::printf(
        "game %llu %s proposals %llu wrong %llu disputes %llu roots %llu liars %llu moves "
        "%llu/%llu "
        "censored %llus longest %llus digest %s\n",
        ull{seed}, o.ok ? "ok" : "FAILED", ull{o.proposals}, ull{o.wrong}, ull{o.disputes},
        ull{o.roots}, ull{o.liars}, ull{o.honest_moves}, ull{o.moves}, ull{o.censored},
        ull{o.longest}, mezz::app::hex_text(o.digest).substr(0, 18).c_str());
    if (!o.ok)
        std::printf("  violated: %s\n  %s\n  again: mezz-sim --game %llu --trace\n",
                    o.invariant.c_str(), o.detail.c_str(), ull{seed});
    std::fflush(stdout);
    return o.ok;
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t first = 1, last = 40;
    mezz::sim::WorldOptions options;
    bool good = true, games = false;
    for (int i = 1; i < argc && good; ++i) {
        const std::string_view a = argv[i];
        const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
        if (a == "--trace") {
            options.trace = true;
        } else if (a == "--seed" || a == "--game") {
            good = read(value, first);
            games = a == "--game";
            last = first;
            ++i;
        } else if (a == "--steps") {
            good = read(value, options.steps);
            ++i;
        } else if (a == "--seeds" || a == "--games") {
            games = a == "--games";
            const auto dots = value.find("..");
            good = dots != std::string_view::npos && read(value.substr(0, dots), first) &&
                   read(value.substr(dots + 2), last);
            ++i;
        } else {
            good = false;
        }
    }
    if (!good) {
        std::fprintf(
            stderr,
            "mezz-sim --seeds A..B | --seed N | --games A..B | --game N  [--steps N] [--trace]\n");
        return 2;
    }
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t failures = 0;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        if (games) {
            if (!play_game(seed, options.trace)) ++failures;
            continue;
        }
        options.seed = seed;
        const auto outcome = mezz::sim::run(options);
        print(seed, outcome);
        if (!outcome.ok) ++failures;
    }
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - start)
                        .count();
    std::printf("%llu seeds, %llu failed, %lld ms\n",
                static_cast<unsigned long long>(last) - first + 1,
                static_cast<unsigned long long>(failures), static_cast<long long>(ms));
    return failures == 0 ? 0 : 1;
}
