// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dispute_tree.hpp"

#include <algorithm>

#include "node/host/signing/abi.hpp"

namespace mezz::app {
namespace {

using node::abi::Call;

constexpr std::uint64_t leaves = std::uint64_t{1} << riscv::HISTORY_LEVELS;

/// A position: a node `depth` moves below the root of a level.
struct At {
    unsigned level = 1, depth = 0;
    std::uint64_t index = 0;
    std::uint64_t base = 0;  ///< of level 2: the step it begins with
    /// Steps below one node.
    [[nodiscard]] std::uint64_t steps() const {
        return (leaves >> node::row_at(depth)) * (level == 1 ? leaves : 1);
    }
};

class Builder {
public:
    Builder(node::Parent& parent, const Address& disputes, const node::DisputeBook& book,
            std::size_t max_edges)
        : parent_(parent), disputes_(disputes), book_(book), left_(max_edges) {}

    /// `wanted`: which of the edges there.
    template <class Wanted>
    node::Result<std::vector<DisputeEdge>> at(const Bytes32& place, const At& where,
                                              Wanted&& wanted) {
        const auto& known = book_.place(place);
        std::vector<DisputeEdge> out;
        for (const Bytes32& node : known.nodes) {
            if (!wanted(known, node)) continue;
            if (left_ == 0) {
                complete_ = false;
                break;
            }
            --left_;
            auto edge = one(place, node, where, known);
            if (!edge) return std::unexpected(edge.error());
            out.push_back(std::move(*edge));
        }
        return out;
    }
    [[nodiscard]] bool complete() const { return complete_; }

private:
    node::Result<DisputeEdge> one(const Bytes32& place, const Bytes32& node, const At& where,
                                  const node::KnownPlace& known) {
        DisputeEdge out;
        out.place = place;
        out.node = node;
        out.level = where.level;
        out.depth = where.depth;
        out.steps = where.steps();
        out.first_step = where.base + where.index * out.steps;
        out.rivals = known.nodes.size() - 1;
        out.confirmed = known.confirmed == node;
        out.proven = std::ranges::find(known.proven, node) != known.proven.end();
        const auto timer = word(Call("edgeAt(bytes32,bytes32)").word(place).word(node).finish(), 2);
        if (!timer) return std::unexpected(timer.error());
        out.timer_seconds = timer->limb[0];
        const auto clock =
            word(Call("ownClock(bytes32,bytes32)").word(place).word(node).finish(), 0);
        if (!clock) return std::unexpected(clock.error());
        out.clock_seconds = clock->limb[0];
        for (const auto& root : known.roots) {
            if (root.node != node) continue;
            out.root = root;
            const auto stake =
                word(Call("rootAt(bytes32,bytes32)").word(place).word(node).finish(), 2);
            if (!stake) return std::unexpected(stake.error());
            out.stake = *stake;
        }
        if (auto done = add_children(out, where, known); !done)
            return std::unexpected(done.error());
        return out;
    }

    node::Result<void> add_children(DisputeEdge& edge, const At& where,
                                    const node::KnownPlace& known) {
        const auto take = [&](const Bytes32& place, const At& below,
                              auto&& wanted) -> node::Result<void> {
            auto edges = at(place, below, wanted);
            if (!edges) return std::unexpected(edges.error());
            std::ranges::move(*edges, std::back_inserter(edge.children));
            return {};
        };
        if (where.depth == node::dispute_moves) {
            if (where.level == 2) return {};
            // Roots of level 2 name the leaf they stand below.
            const Bytes32 id = node::edge_id(edge.place, edge.node);
            return take(node::level_two_of(edge.place), {2, 0, 0, edge.first_step},
                        [&](const node::KnownPlace& there, const Bytes32& node) {
                            const auto root =
                                std::ranges::find(there.roots, node, &node::DisputeRoot::node);
                            return root != there.roots.end() && root->claim == id;
                        });
        }
        for (const auto& opened : known.opened) {
            if (opened.node != edge.node) continue;
            edge.opened = true;
            // Another number of children is no move of ours: nothing can be below it.
            if (opened.children.size() != 1u << node::move_bits(where.depth)) return {};
            for (std::uint64_t k = 0; k < opened.children.size(); ++k) {
                const At below{where.level, where.depth + 1,
                               where.index * opened.children.size() + k, where.base};
                auto done = take(node::child_place(edge.place, opened.children, k), below,
                                 [&](const node::KnownPlace&, const Bytes32& node) {
                                     return node == opened.children[k];
                                 });
                if (!done) return done;
            }
        }
        return {};
    }

    node::Result<uint256> word(const Bytes& input, std::size_t index) {
        const auto answer = parent_.call(disputes_, input);
        if (!answer) return std::unexpected(answer.error());
        return node::abi::word_at(*answer, index).value_or(uint256{});
    }

    node::Parent& parent_;
    const Address& disputes_;
    const node::DisputeBook& book_;
    std::size_t left_;
    bool complete_ = true;
};

}  // namespace

node::Result<DisputeTree> dispute_tree(node::Parent& parent, const Address& disputes,
                                       const node::DisputeBook& book, const Bytes32& dispute,
                                       std::size_t max_edges) {
    Builder builder(parent, disputes, book, max_edges);
    auto roots = builder.at(dispute, {}, [](const auto&, const auto&) { return true; });
    if (!roots) return std::unexpected(roots.error());
    return DisputeTree{std::move(*roots), builder.complete()};
}

void print_json(rpc::JsonWriter& out, const DisputeEdge& e) {
    out.object([&] {
        out.field("place").data(e.place);
        out.field("node").data(e.node);
        const std::pair<const char*, std::uint64_t> numbers[] = {{"level", e.level},
                                                                 {"depth", e.depth},
                                                                 {"firstStep", e.first_step},
                                                                 {"steps", e.steps},
                                                                 {"rivals", e.rivals},
                                                                 {"clockSeconds", e.clock_seconds},
                                                                 {"timerSeconds", e.timer_seconds}};
        for (const auto& [name, value] : numbers)
            out.field(name).number(static_cast<std::int64_t>(value));
        out.field("opened").boolean(e.opened);
        out.field("proven").boolean(e.proven);
        out.field("confirmed").boolean(e.confirmed);
        if (e.root) {
            out.field("claim").data(e.root->claim);
            out.field("staker").data(e.root->staker);
            out.field("stake").quantity(e.stake);
        }
        out.field("children").array([&] {
            for (const DisputeEdge& child : e.children) print_json(out, child);
        });
    });
}

node::Result<std::optional<Parting>> parting(const node::DisputeBook& book, const Bytes32& dispute,
                                             node::DisputeTrace& truth) {
    std::optional<Parting> out;
    const auto walk = [&](auto&& self, const riscv::PaddedTree& history, const Bytes32& root,
                          At where) -> node::Result<void> {
        const Bytes32 place = node::place_at(history, root, where.depth, where.index);
        const Bytes32& node = node::node_at(history, where.depth, where.index);
        if (!book.has_edge(place, node) || !book.has_rival(place)) return {};
        const std::uint64_t steps = where.steps();
        if (!out || steps < out->steps) {
            out = Parting{where.base + where.index * steps, steps, node, {}};
            for (const Bytes32& other : book.place(place).nodes)
                if (other != node) out->rivals.push_back(other);
        }
        if (where.depth == node::dispute_moves) {
            if (where.level == 2) return {};
            const auto below = truth.level2(where.index);
            if (!below) return std::unexpected(below.error());
            return self(self, **below, node::level_two_of(place),
                        At{2, 0, 0, where.index * leaves});
        }
        const std::uint64_t count = 1u << node::move_bits(where.depth);
        for (std::uint64_t k = 0; k < count; ++k) {
            const At below{where.level, where.depth + 1, count * where.index + k, where.base};
            if (auto done = self(self, history, root, below); !done) return done;
        }
        return {};
    };
    if (auto done = walk(walk, *truth.level1(), dispute, {}); !done)
        return std::unexpected(done.error());
    return out;
}

}  // namespace mezz::app
