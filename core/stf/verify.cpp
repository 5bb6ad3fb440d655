// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/stf/verify.hpp"

#include <algorithm>

#include "core/codec/byte_reader.hpp"
#include "core/stf/witness_view.hpp"

namespace mezz::stf {
namespace {

using derive::Derivation;
using derive::Entry;

template <class T>
using Result = std::expected<T, StfError>;

std::unexpected<StfError> fail(StfError e) {
    return std::unexpected(e);
}

/// Reads words of preimages; any failure sticks.
class Reader {
public:
    explicit Reader(PreimageSource& source) noexcept : source_(source) {}

    ByteView bytes(const Bytes32& hash) {
        const auto found = source_.get(hash);
        if (!found) error(StfError::missing_preimage);
        return found.value_or(ByteView{});
    }
    void error(StfError e) noexcept {
        if (!error_) error_ = e;
    }
    [[nodiscard]] const std::optional<StfError>& failed() const noexcept { return error_; }

    /// The two words whose hash an accumulator is.
    std::pair<Bytes32, Bytes32> link(const Bytes32& acc) {
        ByteReader in(bytes(acc));
        const Bytes32 before = in.fixed<32>();
        const Bytes32 element = in.fixed<32>();
        check(in);
        return {before, element};
    }

    Entry entry(const Bytes32& hash) {
        ByteReader in(bytes(hash));
        Entry e;
        const std::uint64_t source = word(in);
        if (source <= 2)
            e.source = static_cast<derive::Source>(source);
        else
            error(StfError::malformed);
        e.data_hash = in.fixed<32>();
        e.blobs_hash = in.fixed<32>();
        e.parent_number = word(in);
        e.parent_timestamp = word(in);
        e.origin_number = word(in);
        e.origin_hash = in.fixed<32>();
        e.queue_cursor = word(in);
        e.queue_acc = in.fixed<32>();
        check(in);
        return e;
    }

    derive::QueueItem item(const Bytes32& hash) {
        ByteReader in(bytes(hash));
        derive::QueueItem q;
        q.index = word(in);
        q.from = to_address(to_uint256(in.fixed<32>()));
        q.to = to_address(to_uint256(in.fixed<32>()));
        q.parent_number = word(in);
        q.parent_timestamp = word(in);
        q.opaque_data = data(in.fixed<32>());
        check(in);
        return q;
    }

    /// Bytes behind a chunked data hash.
    Bytes data(const Bytes32& data_hash) {
        Bytes out;
        ByteReader hashes(bytes(data_hash));
        while (!hashes.at_end()) append(out, bytes(hashes.fixed<32>()));
        if (!hashes.ok()) error(StfError::malformed);
        return out;
    }

    std::vector<derive::BlobOpening> openings(const Bytes32& hash) {
        std::vector<derive::BlobOpening> out;
        ByteReader in(bytes(hash));
        while (!in.at_end()) {
            const Bytes32 versioned_hash = in.fixed<32>();
            out.push_back({versioned_hash, to_uint256(in.fixed<32>())});
        }
        if (!in.ok()) error(StfError::malformed);
        return out;
    }

private:
    std::uint64_t word(ByteReader& in) {
        const uint256 v = to_uint256(in.fixed<32>());
        if (!v.fits_u64()) error(StfError::malformed);
        return v.limb[0];
    }
    void check(const ByteReader& in) {
        if (!in.ok() || !in.at_end()) error(StfError::malformed);
    }

    PreimageSource& source_;
    std::optional<StfError> error_;
};

/// The chain as the pre-claim names it.
struct Start {
    derive::RollupSpec spec;
    Header head;
    Bytes32 head_hash;
};

Result<Start> open(const Statement& statement, Reader& in) {
    Start s;
    const auto spec = derive::decode_rollup_spec(in.bytes(statement.config_hash));
    ByteReader output(in.bytes(statement.pre.output_root));
    const Bytes32 version = output.fixed<32>();
    const Bytes32 state_root = output.fixed<32>();
    output.fixed<32>();
    s.head_hash = output.fixed<32>();
    if (in.failed()) return fail(*in.failed());
    if (!spec || !output.ok() || !output.at_end() || !version.is_zero())
        return fail(StfError::malformed);
    s.spec = *spec;
    const ByteView header = in.bytes(s.head_hash);
    if (in.failed()) return fail(*in.failed());
    const auto decoded = decode_header(header);
    if (!decoded || decoded->state_root != state_root) return fail(StfError::malformed);
    s.head = *decoded;
    return s;
}

/// Walks an accumulator back. returns: the elements after `from`, oldest first.
Result<std::vector<Bytes32>> walk(Reader& in, Bytes32 acc, std::uint64_t count,
                                  const Bytes32& from_acc) {
    std::vector<Bytes32> elements;
    while (count-- > 0) {
        const auto [before, element] = in.link(acc);
        if (in.failed()) return fail(*in.failed());
        elements.push_back(element);
        acc = before;
    }
    if (acc != from_acc) return fail(StfError::wrong_inbox);
    std::reverse(elements.begin(), elements.end());
    return elements;
}

/// What L1Block says in the state of the head: where derivation stood.
derive::Origin origin_of(View& view, std::uint64_t& sequence_number) {
    const auto slot = [&](std::uint64_t n) {
        return view.storage(predeploy::L1_BLOCK, to_bytes32(uint256{n}));
    };
    derive::Origin o;
    const uint256 times = slot(0);
    o.number = times.limb[0];
    o.timestamp = times.limb[1];
    o.base_fee = slot(1);
    o.hash = to_bytes32(slot(2));
    o.blob_base_fee = slot(7);
    sequence_number = slot(3).limb[0];
    return o;
}

/// Code deployed in one block of the statement and called in a later one is known without a
/// preimage.
class WithNewCode final : public PreimageSource {
public:
    explicit WithNewCode(PreimageSource& inner) noexcept : inner_(inner) {}
    std::optional<ByteView> get(const Bytes32& hash) override {
        if (const auto it = codes_.find(hash); it != codes_.end()) return ByteView(it->second);
        return inner_.get(hash);
    }
    void add(const Bytes32& hash, Bytes&& code) { codes_.try_emplace(hash, std::move(code)); }

private:
    PreimageSource& inner_;
    std::map<Bytes32, Bytes> codes_;
};

/// Executes one block on the state and moves the head.
Result<void> advance(Start& chain, WithNewCode& preimages, StateTrie& state,
                     const derive::BlockAttributes& attributes) {
    WitnessView view(preimages, state);
    derive::Block block;
    auto executed =
        derive::execute(view, chain.spec, chain.head, chain.head_hash, attributes, block);
    if (view.missing()) return fail(StfError::missing_preimage);
    state.apply(executed.diff);
    for (auto& [code_hash, code] : executed.diff.codes) preimages.add(code_hash, std::move(code));
    const Bytes32 root = state.commit(nullptr).hash;
    const Bytes32 withdrawals = state.storage_root(predeploy::MESSAGE_PASSER);
    if (state.incomplete()) return fail(StfError::missing_preimage);
    const BlockContext context =
        derive::block_context(chain.spec, chain.head, chain.head_hash, attributes);
    chain.head = derive::seal(chain.spec, context, block, executed.gas_used, executed.logs_bloom,
                              root, withdrawals);
    chain.head_hash = hash(chain.head);
    return {};
}

}  // namespace

std::expected<Claim, StfError> run(const Statement& statement, PreimageSource& preimages) {
    PreimageNodes nodes(preimages);
    return run(statement, preimages, nodes, 0);
}

std::expected<Claim, StfError> run(const Statement& statement, PreimageSource& preimages,
                                   trie::NodeSource& nodes, std::uint64_t root_locator) {
    Reader in(preimages);
    auto opened = open(statement, in);
    if (!opened) return fail(opened.error());
    Start& chain = *opened;
    if (statement.post.inbox_count < statement.pre.inbox_count) return fail(StfError::wrong_inbox);

    WithNewCode known(preimages);
    KeyHasher hasher;
    StateTrie state(nodes, hasher, {chain.head.state_root, root_locator});

    derive::Position position;
    position.inbox_count = statement.pre.inbox_count;
    position.inbox_acc = statement.pre.inbox_acc;
    if (position.inbox_count > 0) {
        const Entry last = in.entry(in.link(position.inbox_acc).second);
        position.queue_count = last.queue_cursor;
        position.queue_acc = last.queue_acc;
    }
    position.head_number = chain.head.number;
    position.head_timestamp = chain.head.timestamp;
    {
        WitnessView view(known, state);
        position.origin = origin_of(view, position.sequence_number);
        if (view.missing()) return fail(StfError::missing_preimage);
    }
    if (in.failed()) return fail(*in.failed());

    const auto entries =
        walk(in, statement.post.inbox_acc, statement.post.inbox_count - statement.pre.inbox_count,
             statement.pre.inbox_acc);
    if (!entries) return fail(entries.error());

    Derivation derivation(chain.spec, position);
    std::size_t next = 0;
    Entry entry;
    for (;;) {
        auto step = derivation.step();
        std::expected<void, derive::Refusal> taken;
        if (std::holds_alternative<derive::NeedEntry>(step)) {
            if (next == entries->size()) break;
            entry = in.entry((*entries)[next++]);
            const auto openings = entry.source == derive::Source::blobs
                                      ? in.openings(entry.blobs_hash)
                                      : std::vector<derive::BlobOpening>{};
            if (!in.failed()) taken = derivation.provide_entry(entry, openings);
        } else if (const auto* data = std::get_if<derive::NeedData>(&step)) {
            const Bytes bytes = in.data(data->data_hash);
            if (!in.failed()) taken = derivation.provide_data(bytes);
        } else if (const auto* queue = std::get_if<derive::NeedQueue>(&step)) {
            const auto hashes =
                walk(in, entry.queue_acc, queue->to - queue->from, derivation.position().queue_acc);
            if (!hashes) return fail(hashes.error());
            std::vector<derive::QueueItem> items;
            for (const auto& h : *hashes) items.push_back(in.item(h));
            if (!in.failed()) taken = derivation.provide_queue(std::move(items));
        } else {
            const auto& block = std::get<derive::NextBlock>(step).attributes;
            if (const auto done = advance(chain, known, state, block); !done)
                return fail(done.error());
        }
        if (in.failed()) return fail(*in.failed());
        if (!taken) return fail(StfError::malformed);
    }
    return Claim{derive::output_root(chain.head), derivation.position().inbox_count,
                 derivation.position().inbox_acc};
}

std::expected<void, StfError> verify(const Statement& statement, PreimageSource& preimages) {
    const auto post = run(statement, preimages);
    if (!post) return fail(post.error());
    if (*post != statement.post) return fail(StfError::wrong_post);
    return {};
}

}  // namespace mezz::stf
