// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/stf/verify.hpp"

#include "core/codec/byte_reader.hpp"
#include "core/stf/witness_view.hpp"

namespace mezz::stf {
namespace {

using derive::Derivation;

template <class T>
using Result = std::expected<T, StfError>;

std::unexpected<StfError> fail(StfError e) {
    return std::unexpected(e);
}

/// The chain as the pre claim names it.
struct Start {
    derive::RollupSpec spec;
    Claim claim;
    derive::Position position;
    Header head;
    Bytes32 head_hash;
};

Result<Start> open(const Question& question, InboxReader& in) {
    Start s;
    const auto spec = derive::decode_rollup_spec(in.bytes(question.config_hash));
    const auto claim = decode_claim(in.bytes(question.pre));
    if (in.failed()) return fail(*in.failed());
    if (!spec || !claim) return fail(StfError::malformed);
    // Preimages are named without the first byte of their hash, a question with it.
    if (derive::config_hash(*spec) != question.config_hash || hash(*claim) != question.pre)
        return fail(StfError::malformed);
    s.spec = *spec;
    s.claim = *claim;
    const auto position = decode_position(in.bytes(s.claim.start));
    ByteReader output(in.bytes(s.claim.output_root));
    const Bytes32 version = output.fixed<32>();
    const Bytes32 state_root = output.fixed<32>();
    output.fixed<32>();
    s.head_hash = output.fixed<32>();
    if (in.failed()) return fail(*in.failed());
    if (!position || !output.ok() || !output.at_end() || !version.is_zero())
        return fail(StfError::malformed);
    s.position = *position;
    const ByteView header = in.bytes(s.head_hash);
    if (in.failed()) return fail(*in.failed());
    const auto decoded = decode_header(header);
    if (!decoded || decoded->state_root != state_root || decoded->number != s.claim.block_number ||
        s.position.head_number + s.claim.taken != s.claim.block_number)
        return fail(StfError::malformed);
    s.head = *decoded;
    return s;
}

/// Code deployed in one block of the answer and called in a later one is known without a
/// preimage.
class WithNewCode final : public PreimageSource {
public:
    explicit WithNewCode(PreimageSource& inner) noexcept : inner_(inner) {}
    std::optional<ByteView> get(const Bytes32& hash) override {
        if (const auto it = codes_.find(hash); it != codes_.end()) return ByteView(it->second);
        return inner_.get(hash);
    }
    std::optional<ByteView> blob(const Bytes32& versioned_hash) override {
        return inner_.blob(versioned_hash);
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

/// Derives entries, one after the other, until a block comes or there are no more.
class Blocks {
public:
    Blocks(const Start& start, InboxReader& in, std::vector<Bytes32> entries)
        : in_(in),
          entries_(std::move(entries)),
          derivation_(start.spec, start.position),
          start_(start.position) {}

    /// returns: none at the end of the inbox.
    Result<std::optional<derive::BlockAttributes>> next() {
        for (;;) {
            auto step = derivation_.step();
            std::expected<void, derive::Refusal> taken;
            if (std::holds_alternative<derive::NeedEntry>(step)) {
                if (next_ == entries_.size()) return std::nullopt;
                taken = take_entry();
            } else if (const auto* need = std::get_if<derive::NeedData>(&step)) {
                taken = take_data(*need);
            } else if (const auto* queue = std::get_if<derive::NeedQueue>(&step)) {
                taken = take_queue(*queue);
            } else {
                ++taken_;
                return std::move(std::get<derive::NextBlock>(step).attributes);
            }
            if (in_.failed()) return fail(*in_.failed());
            if (!taken) return fail(StfError::malformed);
        }
    }

    /// How the inbox led to the last block that `next` gave: for Claim::start and Claim::taken.
    [[nodiscard]] std::pair<Bytes32, std::uint64_t> place() const {
        if (derivation_.between_entries()) return {hash(derivation_.position()), 0};
        return {hash(start_), taken_};
    }

private:
    std::expected<void, derive::Refusal> take_entry() {
        start_ = derivation_.position();
        taken_ = 0;
        entry_ = in_.entry(entries_[next_++]);
        openings_.clear();
        if (entry_.source == derive::Source::blobs) openings_ = in_.openings(entry_.blobs_hash);
        if (in_.failed()) return {};
        return derivation_.provide_entry(entry_, openings_);
    }
    std::expected<void, derive::Refusal> take_data(const derive::NeedData& need) {
        const auto data = need.source == derive::Source::blobs
                              ? in_.data(openings_, need.data_hash)
                              : std::optional(in_.data(need.data_hash));
        if (in_.failed()) return {};
        return data ? derivation_.provide_data(*data) : derivation_.provide_mismatch();
    }
    std::expected<void, derive::Refusal> take_queue(const derive::NeedQueue& need) {
        std::vector<derive::QueueItem> items;
        for (const auto& element :
             in_.walk(entry_.queue_acc, need.to - need.from, derivation_.position().queue_acc))
            items.push_back(in_.item(element));
        if (in_.failed()) return {};
        return derivation_.provide_queue(std::move(items));
    }

    InboxReader& in_;
    std::vector<Bytes32> entries_;
    std::size_t next_ = 0;
    Derivation derivation_;
    derive::Position start_;
    std::uint64_t taken_ = 0;
    derive::Entry entry_;
    std::vector<derive::BlobOpening> openings_;
};

}  // namespace

std::expected<Claim, StfError> run(const Question& question, PreimageSource& preimages) {
    PreimageNodes nodes(preimages);
    return run(question, preimages, nodes, 0);
}

std::expected<Claim, StfError> run(const Question& question, PreimageSource& preimages,
                                   trie::NodeSource& nodes, std::uint64_t root_locator) {
    InboxReader in(preimages);
    auto opened = open(question, in);
    if (!opened) return fail(opened.error());
    Start& chain = *opened;
    if (question.inbox_count < chain.position.inbox_count) return fail(StfError::wrong_inbox);
    auto entries = in.walk(question.inbox_acc, question.inbox_count - chain.position.inbox_count,
                           chain.position.inbox_acc);
    if (in.failed()) return fail(*in.failed());

    WithNewCode known(preimages);
    KeyHasher hasher;
    StateTrie state(nodes, hasher, {chain.head.state_root, root_locator});
    Blocks blocks(chain, in, std::move(entries));
    Claim claim = chain.claim;
    // The blocks of the entry that lead up to the pre claim are planned again, not executed.
    for (std::uint64_t i = 0; i < claim.taken; ++i) {
        const auto block = blocks.next();
        if (!block) return fail(block.error());
        if (!*block) return fail(StfError::malformed);
    }
    for (std::uint64_t i = 0; i < question.block_count; ++i) {
        const auto block = blocks.next();
        if (!block) return fail(block.error());
        if (!*block) break;
        if (const auto done = advance(chain, known, state, **block); !done)
            return fail(done.error());
        claim.output_root = derive::output_root(chain.head);
        claim.block_number = chain.head.number;
        std::tie(claim.start, claim.taken) = blocks.place();
    }
    return claim;
}

std::expected<void, StfError> verify(const Statement& statement, PreimageSource& preimages) {
    const auto post = run(statement.question, preimages);
    if (!post) return fail(post.error());
    if (*post != statement.post) return fail(StfError::wrong_post);
    return {};
}

}  // namespace mezz::stf
