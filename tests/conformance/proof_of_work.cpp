// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/proof_of_work.hpp"

#include <algorithm>

namespace mezz::conformance {
namespace {

bool active(const std::optional<std::uint64_t>& since, std::uint64_t number) {
    return since && number >= *since;
}

/// Blocks by which the forks pushed the difficulty bomb back.
std::uint64_t bomb_delay(const DifficultyRules& r, std::uint64_t number) {
    if (active(r.gray_glacier, number)) return 11'400'000;
    if (active(r.arrow_glacier, number)) return 10'700'000;
    if (active(r.london, number)) return 9'700'000;
    if (active(r.muir_glacier, number)) return 9'000'000;
    if (active(r.constantinople, number)) return 5'000'000;
    if (active(r.byzantium, number)) return 3'000'000;
    return 0;
}

}  // namespace

DifficultyRules DifficultyRules::mainnet() {
    return {1'150'000, 4'370'000, 7'280'000, 9'200'000, 12'965'000, 13'773'000, 15'050'000};
}

DifficultyRules DifficultyRules::ropsten() {
    return {0, 1'700'000, 4'230'000, 7'117'117, 10'499'401, {}, {}};
}

DifficultyRules DifficultyRules::at(Revision rev) {
    DifficultyRules r;
    if (rev >= Revision::homestead) r.homestead = 0;
    if (rev >= Revision::byzantium) r.byzantium = 0;
    if (rev >= Revision::constantinople) r.constantinople = 0;
    // The Glaciers have no revision of their own; the official tests put Muir Glacier at Berlin.
    if (rev >= Revision::berlin) r.muir_glacier = 0;
    if (rev >= Revision::london) r.london = 0;
    return r;
}

std::optional<DifficultyRules> DifficultyRules::named(std::string_view text) {
    if (text == "MainNetwork" || text == "CustomMainNetwork" || text.empty()) return mainnet();
    if (text == "Ropsten") return ropsten();
    DifficultyRules r = at(Revision::london);
    r.arrow_glacier = 0;
    if (text == "ArrowGlacier" || text == "EIP4345") return r;
    r.gray_glacier = 0;
    if (text == "GrayGlacier" || text == "EIP5133") return r;
    if (text == "EIP2384") return at(Revision::berlin);
    if (text == "CustomHomestead") return at(Revision::homestead);
    if (const auto rev = revision_from_name(text)) return at(*rev);
    return std::nullopt;
}

uint256 next_difficulty(const DifficultyRules& rules, std::uint64_t number, std::uint64_t timestamp,
                        std::uint64_t parent_timestamp, const uint256& parent_difficulty,
                        bool parent_has_uncles) {
    const std::uint64_t elapsed = timestamp - parent_timestamp;
    // The change in steps of 1/2048 of the parent's difficulty; at least -99.
    std::uint64_t up = 1, down = 0;
    if (active(rules.byzantium, number)) {
        up = parent_has_uncles ? 2 : 1;
        down = elapsed / 9;
    } else if (active(rules.homestead, number)) {
        down = elapsed / 10;
    } else {
        down = elapsed < 13 ? 0 : 2;
    }
    const uint256 step = parent_difficulty / uint256{2048};
    uint256 out;
    if (up >= down) {
        out = parent_difficulty + step * uint256{up - down};
    } else {
        out = parent_difficulty - step * uint256{std::min<std::uint64_t>(down - up, 99)};
    }
    out = std::max(out, uint256{MINIMUM_DIFFICULTY});
    // The delay counts from the parent's number, hence the one.
    const std::uint64_t delay = bomb_delay(rules, number);
    const std::uint64_t fake = delay == 0 ? number : number < delay ? 0 : number - delay;
    if (fake / 100'000 >= 2) out += uint256{1} << (fake / 100'000 - 2);
    // The difficulty never falls below the minimum, with the bomb or without.
    return out;
}

uint256 block_reward(Revision rev) {
    constexpr std::uint64_t ETHER = 1'000'000'000'000'000'000;
    if (rev >= Revision::paris) return {};
    if (rev >= Revision::constantinople) return 2 * ETHER;
    if (rev >= Revision::byzantium) return 3 * ETHER;
    return 5 * ETHER;
}

}  // namespace mezz::conformance
