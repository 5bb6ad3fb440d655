// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/challenger/proposals.hpp"

#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

constexpr std::size_t words = 8;
constexpr std::size_t opening_bytes = 128;
constexpr std::uint64_t blob_elements = 4096;

Result<uint256> read(Parent& parent, const Address& game, std::string_view getter) {
    const auto answer = parent.call(game, abi::Call(getter).finish());
    if (!answer) return std::unexpected(answer.error());
    const auto word = abi::word_at(*answer, 0);
    if (!word) return retry("a proposal's answer is too short; is the parent in sync?");
    return *word;
}

}  // namespace

std::optional<Proposal> decode_extra_data(ByteView extra) {
    std::uint64_t fields[words];
    Bytes32 hashes[words];
    for (std::size_t i = 0; i < words; ++i) {
        const auto word = abi::word_at(extra, i);
        if (!word) return std::nullopt;
        fields[i] = word->limb[0];
        hashes[i] = to_bytes32(*word);
        const bool is_hash = i == 2 || i == 5;
        if (!is_hash && !word->fits_u64()) return std::nullopt;
    }
    Proposal out;
    out.last_block = fields[0];
    out.inbox_count = fields[1];
    out.parent_index = fields[3];
    const std::uint64_t count = fields[4];
    const bool in_blob = fields[7] == 1;
    const ByteView tail = extra.subspan(words * 32);
    if (count == 0 || count > blob_elements || count > out.last_block || fields[7] > 1 ||
        tail.size() != (in_blob ? opening_bytes : 32 * count))
        return std::nullopt;
    out.block_count = count;
    out.claims.resize(count);
    if (!in_blob)
        for (std::size_t i = 0; i < count; ++i) out.claims[i] = Bytes32::from(tail.subspan(32 * i));
    return out;
}

Result<std::optional<Proposal>> read_proposal(Parent& parent, const Address& factory,
                                              std::uint64_t index, std::uint64_t made_in) {
    const auto listed =
        parent.call(factory, abi::Call("gameAtIndex(uint256)").word(index).finish());
    if (!listed) return std::unexpected(listed.error());
    const auto type = abi::word_at(*listed, 0), created = abi::word_at(*listed, 1),
               at = abi::word_at(*listed, 2);
    if (!at) return retry("game " + std::to_string(index) + " of the factory is malformed");
    if (*type != uint256{fraud_proven_outputs}) return std::optional<Proposal>{};
    const Address game = to_address(*at);
    const auto extra = parent.call(game, abi::Call("extraData()").finish());
    if (!extra) return std::unexpected(extra.error());
    const auto bytes = abi::bytes_at(*extra, 0);
    auto out = bytes ? decode_extra_data(*bytes) : std::nullopt;
    // The game checked it when it was made.
    if (!out) return retry("game " + std::to_string(index) + ": its extra data is malformed");
    out->index = index;
    out->game = game;
    out->made_in = made_in;
    out->created_at = created->limb[0];
    const auto claim = read(parent, game, "parentClaim()");
    const auto root = read(parent, game, "rootClaim()");
    const auto hash = read(parent, game, "versionedHash()");
    if (!claim) return std::unexpected(claim.error());
    if (!root) return std::unexpected(root.error());
    if (!hash) return std::unexpected(hash.error());
    out->parent_claim = to_bytes32(*claim);
    out->root_claim = to_bytes32(*root);
    out->versioned_hash = to_bytes32(*hash);
    if (hash->is_zero()) return out;
    const auto block = parent.block(made_in);
    if (!block) return std::unexpected(block.error());
    if (!*block) return retry("parent block " + std::to_string(made_in) + " is gone");
    auto blobs = parent.blobs(**block, {out->versioned_hash});
    if (!blobs) return std::unexpected(blobs.error());
    out->blob = std::move((*blobs)[0]);
    for (std::size_t i = 0; i < out->claims.size(); ++i)
        out->claims[i] = Bytes32::from(ByteView(out->blob).subspan(32 * i));
    return out;
}

}  // namespace mezz::node
