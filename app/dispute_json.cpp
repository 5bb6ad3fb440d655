// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dispute_json.hpp"

#include <algorithm>

#include "node/settle/challenger/places.hpp"

namespace mezz::app {
namespace {

using node::KnownPlace;

class Printer {
public:
    Printer(
        rpc::JsonWriter& out, const node::DisputeBook& book,
        const std::function<std::optional<std::uint64_t>(const Bytes32&, const Bytes32&)>& clock)
        : out_(out), book_(book), clock_(clock) {}

    void place(const Bytes32& at, unsigned level, unsigned depth) {
        const KnownPlace& known = book_.place(at);
        out_.array([&] {
            for (const Bytes32& node : known.nodes) {
                if (printed_ >= max_printed_edges) {
                    whole_ = false;
                    return;
                }
                ++printed_;
                edge(at, known, node, level, depth);
            }
        });
    }
    [[nodiscard]] bool whole() const { return whole_; }

private:
    void edge(const Bytes32& at, const KnownPlace& known, const Bytes32& node, unsigned level,
              unsigned depth) {
        out_.object([&] {
            out_.field("place").data(at);
            out_.field("node").data(node);
            out_.field("level").number(std::int64_t{level});
            out_.field("depth").number(std::int64_t{depth});
            out_.field("rivals").number(static_cast<std::int64_t>(known.nodes.size()) - 1);
            const auto root = std::ranges::find(known.roots, node, &node::DisputeRoot::node);
            if (root != known.roots.end()) {
                out_.field("staker").data(root->staker);
                out_.field("claim").data(root->claim);
            }
            out_.field("confirmed").boolean(known.confirmed == node);
            out_.field("proven").boolean(std::ranges::find(known.proven, node) !=
                                         known.proven.end());
            const auto seconds = clock_(at, node);
            out_.field("clockSeconds");
            if (seconds)
                out_.number(static_cast<std::int64_t>(*seconds));
            else
                out_.null();
            below(at, known, node, level, depth);
        });
    }

    void below(const Bytes32& at, const KnownPlace& known, const Bytes32& node, unsigned level,
               unsigned depth) {
        const auto opened = std::ranges::find(known.opened, node, &KnownPlace::Opened::node);
        out_.field("children").array([&] {
            if (opened == known.opened.end()) return;
            // Another number of children is no move of ours: nothing can be below it.
            if (opened->children.size() != 1u << node::move_bits(depth)) return;
            for (std::uint64_t k = 0; k < opened->children.size(); ++k) {
                const Bytes32 child = node::child_place(at, opened->children, k);
                if (!book_.place(child).nodes.empty()) place(child, level, depth + 1);
            }
        });
        if (level != 1 || depth != node::dispute_moves) return;
        const Bytes32 second = node::level_two_of(at);
        if (book_.place(second).nodes.empty()) return;
        out_.field("levelTwo");
        place(second, 2, 0);
    }

    rpc::JsonWriter& out_;
    const node::DisputeBook& book_;
    const std::function<std::optional<std::uint64_t>(const Bytes32&, const Bytes32&)>& clock_;
    std::size_t printed_ = 0;
    bool whole_ = true;
};

}  // namespace

bool print_dispute_tree(
    rpc::JsonWriter& out, const node::DisputeBook& book, const node::KnownDispute& dispute,
    const std::function<std::optional<std::uint64_t>(const Bytes32&, const Bytes32&)>& clock) {
    Printer printer(out, book, clock);
    printer.place(dispute.id, 1, 0);
    return printer.whole();
}

}  // namespace mezz::app
