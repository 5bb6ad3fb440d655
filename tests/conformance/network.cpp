// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/network.hpp"

#include <algorithm>
#include <charconv>

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

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

std::optional<std::uint64_t> parse_integer(std::string_view text, int base) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Revision> revision_of(std::string_view fork) {
    for (const Variant& v : VARIANTS)
        if (v.name == fork) return v.revision;
    return revision_from_name(fork);
}

/// Where a geth genesis says when a fork begins.
struct GenesisKey {
    const char* key;
    std::string_view fork;
};
constexpr GenesisKey NUMBER_KEYS[] = {
    {"homesteadBlock", "Homestead"},
    {"eip150Block", "EIP150"},
    {"eip158Block", "EIP158"},
    {"byzantiumBlock", "Byzantium"},
    {"constantinopleBlock", "Constantinople"},
    {"petersburgBlock", "ConstantinopleFix"},
    {"istanbulBlock", "Istanbul"},
    {"muirGlacierBlock", "MuirGlacier"},
    {"berlinBlock", "Berlin"},
    {"londonBlock", "London"},
    {"arrowGlacierBlock", "ArrowGlacier"},
    {"grayGlacierBlock", "GrayGlacier"},
};
constexpr GenesisKey TIME_KEYS[] = {
    {"shanghaiTime", "Shanghai"}, {"cancunTime", "Cancun"}, {"pragueTime", "Prague"},
    {"osakaTime", "Osaka"},       {"bpo1Time", "BPO1"},     {"bpo2Time", "BPO2"},
    {"bpo3Time", "BPO3"},         {"bpo4Time", "BPO4"},     {"bpo5Time", "BPO5"},
};

}  // namespace

bool Network::activate(std::string_view fork, Unit unit, const uint256& start) {
    const auto revision = revision_of(fork);
    if (!revision) return false;
    forks_.push_back({std::string(fork), *revision, unit, start});
    if (unit == Unit::number) apply_difficulty(fork, *revision, start.limb[0]);
    if (fork == "Dao") dao_block = start.limb[0];
    return true;
}

/// Marks the difficulty rules of a fork, and all before it that are not marked, as in force.
void Network::apply_difficulty(std::string_view fork, Revision revision, std::uint64_t number) {
    const DifficultyRules rules = DifficultyRules::at(revision);
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
    if (fork == "ArrowGlacier" || fork == "GrayGlacier") mark(difficulty.arrow_glacier, always);
    if (fork == "GrayGlacier") mark(difficulty.gray_glacier, always);
}

std::optional<Network> Network::named(std::string_view text) {
    Network out;
    const std::size_t to = text.find("To");
    const std::size_t at = text.rfind("At");
    if (to == std::string_view::npos || at == std::string_view::npos) {
        if (!out.activate(text, Unit::number, 0)) return std::nullopt;
        return out;
    }
    if (!out.activate(text.substr(0, to), Unit::number, 0)) return std::nullopt;
    std::string_view point = text.substr(at + 2);
    Unit unit = Unit::number;
    std::optional<std::uint64_t> value;
    if (point.starts_with("Time")) {
        unit = Unit::timestamp;
        point.remove_prefix(4);
        const bool thousands = point.ends_with('k');
        if (thousands) point.remove_suffix(1);
        value = parse_integer(point, 10);
        if (value && thousands) *value *= 1000;
    } else if (point.starts_with("Diff")) {
        unit = Unit::total_difficulty;
        value = parse_integer(point.substr(4), 16);
    } else {
        value = parse_integer(point, 10);
    }
    if (!value || !out.activate(text.substr(to + 2, at - to - 2), unit, *value))
        return std::nullopt;
    return out;
}

Network Network::of_genesis(element config) {
    Network out;
    read(config, "chainId", out.chain_id, parse_quantity);
    Address deposit_contract;
    if (field(config, "depositContractAddress") &&
        read(config, "depositContractAddress", deposit_contract, parse_fixed<Address>))
        out.deposit_contract = deposit_contract;
    out.activate("Frontier", Unit::number, 0);
    const auto start = [&](const char* key) -> std::optional<uint256> {
        // geth reads member names in any case, and its vectors make use of that.
        simdjson::dom::object members;
        element found;
        if (config.get(members) != simdjson::SUCCESS ||
            members.at_key_case_insensitive(key).get(found) != simdjson::SUCCESS)
            return std::nullopt;
        return parse_number(found);
    };
    for (const GenesisKey& k : NUMBER_KEYS)
        if (const auto number = start(k.key)) {
            out.activate(k.fork, Unit::number, *number);
            out.fork_numbers.push_back(number->limb[0]);
        }
    if (const auto number = start("mergeNetsplitBlock"))
        out.fork_numbers.push_back(number->limb[0]);
    std::erase(out.fork_numbers, 0);
    out.fork_numbers.erase(std::unique(out.fork_numbers.begin(), out.fork_numbers.end()),
                           out.fork_numbers.end());
    if (const auto total = start("terminalTotalDifficulty"))
        out.activate("Paris", Unit::total_difficulty, *total);
    for (const GenesisKey& k : TIME_KEYS)
        if (const auto time = start(k.key)) out.activate(k.fork, Unit::timestamp, *time);
    simdjson::dom::object schedule;
    if (config["blobSchedule"].get(schedule) == simdjson::SUCCESS) {
        for (const auto [key, entry] : schedule) {
            std::string fork(key);
            const bool numbered = fork.starts_with("bpo");
            for (std::size_t i = 0; i < (numbered ? 3u : 1u); ++i)
                fork[i] = static_cast<char>(fork[i] - 'a' + 'A');
            BlobParams params;
            read(entry, "target", params.target, parse_quantity);
            read(entry, "max", params.max, parse_quantity);
            read(entry, "baseFeeUpdateFraction", params.update_fraction, parse_quantity);
            out.blobs.emplace(fork, params);
        }
    }
    return out;
}

ChainSpec Network::spec_at(const BlockPosition& at) const {
    ChainSpec spec;
    spec.chain_id = chain_id;
    if (deposit_contract) spec.deposit_contract = *deposit_contract;
    for (const Activation& fork : forks_) {
        const uint256 where = fork.unit == Unit::number      ? uint256{at.number}
                              : fork.unit == Unit::timestamp ? uint256{at.timestamp}
                                                             : at.parent_total_difficulty;
        if (where < fork.start) continue;
        spec.revisions = {{0, fork.revision}};
        if (const auto found = blobs.find(fork.fork); found != blobs.end())
            spec.blobs = {{0, found->second}};
    }
    return spec;
}

}  // namespace mezz::conformance
