// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "app/dispute_report.hpp"
#include "app/dispute_tree.hpp"
#include "app/exit_code.hpp"
#include "core/codec/hex.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ports/decimal.hpp"
#include "node/settle/challenger/log_tail.hpp"
#include "node/settle/challenger/proposals.hpp"

namespace mezz::app {
namespace {

using node::abi::Call;

/// A proposal and how it stands.
struct Shown {
    node::Proposal proposal;
    Address creator, winner;
    std::uint64_t status = 0;
    std::uint64_t open_disputes = 0;
    uint256 bond;        ///< what is left of it. units: wei
    std::string unread;  ///< why its claims could not be read
};

const char* status_name(std::uint64_t status) {
    constexpr const char* names[] = {"in-progress", "lost", "final"};
    return status < std::size(names) ? names[status] : "unknown";
}

class Inspector {
public:
    explicit Inspector(Network& network) : network_(network) {}

    node::Result<void> read(const std::string& what) {
        if (const auto terms = network_.terms(); !terms) return std::unexpected(terms.error());
        const auto& c = network_.file().contracts;
        const auto head = network_.parent().block(node::BlockTag::latest);
        if (!head) return std::unexpected(head.error());
        node::LogTail games(network_.parent(), c.dispute_game_factory, c.deployed_at);
        node::LogTail disputes(network_.parent(), c.block_disputes, c.deployed_at);
        const auto made = games.read(head->number);
        if (!made) return std::unexpected(made.error());
        const auto logs = disputes.read(head->number);
        if (!logs) return std::unexpected(logs.error());
        for (const auto& log : **logs) book_.take(log.log);
        static const Bytes32 created =
            node::abi::topic("DisputeGameCreated(address,uint32,bytes32)");
        std::uint64_t index = 0;
        for (const auto& log : **made) {
            if (log.log.topics.size() != 4 || log.log.topics[0] != created) continue;
            const std::uint64_t at = index++;
            const Address game = to_address(to_uint256(log.log.topics[1]));
            if (!what.empty() && what != std::to_string(at) && what != hex_text(game)) continue;
            if (auto done = add(at, game, log.block_number); !done) return done;
        }
        if (!what.empty() && shown_.empty())
            return node::fatal("there is no proposal " + what + " among the " +
                               std::to_string(index) +
                               " of this chain; name its place in the list or its address");
        return {};
    }

    [[nodiscard]] const std::vector<Shown>& shown() const { return shown_; }
    [[nodiscard]] const node::DisputeBook& book() const { return book_; }

    node::Result<DisputeTree> tree(const Bytes32& dispute) {
        return dispute_tree(network_.parent(), network_.file().contracts.block_disputes, book_,
                            dispute);
    }

private:
    node::Result<void> add(std::uint64_t index, const Address& game, std::uint64_t made_in) {
        Shown s;
        auto read = node::read_proposal(
            network_.parent(), network_.file().contracts.dispute_game_factory, index, made_in);
        if (!read) {
            // Its blob may be gone; how it stands is known all the same.
            s.unread = read.error().message;
            s.proposal.index = index;
            s.proposal.game = game;
        } else {
            if (!*read) return {};
            s.proposal = std::move(**read);
        }
        uint256 number;
        const auto get = [&](const char* name, uint256& to) -> node::Result<void> {
            const auto value = network_.read(game, Call(name).finish());
            if (!value) return std::unexpected(value.error());
            to = *value;
            return {};
        };
        if (auto done = get("status()", number); !done) return done;
        s.status = number.limb[0];
        if (auto done = get("openDisputes()", number); !done) return done;
        s.open_disputes = number.limb[0];
        if (auto done = get("gameCreator()", number); !done) return done;
        s.creator = to_address(number);
        if (auto done = get("winner()", number); !done) return done;
        s.winner = to_address(number);
        const auto bond = network_.parent().balance(game);
        if (!bond) return std::unexpected(bond.error());
        s.bond = *bond;
        shown_.push_back(std::move(s));
        return {};
    }

    Network& network_;
    node::DisputeBook book_;
    std::vector<Shown> shown_;
};

std::string short_hash(const Bytes32& hash) {
    return hex_text(hash).substr(0, 12);
}

void print_edge(const DisputeEdge& e, const std::string& indent, bool last) {
    const char* kind = e.root ? (e.level == 1 ? "history" : "steps") : "node";
    std::string text = std::string(kind) + " " + short_hash(e.node) + " of steps " +
                       std::to_string(e.first_step) + " to " +
                       std::to_string(e.first_step + e.steps);
    if (e.root) {
        if (e.level == 1) text += ", answers " + short_hash(e.root->claim);
        text += ", staked " + node::decimal(e.stake) + " wei by " + hex_text(e.root->staker);
    }
    if (e.rivals != 0) text += ", rivalled";
    if (e.opened) text += ", opened";
    if (e.proven) text += ", PROVEN";
    if (e.confirmed) text += ", CONFIRMED";
    // A proven step's timer is beyond any clock.
    if (e.timer_seconds != 0 && !e.proven)
        text += ", timer " + std::to_string(e.timer_seconds) + " s";
    std::printf("%s%s%s\n", indent.c_str(), last ? "└ " : "├ ", text.c_str());
    for (std::size_t i = 0; i < e.children.size(); ++i)
        print_edge(e.children[i], indent + (last ? "  " : "│ "), i + 1 == e.children.size());
}

std::string proposal_json(const Shown& s) {
    const auto& p = s.proposal;
    std::string out = "{\"index\":" + std::to_string(p.index) + ",\"game\":\"" + hex_text(p.game) +
                      "\",\"status\":\"" + status_name(s.status) + "\",\"creator\":\"" +
                      hex_text(s.creator) + "\",\"winner\":\"" + hex_text(s.winner) +
                      "\",\"bondLeftWei\":\"" + node::decimal(s.bond) +
                      "\",\"openDisputes\":" + std::to_string(s.open_disputes);
    if (p.block_count != 0)
        out += ",\"firstBlock\":" + std::to_string(p.first_block()) +
               ",\"lastBlock\":" + std::to_string(p.last_block) +
               ",\"inboxCount\":" + std::to_string(p.inbox_count) +
               ",\"createdAt\":" + std::to_string(p.created_at) + ",\"rootClaim\":\"" +
               hex_text(p.root_claim) + "\"";
    return out;
}

node::Result<std::string> disputes_json(Inspector& inspector, const Shown& s) {
    std::string out = "[";
    for (const auto& [id, dispute] : inspector.book().disputes()) {
        for (const auto& link : dispute.links) {
            if (link.game != s.proposal.game) continue;
            const auto tree = inspector.tree(id);
            if (!tree) return std::unexpected(tree.error());
            if (out.size() > 1) out += ',';
            out += "{\"id\":\"" + hex_text(id) + "\",\"index\":" + std::to_string(link.index) +
                   ",\"claim\":\"" + hex_text(link.claim) +
                   "\",\"settled\":" + (link.settled ? "true" : "false") +
                   ",\"complete\":" + (tree->complete ? "true" : "false") + ",\"edges\":";
            rpc::JsonWriter edges;
            edges.array([&] {
                for (const DisputeEdge& edge : tree->roots) print_json(edges, edge);
            });
            out += edges.take() + "}";
        }
    }
    return out + "]";
}

node::Result<void> print_disputes(Inspector& inspector, const Shown& s) {
    for (const auto& [id, dispute] : inspector.book().disputes()) {
        for (const auto& link : dispute.links) {
            if (link.game != s.proposal.game) continue;
            std::printf("  dispute %s about block %llu, of the first %llu inbox entries: %s\n",
                        short_hash(id).c_str(),
                        static_cast<unsigned long long>(s.proposal.first_block() + link.index),
                        static_cast<unsigned long long>(dispute.inbox_count),
                        inspector.book().place(id).confirmed ? "decided" : "open");
            const auto tree = inspector.tree(id);
            if (!tree) return std::unexpected(tree.error());
            for (std::size_t i = 0; i < tree->roots.size(); ++i)
                print_edge(tree->roots[i], "    ", i + 1 == tree->roots.size());
            if (!tree->complete) std::printf("    and more edges, which are left out\n");
        }
    }
    return {};
}

void print(const Shown& s) {
    const auto& p = s.proposal;
    std::string text = "proposal " + std::to_string(p.index) + " " + hex_text(p.game) + ": ";
    text += p.block_count != 0 ? "blocks " + std::to_string(p.first_block()) + " to " +
                                     std::to_string(p.last_block)
                               : "its claims cannot be read (" + s.unread + ")";
    text += std::string(", ") + status_name(s.status) + ", by " + hex_text(s.creator);
    if (s.status == 1) text += ", lost to " + hex_text(s.winner);
    if (s.open_disputes != 0) text += ", " + std::to_string(s.open_disputes) + " disputes open";
    std::printf("%s\n", text.c_str());
}

}  // namespace

int run_inspect(const InspectOptions& options) {
    auto network = Network::make(options.network);
    if (!network) return fail(network.error());
    Inspector inspector(**network);
    if (auto done = inspector.read(options.what); !done) return fail(done.error());
    // The tree is asked for with one call an edge: only of what is named.
    const bool whole = !options.what.empty();
    std::string out = "[";
    for (const Shown& s : inspector.shown()) {
        if (!options.json) {
            print(s);
            if (whole)
                if (auto done = print_disputes(inspector, s); !done) return fail(done.error());
            continue;
        }
        if (out.size() > 1) out += ',';
        out += proposal_json(s);
        if (whole) {
            const auto disputes = disputes_json(inspector, s);
            if (!disputes) return fail(disputes.error());
            out += ",\"disputes\":" + *disputes;
        }
        out += '}';
    }
    if (options.json) std::printf("%s]\n", out.c_str());
    return 0;
}

}  // namespace mezz::app
