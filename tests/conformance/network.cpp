// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/network.hpp"

#include <charconv>

namespace mezz::conformance {
namespace {

/// Forks without a revision of their own: they changed the difficulty, or the number of blobs.
struct Variant {
    std::string_view name;
    Revision revision;
};
constexpr Variant VARIANTS[] = {
    {"Dao", Revision::homestead},       {"MuirGlacier", Revision::istanbul},
    {"ArrowGlacier", Revision::london}, {"GrayGlacier", Revision::london},
    {"BPO1", Revision::osaka},          {"BPO2", Revision::osaka},
    {"BPO3", Revision::osaka},          {"BPO4", Revision::osaka},
    {"BPO5", Revision::osaka},
};
constexpr std::string_view GLACIERS[] = {"ArrowGlacier", "GrayGlacier"};

std::optional<std::uint64_t> parse_integer(std::string_view text, int base) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<Network::Fork> Network::fork_named(std::string_view text) {
    for (const Variant& v : VARIANTS)
        if (v.name == text) return Fork{std::string(text), v.revision};
    if (const auto rev = revision_from_name(text)) return Fork{std::string(text), *rev};
    return std::nullopt;
}

/// Marks the difficulty rules of a fork, and all before it that are not marked, as in force.
void Network::apply_difficulty(std::string_view fork, std::uint64_t number) {
    const auto found = fork_named(fork);
    const DifficultyRules rules = DifficultyRules::at(found->revision);
    const auto mark = [number](auto& mine, const auto& theirs) {
        if (theirs && !mine) mine = number;
    };
    mark(difficulty.homestead, rules.homestead);
    mark(difficulty.byzantium, rules.byzantium);
    mark(difficulty.constantinople, rules.constantinople);
    mark(difficulty.muir_glacier, rules.muir_glacier);
    mark(difficulty.london, rules.london);
    const std::optional<std::uint64_t> always = number;
    if (fork == "MuirGlacier") mark(difficulty.muir_glacier, always);
    for (const std::string_view glacier : GLACIERS)
        if (fork == glacier) mark(difficulty.arrow_glacier, always);
    if (fork == "GrayGlacier") mark(difficulty.gray_glacier, always);
}

std::optional<Network> Network::named(std::string_view text) {
    Network out;
    const std::size_t to = text.find("To");
    const std::size_t at = text.rfind("At");
    if (to == std::string_view::npos || at == std::string_view::npos) {
        const auto only = fork_named(text);
        if (!only) return std::nullopt;
        out.first_ = out.second_ = *only;
        out.apply_difficulty(text, 0);
        return out;
    }
    const std::string_view before = text.substr(0, to);
    const std::string_view after = text.substr(to + 2, at - to - 2);
    std::string_view point = text.substr(at + 2);
    const auto first = fork_named(before), second = fork_named(after);
    if (!first || !second) return std::nullopt;
    out.first_ = *first;
    out.second_ = *second;
    out.apply_difficulty(before, 0);

    std::optional<std::uint64_t> value;
    if (point.starts_with("Time")) {
        out.unit_ = Unit::timestamp;
        point.remove_prefix(4);
        const bool thousands = point.ends_with('k');
        if (thousands) point.remove_suffix(1);
        value = parse_integer(point, 10);
        if (value && thousands) *value *= 1000;
    } else if (point.starts_with("Diff")) {
        out.unit_ = Unit::total_difficulty;
        value = parse_integer(point.substr(4), 16);
    } else {
        out.unit_ = Unit::number;
        value = parse_integer(point, 10);
        if (value) out.apply_difficulty(after, *value);
    }
    if (!value) return std::nullopt;
    out.start_ = *value;
    if (after == "Dao") out.dao_block = *value;
    return out;
}

ChainSpec Network::spec_at(const BlockPosition& at) const {
    const uint256 where = unit_ == Unit::number      ? uint256{at.number}
                          : unit_ == Unit::timestamp ? uint256{at.timestamp}
                                                     : at.parent_total_difficulty;
    const Fork& fork = unit_ != Unit::never && where >= start_ ? second_ : first_;
    ChainSpec spec;
    spec.chain_id = chain_id;
    spec.revisions = {{0, fork.revision}};
    if (const auto found = blobs.find(fork.name); found != blobs.end())
        spec.blobs = {{0, found->second}};
    return spec;
}

}  // namespace mezz::conformance
