// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/fault.hpp"

#include <cstdio>
#include <thread>

#include "app/exit_code.hpp"
#include "app/suggest.hpp"
#include "node/host/platform/system_clock.hpp"

namespace mezz::app {
namespace {

/// An error that stays so long ends an attack.
constexpr std::uint64_t patience_ms = 30'000;
constexpr std::uint64_t last_leaf = (std::uint64_t{1} << riscv::HISTORY_LEVELS) - 1;

// clang-format off
const Fault faults[] = {
    {"wrong-state-root", "a proposal with another state root, whose author then says nothing",
     {.wrong = WrongPart::state_root}},
    {"wrong-withdrawal-root", "a proposal with another root of withdrawals, defended to the last step",
     {.wrong = WrongPart::withdrawals_root, .lies = {Lie{0, 1000, false}}}},
    {"wrong-middle-block", "a proposal that is right but for a block in its middle, defended",
     {.wrong = WrongPart::middle_block, .lies = {Lie{1, 77, false}}}},
    {"wrong-after-the-end", "a history that differs only after the program has ended",
     {.wrong = WrongPart::state_root, .lies = {Lie{last_leaf - 1, 200'000, false}}}},
    {"zero-heavy-history", "a history whose leaves are zero from the lie on",
     {.wrong = WrongPart::state_root, .lies = {Lie{2, 0, true}}}},
    {"silent-after-joining", "a liar that stakes a history and makes no move",
     {.wrong = WrongPart::state_root, .lies = {Lie{0, 5, false}}, .moves = 1}},
    {"silent-in-level-one", "a liar that stops in the midst of level 1",
     {.wrong = WrongPart::state_root, .lies = {Lie{0, 5, false}}, .moves = 4}},
    {"silent-at-level-two", "a liar that does not go below the leaf of level 1",
     {.wrong = WrongPart::state_root, .lies = {Lie{0, 5, false}}, .moves = 6}},
    {"silent-in-level-two", "a liar that stops in the midst of level 2",
     {.wrong = WrongPart::state_root, .lies = {Lie{0, 5, false}}, .moves = 9}},
    {"late-joiner", "a liar that joins just before the clock has run out",
     {.wrong = WrongPart::state_root, .lies = {Lie{0, 123, false}}, .late = true}},
    {"sybil-proposers", "16 proposals, each wrong in its own way, at once",
     {.wrong = WrongPart::state_root, .proposals = 16}},
    {"sybil-histories", "three liars with different histories in one dispute",
     {.wrong = WrongPart::state_root,
      .lies = {Lie{0, 5, false}, Lie{0, 70'000, false}, Lie{1, 3, false}}}},
    {"stale-preimage", "a liar whose program reads again what it has read before",
     {.wrong = WrongPart::state_root, .stale_preimage = true}},
    {"withheld-blob", "claims in a blob that nobody gives the honest side for half of the clock",
     {.wrong = WrongPart::state_root, .withheld_blob = true}},
    {"reorg-in-mid-game", "the parent undoes three blocks of moves in the midst of a dispute",
     {.wrong = WrongPart::state_root, .lies = {Lie{0, 40, false}}, .reorganises = true}},
    {"censoring-sequencer",
     "a sequencer that leaves deposits out: it has no bond, the deposit runs all the same",
     {}},
    {"self-dispute", "a liar that disputes its own proposal with another lie",
     {.wrong = WrongPart::state_root, .lies = {Lie{0, 9, false}}, .opens = true}},
};
// clang-format on

}  // namespace

std::span<const Fault> all_faults() {
    return faults;
}

const Fault* find_fault(std::string_view name) {
    for (const auto& fault : faults)
        if (name == fault.name) return &fault;
    return nullptr;
}

node::Result<std::unique_ptr<PlayedFault>> PlayedFault::make(const Fault& fault,
                                                             const std::filesystem::path& state,
                                                             const std::filesystem::path& guest) {
    std::unique_ptr<PlayedFault> out(new PlayedFault);
    if (fault.name != std::string_view("censoring-sequencer")) {
        auto attacker = Attacker::make(state, guest, fault.attack);
        if (!attacker) return std::unexpected(attacker.error());
        out->attacker_ = std::move(*attacker);
        return out;
    }
    NetworkOptions where;
    where.state = state;
    auto network = Network::make(where);
    if (!network) return std::unexpected(network.error());
    out->network_ = std::move(*network);
    auto censorship = Censorship::make(*out->network_);
    if (!censorship) return std::unexpected(censorship.error());
    out->censorship_ = std::move(*censorship);
    return out;
}

node::Result<Attacker::Outcome> PlayedFault::step(std::uint64_t now_ms) {
    auto outcome = censorship_ ? censorship_->step(now_ms) : attacker_->step(now_ms);
    if (outcome) {
        failing_since_ms_ = 0;
        last_ = *outcome;
        return outcome;
    }
    if (failing_since_ms_ == 0) failing_since_ms_ = now_ms;
    if (outcome.error().handling == node::Handling::fatal ||
        now_ms > failing_since_ms_ + patience_ms)
        return outcome;
    // What was just asked about may have been undone by the parent; it is asked again.
    return last_;
}

std::uint64_t PlayedFault::moves() const noexcept {
    return censorship_ ? censorship_->moves() : attacker_->moves();
}

int list_faults(bool json) {
    if (json) std::printf("[");
    bool first = true;
    for (const auto& fault : faults) {
        if (json)
            std::printf("%s{\"name\":\"%s\",\"what\":\"%s\"}", first ? "" : ",", fault.name,
                        fault.what);
        else
            std::printf("  %-22s %s\n", fault.name, fault.what);
        first = false;
    }
    if (json) std::printf("]\n");
    return 0;
}

int run_fault(const FaultOptions& options) {
    const Fault* fault = find_fault(options.name);
    if (fault == nullptr) {
        std::vector<std::string> known;
        for (const auto& f : faults) known.emplace_back(f.name);
        return refuse("no fault " + options.name + suggestion(options.name, known) +
                      " (mezz fault list shows them)");
    }
    auto made = PlayedFault::make(*fault, options.state, options.guest);
    if (!made) return fail(made.error());
    PlayedFault& played = **made;
    host::SystemClock clock;
    const std::uint64_t start = clock.now_ms(), end = start + 1000 * options.timeout_seconds;
    std::string said;
    for (;;) {
        const auto outcome = played.step(clock.now_ms());
        if (!outcome) return fail(outcome.error());
        if (!options.json && outcome->stage != said) {
            said = outcome->stage;
            std::printf("  %6.1f s  %s\n", static_cast<double>(clock.now_ms() - start) / 1000,
                        said.c_str());
            std::fflush(stdout);
        }
        if (outcome->liar_won) return fail(node::fatal("the lie became final: " + said).error());
        if (outcome->honest_won) break;
        if (clock.now_ms() > end)
            return fail(node::fatal("not decided after " + std::to_string(options.timeout_seconds) +
                                    " s: " + outcome->stage)
                            .error());
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }
    const double seconds = static_cast<double>(clock.now_ms() - start) / 1000;
    if (options.json)
        std::printf("{\"fault\":\"%s\",\"honestWon\":true,\"seconds\":%.1f,\"moves\":%llu}\n",
                    fault->name, seconds, static_cast<unsigned long long>(played.moves()));
    else
        std::printf("  the honest claim is final%s (%.1f s)\n",
                    played.is_lie() ? ", the liar's bond is gone" : "", seconds);
    return 0;
}

}  // namespace mezz::app
