// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/game/game.hpp"

#include <algorithm>

#include "node/host/signing/abi.hpp"
#include "node/ports/decimal.hpp"
#include "node/ports/hex_text.hpp"
#include "node/settle/challenger/challenger.hpp"
#include "sim/game/liar.hpp"
#include "sim/game/table.hpp"

namespace mezz::sim {
namespace {

using node::abi::Call;

constexpr std::uint64_t honest_player = 1, crowd_player = 2, first_liar = 3;
constexpr std::uint64_t max_liars = 8;
/// What the honest party needs besides censorship: a tick for each of its answers, and for what
/// brings the timers up to date, settles and resolves. units: seconds.
constexpr std::uint64_t grace = 45 * game_tick;
/// Proposals are made so long. units: seconds.
constexpr std::uint64_t proposing = game_clock;
constexpr std::uint64_t most_games = 10;
constexpr std::uint64_t in_progress = 0, challenger_wins = 1;

/// A violated invariant; ends the run.
struct Violation {
    std::string invariant, detail;
};

class Game {
public:
    explicit Game(const GameOptions& options)
        : random_(options.seed),
          clock_(table().clock),
          log_(clock_, options.trace),
          parent_(*table().parent, clock_),
          chain_(*table().chain),
          terms_(table().terms),
          honest_txs_(parent_, player(honest_player), clock_),
          challenger_(chain_, chain_, parent_, honest_txs_, challenger_options()),
          crowd_txs_(parent_, player(crowd_player), clock_),
          honest_(options.honest),
          // Sometimes all of it at once, sometimes in parts, sometimes none.
          censorship_left_(random_.below(3) == 0 ? 0 : random_.below(game_clock - grace)) {
        const std::uint64_t count =
            random_.below(5) == 0 ? random_.between(4, max_liars) : random_.between(1, 3);
        for (std::uint64_t i = 0; i < count; ++i)
            liars_.push_back(std::make_unique<Liar>(parent_, chain_, terms_, clock_, random_,
                                                    player(first_liar + i)));
        start_ = parent_.now();
        supply_ = parent_.total_supply();
    }

    GameOutcome run() {
        GameOutcome out;
        std::optional<Violation> violation;
        const std::uint64_t end = start_ + proposing + 6 * game_clock;
        while (!violation && parent_.now() < end) {
            violation = step();
            if (ticks_ % 4 == 0 && parent_.now() > start_ + proposing && over()) break;
        }
        if (!violation && !over()) violation = stuck();
        if (!violation) violation = settle_accounts();
        out.ok = !violation;
        if (violation) {
            out.invariant = violation->invariant;
            out.detail = violation->detail;
        }
        out.digest = log_.digest();
        out.proposals = games_.size();
        for (const auto& game : games_) {
            out.wrong += !game.right;
            if (game.ended_at)
                out.longest = std::max(out.longest, *game.ended_at - game.proposal.created_at);
        }
        out.disputes = book_.disputes().size();
        out.roots = roots_.size();
        out.liars = liars_.size();
        out.honest_moves = challenger_.status().moves;
        out.moves = moves_;
        out.censored = censored_;
        return out;
    }

private:
    struct KnownRoot {
        Bytes32 place, node;
        Address staker;
    };

    static node::ChallengerOptions challenger_options() {
        node::ChallengerOptions out;
        out.factory = table().contracts.dispute_game_factory;
        out.terms = table().terms;
        out.deployed_at = table().contracts.deployed_at;
        out.retry_after_ms = 0;
        return out;
    }

    std::optional<Violation> step() {
        clock_.advance(game_tick * 1000);
        parent_.mine(random_);
        read_logs();
        censor();
        if (honest_) challenger_.step(clock_.now_ms());
        for (auto& liar : liars_) {
            if (liar->wants_to_propose()) propose(liar->txs(), true);
            liar->step(book_, games_);
        }
        crowd_txs_.step(clock_.now_ms());
        if (random_.one(20'000)) propose(crowd_txs_, false);
        repeat_somebody();
        tidy();
        if (parent_.total_supply() != supply_)
            return Violation{"conservation of ether", "at " + at_time()};
        return watch_games();
    }

    void read_logs() {
        static const Bytes32 created =
            node::abi::topic("DisputeGameCreated(address,uint32,bytes32)");
        static const Bytes32 root_added =
            node::abi::topic("RootAdded(bytes32,bytes32,bytes32,address)");
        const std::uint64_t head = parent_.block(node::BlockTag::latest)->number;
        for (const auto& entry : *parent_.logs({head, head, terms_.disputes, {}})) {
            book_.take(entry.log);
            ++moves_;
            if (entry.log.topics.size() == 3 && entry.log.topics[0] == root_added)
                roots_.push_back({entry.log.topics[1], Bytes32::from(entry.log.data),
                                  to_address(to_uint256(entry.log.topics[2]))});
            log_.add("dispute event " + node::hex_text(entry.log.topics[0]).substr(0, 10));
        }
        const auto& factory = table().contracts.dispute_game_factory;
        for (const auto& entry : *parent_.logs({head, head, factory, {created}})) add_game(entry);
    }

    void add_game(const node::ParentLog& entry) {
        auto read = node::read_proposal(parent_, table().contracts.dispute_game_factory,
                                        games_.size(), entry.block_number);
        ProposedGame game{std::move(**read), true, {}};
        const auto& p = game.proposal;
        if (p.parent_index != node::genesis_parent) game.right = games_[p.parent_index].right;
        for (std::uint64_t i = 0; i < p.claims.size(); ++i)
            game.right &= p.claims[i] == stf::hash(chain_.at(p.first_block() + i));
        log_.add("proposal " + std::to_string(p.index) + (game.right ? " right" : " wrong"));
        games_.push_back(std::move(game));
    }

    /// Something right, or with a lie somewhere, behind block 0 or any proposal that is there.
    void propose(node::TxManager& txs, bool wrong) {
        if (parent_.now() > start_ + proposing || games_.size() >= most_games) return;
        std::uint64_t first = 1, parent_index = node::genesis_parent;
        if (!games_.empty() && random_.below(2) == 0) {
            const auto& parent = games_[random_.below(games_.size())].proposal;
            if (parent.last_block >= ModelChain::last_block) return;
            parent_index = parent.index;
            first = parent.last_block + 1;
        }
        const std::uint64_t count = random_.between(1, ModelChain::last_block + 1 - first);
        std::vector<stf::Claim> claims;
        for (std::uint64_t i = 0; i < count; ++i) claims.push_back(chain_.at(first + i));
        if (wrong) {
            const std::uint64_t from = random_.below(count);
            const bool only_one = random_.below(2) == 0;
            for (std::uint64_t i = from; i < (only_one ? from + 1 : count); ++i)
                claims[i] = ModelChain::lie(first + i, random_.next());
        }
        const stf::Claim& last = claims.back();
        Bytes extra = node::abi::Words()
                          .word(last.block_number)
                          .word(std::uint64_t{0})
                          .word(Bytes32{})
                          .word(parent_index)
                          .word(count)
                          .word(last.start)
                          .word(last.taken)
                          .word(std::uint64_t{0})
                          .finish();
        for (const auto& claim : claims) append(extra, stf::hash(claim));
        node::TxCandidate candidate;
        candidate.to = table().contracts.dispute_game_factory;
        candidate.value = table().bond;
        candidate.data = Call("create(uint32,bytes32,bytes)")
                             .word(node::fraud_proven_outputs)
                             .word(last.output_root)
                             .bytes(extra)
                             .finish();
        txs.send(std::move(candidate));
    }

    void censor() {
        const Address honest = honest_txs_.address();
        if (censored_until_ > parent_.now()) return;
        parent_.include_again(honest);
        if (censorship_left_ == 0 || !random_.one(30'000)) return;
        const std::uint64_t now =
            std::min(censorship_left_, random_.between(game_tick, censorship_left_ + game_tick));
        censored_until_ = parent_.now() + now;
        censorship_left_ -= now;
        // Until the end of the tick in which it ends.
        censored_ += (now + game_tick - 1) / game_tick * game_tick;
        parent_.censor(honest);
        log_.add("the honest party is censored for " + std::to_string(now) + " s");
    }

    /// What somebody did is done again, by somebody else or with another bit.
    void repeat_somebody() {
        if (parent_.succeeded().empty() || !random_.one(150'000)) return;
        const auto& calls = parent_.succeeded();
        EvmParent::Call call = calls[random_.below(calls.size())];
        if (call.to == table().contracts.dispute_game_factory || call.input.empty()) return;
        call.from = player(first_liar + random_.below(liars_.size())).address();
        if (random_.below(2) == 0)
            call.input[random_.below(call.input.size())] ^=
                static_cast<std::uint8_t>(1u << random_.below(8));
        parent_.inject(std::move(call));
    }

    /// What anybody may do: end what can be ended, and have everything paid that is owed.
    void tidy() {
        if (++ticks_ % 4 != 0) return;
        const Address crowd = crowd_txs_.address();
        for (const auto& game : games_)
            if (!game.ended_at)
                parent_.inject({crowd, game.proposal.game, {}, Call("resolve()").finish()});
        for (const auto& root : roots_)
            if (book_.place(root.place).confirmed && !collected(root))
                parent_.inject(
                    {crowd,
                     terms_.disputes,
                     {},
                     Call("collect(bytes32,bytes32)").word(root.place).word(root.node).finish()});
        for (std::uint64_t i = 0; i < players; ++i) {
            const Address who = player_addresses()[i];
            if (!read(terms_.disputes, Call("credit(address)").word(who).finish()).is_zero())
                parent_.inject(
                    {crowd, terms_.disputes, {}, Call("claimCredit(address)").word(who).finish()});
            for (const auto& game : games_)
                if (game.ended_at &&
                    !read(game.proposal.game, Call("credit(address)").word(who).finish()).is_zero())
                    parent_.inject({crowd,
                                    game.proposal.game,
                                    {},
                                    Call("claimCredit(address)").word(who).finish()});
        }
    }

    std::optional<Violation> watch_games() {
        for (auto& game : games_) {
            if (game.ended_at) continue;
            const auto& p = game.proposal;
            const std::string name = "proposal " + std::to_string(p.index);
            const uint256 status = read(p.game, Call("status()").finish());
            if (status != uint256{in_progress}) {
                game.ended_at = parent_.now();
                const bool lost = status == uint256{challenger_wins};
                log_.add(name + (lost ? " lost" : " held"));
                if (lost == game.right)
                    return Violation{
                        "the honest root wins",
                        name + (lost ? " was right and is lost, " : " was wrong and holds, ") +
                            at_time()};
                continue;
            }
            std::uint64_t bound = p.created_at + 2 * game_clock + censored_ + grace;
            if (p.parent_index != node::genesis_parent) {
                // What stands on another proposal waits for it.
                const auto& parent_ended = games_[p.parent_index].ended_at;
                if (!parent_ended) continue;
                bound = std::max(bound, *parent_ended + grace);
            }
            if (honest_ && parent_.now() > bound)
                return Violation{"delay", name + " is open, " + at_time()};
        }
        return {};
    }

    /// Nothing is open, and everything that the honest party could get is its own.
    bool over() {
        for (const auto& game : games_)
            if (!game.ended_at) return false;
        if (!honest_) return true;
        if (challenger_.status().disputes_open != 0) return open_disputes_are_nobodys();
        return settled();
    }

    /// Disputes about claims that the chain does not have are nobody's business.
    bool open_disputes_are_nobodys() {
        for (const auto& [id, dispute] : book_.disputes())
            if (!book_.place(id).confirmed && is_of_chain(dispute.pre_claim)) return false;
        return settled();
    }

    bool settled() {
        for (const auto& root : roots_)
            if ((book_.place(root.place).confirmed || root.staker == honest_txs_.address()) &&
                !collected(root))
                return false;
        for (const auto& who : player_addresses()) {
            if (!read(terms_.disputes, Call("credit(address)").word(who).finish()).is_zero())
                return false;
            for (const auto& game : games_)
                if (!read(game.proposal.game, Call("credit(address)").word(who).finish()).is_zero())
                    return false;
        }
        return true;
    }

    Violation stuck() {
        for (const auto& game : games_)
            if (!game.ended_at)
                return {"no one stuck",
                        "proposal " + std::to_string(game.proposal.index) + " never ended"};
        for (const auto& root : roots_)
            if (root.staker == honest_txs_.address() && !collected(root))
                return {"no one stuck", "a stake of the honest party is not paid out; " +
                                            challenger_.status().last_error};
        return {"no one stuck",
                "something is owed and not paid; " + challenger_.status().last_error};
    }

    std::optional<Violation> settle_accounts() {
        uint256 held;
        uint256 burnt;
        for (const auto& root : roots_) {
            const Bytes input =
                Call("rootAt(bytes32,bytes32)").word(root.place).word(root.node).finish();
            const uint256 stake = read(terms_.disputes, input, 2);
            if (!collected(root)) {
                held += stake;
            } else if (book_.place(root.place).confirmed != root.node) {
                burnt += stake / uint256{2};
            }
        }
        if (!honest_) return {};
        const uint256 owned = *parent_.balance(terms_.disputes);
        if (owned != held)
            return Violation{"conservation of bonds", "the contract has " + node::decimal(owned) +
                                                          " wei for " + node::decimal(held)};
        for (const auto& game : games_) {
            if (!parent_.balance(game.proposal.game)->is_zero())
                return Violation{"conservation of bonds", "a bond stayed in its proposal"};
            if (!game.right) burnt += table().bond / uint256{2};
        }
        const uint256 at_zero = *parent_.balance(Address{});
        if (at_zero != burnt)
            return Violation{
                "conservation of bonds",
                node::decimal(at_zero) + " wei are burnt, not " + node::decimal(burnt)};
        const uint256 before = *table().parent->balance(honest_txs_.address());
        const uint256 after = *parent_.balance(honest_txs_.address());
        if (after + parent_.fees_paid(honest_txs_.address()) < before)
            return Violation{"the honest party loses nothing but fees",
                             node::decimal(after) + " wei of " + node::decimal(before)};
        return {};
    }

    bool is_of_chain(const Bytes32& claim) const {
        for (std::uint64_t n = 0; n < ModelChain::last_block; ++n)
            if (stf::hash(chain_.at(n)) == claim) return true;
        return false;
    }
    bool collected(const KnownRoot& root) {
        return !read(terms_.disputes,
                     Call("rootAt(bytes32,bytes32)").word(root.place).word(root.node).finish(), 3)
                    .is_zero();
    }
    uint256 read(const Address& to, const Bytes& input, std::size_t word = 0) {
        const auto answer = parent_.call(to, input);
        return answer ? node::abi::word_at(*answer, word).value_or(uint256{}) : uint256{};
    }
    static const std::vector<Address>& player_addresses() {
        static const std::vector<Address> all = [] {
            std::vector<Address> out;
            for (std::uint64_t i = 0; i < players; ++i) out.push_back(player(i).address());
            return out;
        }();
        return all;
    }
    [[nodiscard]] std::string at_time() const {
        return std::to_string(parent_.now() - start_) + " s after the start";
    }

    Random random_;
    SimClock clock_;
    EventLog log_;
    EvmParent parent_;
    ModelChain& chain_;
    const node::DisputeTerms& terms_;
    node::TxManager honest_txs_;
    node::Challenger challenger_;
    node::TxManager crowd_txs_;
    bool honest_;
    std::uint64_t censorship_left_, censored_ = 0, censored_until_ = 0;  ///< units: seconds
    std::vector<std::unique_ptr<Liar>> liars_;
    node::DisputeBook book_;
    std::vector<ProposedGame> games_;
    std::vector<KnownRoot> roots_;
    std::uint64_t start_ = 0, ticks_ = 0, moves_ = 0;
    uint256 supply_;
};

}  // namespace

GameOutcome play(const GameOptions& options) {
    return Game(options).run();
}

}  // namespace mezz::sim
