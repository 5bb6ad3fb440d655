// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/challenger/dispute_player.hpp"

#include <algorithm>

#include "core/riscv/preimages.hpp"
#include "core/riscv/step.hpp"
#include "core/riscv/witness.hpp"
#include "node/host/crypto/blob_opening.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

constexpr std::uint64_t leaves = std::uint64_t{1} << riscv::HISTORY_LEVELS;
constexpr std::uint64_t last_leaf = leaves - 1;

abi::Words encode(const Predecessor& p) {
    abi::Words out;
    out.word(p.index).bytes(p.subtrees).word(p.leaf).bytes(p.path);
    return out;
}

}  // namespace

Bytes encode_ending(DisputeTrace& trace) {
    const auto history = trace.level1();
    abi::Words out;
    out.word(history->root()).bytes(trace.final_state()).bytes(history->path(last_leaf));
    return out.finish();
}

Result<std::vector<Move>> DisputePlayer::answers() {
    if (book_.place(dispute_.id).confirmed) return answers_below();
    std::vector<Move> out;
    const auto history = trace_.level1();
    if (!book_.has_edge(dispute_.id, history->root())) {
        abi::Call call("joinDispute(bytes32,(bytes32,bytes,bytes))");
        call.word(dispute_.id).encoded(encode_ending(trace_));
        out.push_back({"join", terms_.disputes, call.finish(), terms_.level_one_stake});
        return out;
    }
    if (auto done = visit(*history, {dispute_.id, 0, 0, {}}, out); !done)
        return std::unexpected(done.error());
    return out;
}

Result<std::vector<Move>> DisputePlayer::answers_below() {
    std::vector<Move> out;
    const auto done = for_each_undecided_below(
        [&](const History& below, const Spot& spot) { return visit(below, spot, out); });
    if (!done) return std::unexpected(done.error());
    return out;
}

template <class Look>
Result<void> DisputePlayer::for_each_undecided_below(Look&& look) {
    const auto history = trace_.level1();
    std::vector<Spot> leaves_found;
    find_leaves(*history, {dispute_.id, 0, 0, {}}, leaves_found);
    for (const Spot& spot : leaves_found) {
        const auto below = trace_.level2(spot.index);
        if (!below) return std::unexpected(below.error());
        const Bytes32 place = level_two_of(place_at(*history, spot.root, spot.depth, spot.index));
        if (!book_.has_edge(place, (*below)->root()) || book_.place(place).confirmed) continue;
        if (Result<void> done = look(**below, {place, 0, 0, spot.index}); !done) return done;
    }
    return {};
}

Result<void> DisputePlayer::visit(const History& history, const Spot& spot,
                                  std::vector<Move>& out) {
    const Bytes32 place = place_at(history, spot.root, spot.depth, spot.index);
    const Bytes32& node = node_at(history, spot.depth, spot.index);
    if (!book_.has_edge(place, node) || !book_.has_rival(place)) return {};
    if (spot.depth == dispute_moves)
        return spot.below ? prove(history, spot, place, out) : go_below(history, spot, place, out);
    const auto& opened = book_.place(place).opened;
    if (std::none_of(opened.begin(), opened.end(), [&](const auto& o) { return o.node == node; })) {
        out.push_back(open(history, spot, place));
        return {};
    }
    const std::uint64_t count = 1u << move_bits(spot.depth);
    for (std::uint64_t k = 0; k < count; ++k)
        if (auto done = visit(history,
                              {spot.root, spot.depth + 1, count * spot.index + k, spot.below}, out);
            !done)
            return done;
    return {};
}

/// Branches off the opened rival that shares the most children, the first of several.
Move DisputePlayer::open(const History& history, const Spot& spot, const Bytes32& place) const {
    const auto children = children_of(history, spot.depth, spot.index);
    Bytes32 rival;
    std::vector<Bytes32> rival_children;
    std::size_t most = 0;
    for (const auto& other : book_.place(place).opened) {
        const auto [mine, theirs] = std::mismatch(children.begin(), children.end(),
                                                  other.children.begin(), other.children.end());
        const auto shared = static_cast<std::size_t>(mine - children.begin()) + 1;
        if (shared > most) {
            most = shared;
            rival = other.node;
            rival_children = other.children;
        }
    }
    abi::Call call("open(bytes32,bytes32,bytes32[],bytes32,bytes32[])");
    call.word(place).word(node_at(history, spot.depth, spot.index)).word_array(children);
    call.word(rival).word_array(rival_children);
    return {"open", terms_.disputes, call.finish(), {}};
}

/// A rivalled leaf of level 1: its steps stand below it.
Result<void> DisputePlayer::go_below(const History& history, const Spot& spot, const Bytes32& place,
                                     std::vector<Move>& out) {
    const auto below = trace_.level2(spot.index);
    if (!below) return std::unexpected(below.error());
    const Bytes32 root = level_two_of(place);
    if (!book_.has_edge(root, (*below)->root())) {
        abi::Call call("joinLevelTwo(bytes32,(uint256,bytes,bytes32,bytes),bytes32,bytes32,bytes)");
        call.word(dispute_.id).nested(encode(predecessor_of(history, spot.index)));
        call.word(node_at(history, spot.depth, spot.index)).word((*below)->root());
        call.bytes((*below)->path(last_leaf));
        out.push_back({"join level 2", terms_.disputes, call.finish(), terms_.level_two_stake});
        return {};
    }
    return visit(**below, {root, 0, 0, spot.index}, out);
}

/// A rivalled single step.
Result<void> DisputePlayer::prove(const History& history, const Spot& spot, const Bytes32& place,
                                  std::vector<Move>& out) {
    const KnownPlace& known = book_.place(place);
    if (!known.proven.empty()) return {};
    if (!known.start_proven) {
        abi::Call call("proveStart(bytes32,(uint256,bytes,bytes32,bytes))");
        call.word(spot.root).nested(encode(predecessor_of(history, spot.index)));
        out.push_back({"prove start", terms_.disputes, call.finish(), {}});
    }
    const auto witness = trace_.witness(*spot.below * leaves + spot.index);
    if (!witness) return std::unexpected(witness.error());
    const auto loaded = load_preimage(*witness, out);
    if (!loaded) return std::unexpected(loaded.error());
    // The parent judges by what it has: the step itself comes when both are there.
    if (!*loaded || !known.start_proven) return {};
    abi::Call call("proveStep(bytes32,bytes)");
    call.word(place).bytes(*witness);
    out.push_back({"prove", terms_.disputes, call.finish(), {}});
    return {};
}

Result<bool> DisputePlayer::load_preimage(ByteView witness, std::vector<Move>& out) {
    const auto state = riscv::decode_state(witness.first(riscv::STATE_BYTES));
    if (!state || state->hart.exited ||
        witness.size() < riscv::STATE_BYTES + riscv::CODE_PART_BYTES)
        return true;
    const riscv::Hart& hart = state->hart;
    const std::uint32_t word =
        load_le32(witness.data() + riscv::STATE_BYTES + hart.pc % riscv::LEAF_BYTES);
    constexpr std::uint32_t ecall = 0x73;
    const auto kind = static_cast<riscv::PreimageKind>(hart.key[0]);
    if (word != ecall || hart.x[riscv::A7] != riscv::CALL_READ ||
        kind == riscv::PreimageKind::local)
        return true;
    // Whether the oracle has it: it refuses to read what it does not have.
    if (parent_.call(terms_.oracle,
                     abi::Call("read(bytes32,uint64)").word(hart.key).word(hart.offset).finish()))
        return true;
    const auto preimage = trace_.preimage(hart.key);
    if (!preimage) return fatal("bug: the trace read a preimage that it does not have");
    if (kind == riscv::PreimageKind::blob) {
        const std::uint64_t index = hart.offset / riscv::LEAF_BYTES;
        const auto opening = host::open_blob_element(*preimage, index);
        if (!opening) return fatal("bug: the trace read a blob that is none");
        Bytes32 versioned_hash = hart.key;
        versioned_hash[0] = 1;
        abi::Call call("loadBlobElement(bytes32,uint256,bytes)");
        call.word(versioned_hash).word(index).bytes(*opening);
        out.push_back({"load blob element", terms_.oracle, call.finish(), {}});
    } else {
        abi::Call call("loadKeccak256(uint64,bytes)");
        call.word(hart.offset).bytes(*preimage);
        out.push_back({"load preimage", terms_.oracle, call.finish(), {}});
    }
    return false;
}

Result<std::uint64_t> DisputePlayer::call_number(const Bytes& input, std::size_t word) {
    const auto answer = parent_.call(terms_.disputes, input);
    if (!answer) return std::unexpected(answer.error());
    return abi::word_at(*answer, word).value_or(uint256{}).limb[0];
}

Result<DisputePlayer::Clocks> DisputePlayer::update(const History& history, const Spot& spot,
                                                    std::vector<Move>& out) {
    const Bytes32 place = place_at(history, spot.root, spot.depth, spot.index);
    const Bytes32& node = node_at(history, spot.depth, spot.index);
    const auto edge = parent_.call(
        terms_.disputes, abi::Call("edgeAt(bytes32,bytes32)").word(place).word(node).finish());
    if (!edge) return std::unexpected(edge.error());
    const auto field = [&](std::size_t i) {
        return abi::word_at(*edge, i).value_or(uint256{}).limb[0];
    };
    const auto own =
        call_number(abi::Call("ownClock(bytes32,bytes32)").word(place).word(node).finish());
    if (!own) return std::unexpected(own.error());
    const std::uint64_t opened_at = field(1);
    const bool proven = field(7) != 0;
    Clocks clocks{field(2), *own};
    std::vector<Bytes32> children;
    if (proven) {
        clocks.now = std::uint64_t{1} << 36;  // EdgeGame.FOREVER
    } else if (opened_at != 0) {
        children = children_of(history, spot.depth, spot.index);
        const auto head = parent_.block(BlockTag::latest);
        if (!head) return std::unexpected(head.error());
        std::uint64_t least = head->timestamp - std::min(head->timestamp, opened_at);
        for (std::uint64_t k = 0; k < children.size(); ++k) {
            const Spot child{spot.root, spot.depth + 1, children.size() * spot.index + k,
                             spot.below};
            if (!book_.has_edge(place_at(history, spot.root, child.depth, child.index),
                                children[k]))
                continue;
            const auto of_child = update(history, child, out);
            if (!of_child) return of_child;
            least = std::min(least, of_child->now);
        }
        clocks.now += least;
    }
    if (spot.depth == dispute_moves && !spot.below && book_.has_rival(place)) {
        const auto below = trace_.level2(spot.index);
        if (!below) return std::unexpected(below.error());
        const Bytes32 root = level_two_of(place);
        if (book_.has_edge(root, (*below)->root())) {
            const auto of_root = update(**below, {root, 0, 0, spot.index}, out);
            if (!of_root) return of_root;
            clocks.now += of_root->now;
            if (clocks.now > clocks.stored) {
                abi::Call call("updateLeafTimer(bytes32,bytes32,bytes32)");
                call.word(place).word(node).word((*below)->root());
                out.push_back({"update leaf timer", terms_.disputes, call.finish(), {}});
            }
            return clocks;
        }
    }
    if (clocks.now > clocks.stored) {
        abi::Call call("updateTimer(bytes32,bytes32,bytes32[])");
        call.word(place).word(node).word_array(children);
        out.push_back({"update timer", terms_.disputes, call.finish(), {}});
    }
    return clocks;
}

/// The updates while they are needed, then the confirmation.
void DisputePlayer::confirm(const Bytes32& place, const Bytes32& node, const Clocks& clocks,
                            std::vector<Move> updates, Confirmations& out) const {
    if (book_.place(place).confirmed) return;
    if (clocks.now < terms_.clock_seconds) {
        out.idle_seconds = std::min(out.idle_seconds, terms_.clock_seconds - clocks.now);
        return;
    }
    out.idle_seconds = 0;
    if (clocks.stored >= terms_.clock_seconds) {
        abi::Call call("confirm(bytes32,bytes32)");
        call.word(place).word(node);
        out.moves.push_back({"confirm", terms_.disputes, call.finish(), {}});
        return;
    }
    std::move(updates.begin(), updates.end(), std::back_inserter(out.moves));
}

void DisputePlayer::find_leaves(const History& history, const Spot& spot,
                                std::vector<Spot>& out) const {
    const Bytes32 place = place_at(history, spot.root, spot.depth, spot.index);
    if (!book_.has_edge(place, node_at(history, spot.depth, spot.index)) || !book_.has_rival(place))
        return;
    if (spot.depth == dispute_moves) {
        out.push_back(spot);
        return;
    }
    const std::uint64_t count = 1u << move_bits(spot.depth);
    for (std::uint64_t k = 0; k < count; ++k)
        find_leaves(history, {spot.root, spot.depth + 1, count * spot.index + k, {}}, out);
}

Result<DisputePlayer::Confirmations> DisputePlayer::confirmations() {
    Confirmations out{{}, terms_.clock_seconds};
    const auto history = trace_.level1();
    if (!book_.has_edge(dispute_.id, history->root())) return out;
    if (!book_.place(dispute_.id).confirmed) {
        std::vector<Move> updates;
        const auto clocks = update(*history, {dispute_.id, 0, 0, {}}, updates);
        if (!clocks) return std::unexpected(clocks.error());
        confirm(dispute_.id, history->root(), *clocks, std::move(updates), out);
    }
    const auto done =
        for_each_undecided_below([&](const History& below, const Spot& spot) -> Result<void> {
            std::vector<Move> updates;
            const auto clocks = update(below, spot, updates);
            if (!clocks) return std::unexpected(clocks.error());
            confirm(spot.root, below.root(), *clocks, std::move(updates), out);
            return {};
        });
    if (!done) return std::unexpected(done.error());
    return out;
}

}  // namespace mezz::node
