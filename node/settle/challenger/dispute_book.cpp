// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/challenger/dispute_book.hpp"

#include <algorithm>

#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

struct Topics {
    Bytes32 opened_dispute = abi::topic("DisputeOpened(bytes32,bytes32,uint64,bytes32)");
    Bytes32 linked = abi::topic("ProposalLinked(bytes32,address,uint256,bytes32)");
    Bytes32 settled = abi::topic("ProposalSettled(bytes32,address,uint256,bool)");
    Bytes32 edge_added = abi::topic("EdgeAdded(bytes32,bytes32,uint8,uint8)");
    Bytes32 edge_opened = abi::topic("EdgeOpened(bytes32,bytes32,bytes32[])");
    Bytes32 root_added = abi::topic("RootAdded(bytes32,bytes32,bytes32,address)");
    Bytes32 root_confirmed = abi::topic("RootConfirmed(bytes32,bytes32,bytes32)");
    Bytes32 start_proven = abi::topic("StartProven(bytes32,bytes32,bytes32)");
    Bytes32 step_proven = abi::topic("StepProven(bytes32,bytes32)");
};

const Topics& topics() {
    static const Topics known;
    return known;
}

Bytes32 word(ByteView data, std::size_t index) {
    return to_bytes32(abi::word_at(data, index).value_or(uint256{}));
}
std::uint64_t number(ByteView data, std::size_t index) {
    return abi::word_at(data, index).value_or(uint256{}).limb[0];
}

}  // namespace

void DisputeBook::take(const Log& log) {
    if (log.topics.size() < 2) return;
    const Topics& t = topics();
    const Bytes32 &what = log.topics[0], &key = log.topics[1];
    const ByteView data = log.data;
    if (what == t.opened_dispute) {
        disputes_[key] = {key, word(data, 0), number(data, 1), {}};
    } else if (what == t.linked && log.topics.size() > 2) {
        disputes_[key].links.push_back(
            {to_address(to_uint256(log.topics[2])), number(data, 0), word(data, 1), false});
    } else if (what == t.settled && log.topics.size() > 2) {
        for (auto& link : disputes_[key].links)
            if (link.game == to_address(to_uint256(log.topics[2])) && link.index == number(data, 0))
                link.settled = true;
    } else if (what == t.edge_added) {
        places_[key].nodes.push_back(word(data, 0));
    } else if (what == t.edge_opened) {
        KnownPlace::Opened opened{word(data, 0), {}};
        const std::uint64_t at = number(data, 1) / 32, count = number(data, at);
        for (std::uint64_t k = 0; k < std::min<std::uint64_t>(count, 16); ++k)
            opened.children.push_back(word(data, at + 1 + k));
        places_[key].opened.push_back(std::move(opened));
    } else if (what == t.root_added && log.topics.size() > 2) {
        places_[key].roots.push_back(
            {word(data, 0), word(data, 1), to_address(to_uint256(log.topics[2]))});
    } else if (what == t.root_confirmed) {
        places_[key].confirmed = word(data, 0);
    } else if (what == t.start_proven) {
        places_[key].start_proven = true;
    } else if (what == t.step_proven) {
        places_[key].proven.push_back(word(data, 0));
    }
}

const KnownPlace& DisputeBook::place(const Bytes32& place) const {
    static const KnownPlace nothing;
    const auto it = places_.find(place);
    return it == places_.end() ? nothing : it->second;
}

bool DisputeBook::has_edge(const Bytes32& at, const Bytes32& node) const {
    const auto& nodes = place(at).nodes;
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

std::vector<Bytes32> DisputeBook::staked_by(const Address& account) const {
    std::vector<Bytes32> out;
    for (const auto& [at, known] : places_)
        if (std::ranges::any_of(known.roots, [&](const auto& r) { return r.staker == account; }))
            out.push_back(at);
    return out;
}

bool DisputeBook::has_rival(const Bytes32& at) const {
    return place(at).nodes.size() > 1;
}

}  // namespace mezz::node
