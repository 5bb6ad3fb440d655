// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/witness/recorder.hpp"

#include "core/base/endian.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/block.hpp"
#include "node/execute/store/node_store.hpp"

namespace mezz::node {
namespace {

/// Bytes in 16 KiB chunks under their chunk hash.
void offer_data(stf::WitnessBuilder& out, ByteView data) {
    out.add(derive::chunk_hashes(data));
    while (!data.empty()) {
        const ByteView chunk = data.first(std::min(data.size(), derive::data_chunk_bytes));
        out.add(chunk);
        data = data.subspan(chunk.size());
    }
}

/// The blobs of an entry: its data in them, or what they hold instead.
void offer_blobs(stf::WitnessBuilder& out, const InboxEntry& e) {
    const auto blobs = e.data ? derive::encode_blobs(*e.data) : e.blobs;
    for (std::size_t i = 0; i < std::min(blobs.size(), e.openings.size()); ++i)
        out.add_blob(e.openings[i].versioned_hash, blobs[i]);
}

/// Everything that is not state: what the parent chain and the configuration fix.
Result<stf::WitnessBuilder> offer(const WitnessRequest& r, const stf::Claim& pre,
                                  const stf::Question& question) {
    stf::WitnessBuilder out;
    out.add(derive::encode(r.spec));
    out.add(stf::encode(pre));
    out.add(stf::encode(r.start));
    out.add(derive::output_preimage(r.pre.header));
    out.add(encode(r.pre.header));
    Bytes32 acc = r.start.inbox_acc;
    for (const auto& e : r.entries) {
        const Bytes32 hash = out.add(derive::encode(e.entry));
        acc = out.add(derive::encode_link(acc, hash));
        if (acc != e.acc)
            return fatal("witness: inbox entry " + std::to_string(e.index) +
                         " does not follow the one before it");
        if (e.entry.source == derive::Source::blobs) {
            out.add(derive::encode(std::span<const derive::BlobOpening>(e.openings)));
            offer_blobs(out, e);
        } else if (e.data) {
            offer_data(out, *e.data);
        }
    }
    if (acc != question.inbox_acc) return fatal("witness: the entries end elsewhere");
    acc = r.start.queue_acc;
    for (const auto& item : r.queue) {
        const Bytes32 hash = out.add(derive::encode(item));
        acc = out.add(derive::encode_link(acc, hash));
        offer_data(out, item.opaque_data);
    }
    return out;
}

/// Answers with what was offered, and with codes of the store; keeps what was asked for.
class RecordingPreimages final : public stf::PreimageSource {
public:
    RecordingPreimages(const stf::WitnessBuilder& offered, KvRead& rows, stf::WitnessBuilder& out)
        : offered_(offered), rows_(rows), out_(out) {}

    std::optional<ByteView> get(const Bytes32& hash) override {
        const auto it = offered_.items().find(riscv::keccak256_key(hash));
        if (it != offered_.items().end()) {
            out_.add(hash, it->second);
            return ByteView(it->second);
        }
        const auto row = rows_.get(Table::codes, hash);
        if (!row) {
            if (!error_) error_ = row.error();
            return std::nullopt;
        }
        if (!*row) return std::nullopt;
        out_.add(hash, **row);
        return *row;
    }
    std::optional<ByteView> blob(const Bytes32& versioned_hash) override {
        const auto it = offered_.items().find(riscv::blob_key(versioned_hash));
        if (it == offered_.items().end()) return std::nullopt;
        const ByteView blob = ByteView(it->second).subspan(32);
        out_.add_blob(versioned_hash, blob);
        return blob;
    }
    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

private:
    const stf::WitnessBuilder& offered_;
    KvRead& rows_;
    stf::WitnessBuilder& out_;
    std::optional<Error> error_;
};

class RecordingNodes final : public trie::NodeSource {
public:
    RecordingNodes(KvRead& rows, stf::WitnessBuilder& out) : nodes_(rows), out_(out) {}

    std::unique_ptr<trie::Node> load(const trie::NodeRef& ref) override {
        const auto rlp = nodes_.rlp(ref);
        if (!rlp) return nullptr;
        if (out_.add(*rlp) != ref.hash) {
            if (!error_)
                error_ =
                    Error{Handling::fatal, "database: trie node " + std::to_string(ref.locator) +
                                               " is damaged; restore from a snapshot"};
            return nullptr;
        }
        return nodes_.load(ref);
    }
    [[nodiscard]] const std::optional<Error>& error() const noexcept {
        return error_ ? error_ : nodes_.error();
    }

private:
    StoredNodes nodes_;
    stf::WitnessBuilder& out_;
    std::optional<Error> error_;
};

std::string_view describe(stf::StfError e) {
    switch (e) {
        case stf::StfError::missing_preimage:
            return "something it reads was not given (an entry's bytes, a queue item, a code)";
        case stf::StfError::malformed:
            return "an entry does not derive";
        case stf::StfError::wrong_inbox:
            return "the queue items do not lead to the entry's accumulator";
        case stf::StfError::wrong_post:
            break;
    }
    return "wrong result";
}

}  // namespace

Result<RecordedWitness> record_witness(KvStore& store, const WitnessRequest& r) {
    RecordedWitness out;
    const stf::Claim pre{derive::output_root(r.pre.header), r.pre.header.number, stf::hash(r.start),
                         r.taken};
    auto& q = out.statement.question;
    q.config_hash = derive::config_hash(r.spec);
    q.pre = stf::hash(pre);
    q.inbox_count = r.start.inbox_count + r.entries.size();
    q.inbox_acc = r.entries.empty() ? r.start.inbox_acc : r.entries.back().acc;
    q.block_count = r.block_count;

    const auto offered = offer(r, pre, q);
    if (!offered) return std::unexpected(offered.error());
    const auto rows = store.read();
    if (!rows) return std::unexpected(rows.error());
    RecordingPreimages preimages(*offered, **rows, out.witness);
    RecordingNodes nodes(**rows, out.witness);
    const auto post = stf::run(q, preimages, nodes, r.pre.state_root.locator);
    if (nodes.error()) return std::unexpected(*nodes.error());
    if (preimages.error()) return std::unexpected(*preimages.error());
    if (!post) return fatal("witness: " + std::string(describe(post.error())));
    out.statement.post = *post;
    return out;
}

Bytes guest_input(const stf::Statement& statement, ByteView witness) {
    const Bytes encoded = stf::encode(statement);
    Bytes out(4);
    store_le32(out.data(), static_cast<std::uint32_t>(encoded.size()));
    append(out, encoded);
    append(out, witness);
    return out;
}

std::optional<GuestInput> read_guest_input(ByteView bytes) {
    ByteReader in(bytes);
    const ByteView size = in.take(4);
    const auto statement = stf::decode_statement(in.take(in.ok() ? load_le32(size.data()) : 0));
    if (!in.ok() || !statement) return std::nullopt;
    return GuestInput{*statement, in.take(in.remaining())};
}

}  // namespace mezz::node
