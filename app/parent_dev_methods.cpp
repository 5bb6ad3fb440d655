// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <future>

#include "app/dev_methods.hpp"
#include "app/param_list.hpp"
#include "core/base/endian.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/codec/hex.hpp"
#include "node/derive/parent_watcher.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

using rpc::RawResult;

constexpr std::uint64_t max_blocks = 10'000;
/// The longest one call may move time by. units: seconds.
constexpr std::uint64_t max_jump_seconds = 100ULL * 365 * 24 * 3600;
constexpr std::string_view beginning_row = "dev_beginning";
/// As many blocks as a rollup remembers of its parent (node::WatcherOptions), and room for some
/// that come meanwhile.
constexpr std::uint64_t deepest_reset = node::WatcherOptions{}.remembered_blocks - 12;

std::unexpected<rpc::RpcError> refuse(int code, std::string message) {
    return std::unexpected(rpc::RpcError{code, std::move(message), {}});
}

RawResult answer(const node::Result<void>& done, const char* value) {
    if (!done) return refuse(rpc::server_error, done.error().message);
    return value;
}

void add_all(rpc::RpcServer& server, std::initializer_list<const char*> names,
             const rpc::MethodDoc& doc, const rpc::RawMethod& method) {
    for (const char* name : names) server.add(name, doc, method);
}

}  // namespace

ParentDevMethods::ParentDevMethods(node::EmbeddedParent& parent, node::Chain& chain,
                                   node::Pool& pool, DevClock& clock, std::function<void()> wake)
    : parent_(parent), chain_(chain), pool_(pool), clock_(clock), wake_(std::move(wake)) {}

void ParentDevMethods::add_to(rpc::RpcServer& server) {
    add_time(server);
    add_mining(server);
    add_state(server);
    add_accounts(server);
    add_snapshots(server);
    add_pool_dev_methods(server, pool_);
}

bool ParentDevMethods::impersonates(const Address& address) {
    const std::scoped_lock lock(mutex_);
    return impersonates_all_ || impersonated_.contains(address);
}

RawResult ParentDevMethods::on_chain(Work work) {
    auto done = std::make_shared<std::promise<RawResult>>();
    auto result = done->get_future();
    parent_.post(
        [done, work = std::move(work)](std::uint64_t now_ms) { done->set_value(work(now_ms)); });
    wake_();
    return result.get();
}

// --- time -------------------------------------------------------------------------------------

RawResult ParentDevMethods::set_next_timestamp(std::string_view params) {
    ParamList p(params);
    const std::uint64_t timestamp = p.number(0, "timestamp");
    if (p.failed()) return p.error();
    return on_chain([this, timestamp](std::uint64_t now_ms) -> RawResult {
        const auto head = chain_.header(chain_.head(node::Head::unsafe).number);
        if (!head) return refuse(rpc::server_error, head.error().message);
        const std::uint64_t last = *head ? (*head)->timestamp : 0;
        if (timestamp <= last)
            return refuse(rpc::invalid_params,
                          "Timestamp error: " + std::to_string(timestamp) +
                              " is lower than or equal to previous block's timestamp " +
                              std::to_string(last));
        if (timestamp > now_ms / 1000 + max_jump_seconds)
            return refuse(rpc::invalid_params, "params[0] (timestamp): more than 100 years ahead");
        parent_.set_next_timestamp(timestamp);
        clock_.advance_to(timestamp * 1000);
        return "null";
    });
}

void ParentDevMethods::add_time(rpc::RpcServer& server) {
    server.add("evm_increaseTime",
               {"seconds: Quantity | integer -> integer",
                "Moves time forward, of the rollup too; gives all that it was moved by."},
               [this](std::string_view params) -> RawResult {
                   ParamList p(params);
                   const std::uint64_t seconds = p.number(0, "seconds");
                   if (p.failed()) return p.error();
                   if (seconds > max_jump_seconds)
                       return refuse(rpc::invalid_params,
                                     "params[0] (seconds): more than 100 years");
                   return std::to_string(clock_.advance(seconds * 1000) / 1000);
               });
    add_all(server, {"evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp"},
            {"timestamp: Quantity | integer -> null",
             "The time of the next block; later ones go on from there."},
            [this](std::string_view params) { return set_next_timestamp(params); });
}

// --- mining -----------------------------------------------------------------------------------

RawResult ParentDevMethods::mine(std::uint64_t count, std::uint64_t interval_seconds) {
    if (count > max_blocks)
        return refuse(rpc::invalid_params,
                      "params: at most " + std::to_string(max_blocks) + " blocks at once");
    if (interval_seconds > max_jump_seconds / max_blocks)
        return refuse(rpc::invalid_params, "params: the interval is too long");
    return on_chain([this, count, interval_seconds](std::uint64_t) -> RawResult {
        for (std::uint64_t i = 0; i < count; ++i) {
            if (i > 0 && interval_seconds > 0) {
                const auto head = chain_.header(chain_.head(node::Head::unsafe).number);
                if (head && *head) {
                    parent_.set_next_timestamp((*head)->timestamp + interval_seconds);
                    clock_.advance_to(((*head)->timestamp + interval_seconds) * 1000);
                }
            }
            if (auto done = parent_.make_block(clock_.now_ms()); !done)
                return refuse(rpc::server_error, done.error().message);
        }
        return "null";
    });
}

void ParentDevMethods::add_mining(rpc::RpcServer& server) {
    server.add("evm_mine",
               {"options?: Quantity | integer | {timestamp?: Quantity | integer, blocks?: Quantity "
                "| integer} -> Quantity",
                "Makes a block, at a time if one is given."},
               [this](std::string_view params) -> RawResult {
                   ParamList p(params);
                   const auto [timestamp, blocks] = p.mine_options();
                   if (p.failed()) return p.error();
                   if (timestamp)
                       if (auto set = set_next_timestamp("[" + std::to_string(*timestamp) + "]");
                           !set)
                           return set;
                   if (auto mined = mine(blocks, 0); !mined) return mined;
                   return "\"0x0\"";
               });
    add_all(server, {"anvil_mine", "hardhat_mine"},
            {"count?: Quantity | integer, interval?: Quantity | integer -> null",
             "Makes blocks, with seconds between them if given."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                const std::uint64_t count = p.number_or(0, "count", 1),
                                    interval = p.number_or(1, "interval", 0);
                if (p.failed()) return p.error();
                return mine(count, interval);
            });
    add_all(server, {"evm_setAutomine", "anvil_setAutomine"},
            {"enabled: boolean -> null",
             "On: a block for each transaction, none on a clock. Off: none at all, unless blocks "
             "come on a clock."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                const bool enabled = p.flag(0, "enabled");
                if (p.failed()) return p.error();
                if (enabled) parent_.set_block_time(0);
                parent_.set_instant(enabled);
                parent_.request_instant();
                wake_();
                return "null";
            });
    add_all(server, {"evm_setIntervalMining", "anvil_setIntervalMining"},
            {"seconds: Quantity | integer -> null",
             "A block every so many seconds; 0: none on a clock, and none for each transaction."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                const std::uint64_t seconds = p.number(0, "seconds");
                if (p.failed()) return p.error();
                if (seconds > max_jump_seconds)
                    return refuse(rpc::invalid_params, "params[0] (seconds): more than 100 years");
                parent_.set_instant(false);
                parent_.set_block_time(seconds * 1000);
                wake_();
                return "null";
            });
    add_all(server, {"anvil_getAutomine", "hardhat_getAutomine"},
            {"-> boolean", "Whether each transaction gets a block."},
            [this](std::string_view) { return RawResult(parent_.instant() ? "true" : "false"); });
    server.add("anvil_getIntervalMining",
               {"-> integer | null", "Seconds between blocks; null: none on a clock."},
               [this](std::string_view) -> RawResult {
                   const std::uint64_t ms = parent_.block_time_ms();
                   return ms == 0 ? "null" : std::to_string((ms + 999) / 1000);
               });
    server.add(
        "anvil_reorg",
        {"depth?: Quantity | integer, transactions?: any[] -> null",
         "Replaces the last blocks by others without their transactions; none can be named."},
        [this](std::string_view params) { return reorg(params, false); });
    server.add("mezz_reorg",
               {"depth?: Quantity | integer -> null",
                "Replaces the last blocks by others; their transactions return to the pool."},
               [this](std::string_view params) { return reorg(params, true); });
}

RawResult ParentDevMethods::reorg(std::string_view params, bool keep) {
    ParamList p(params);
    const std::uint64_t depth = p.number_or(0, "depth", 1);
    p.no_list(1, "transactions");
    if (p.failed()) return p.error();
    parent_.request_reorg(depth, keep);
    wake_();
    while (parent_.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return "null";
}

// --- state ------------------------------------------------------------------------------------

/// A change is a block of its own, so that headers, proofs and whoever follows the chain agree.
RawResult ParentDevMethods::edit(node::StateEdit edit) {
    return on_chain([this, edit = std::move(edit)](std::uint64_t now_ms) -> RawResult {
        const auto done = parent_.make_edit_block({edit}, now_ms);
        if (done && edit.nonce) pool_.settle({{edit.address, *edit.nonce}});
        return answer(done, "null");
    });
}

void ParentDevMethods::add_state(rpc::RpcServer& server) {
    add_all(server, {"anvil_setBalance", "hardhat_setBalance"},
            {"address: Address, wei: Quantity | integer -> null",
             "Sets a balance, in a block of its own."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                node::StateEdit e;
                e.address = p.address(0, "address");
                e.balance = p.word(1, "wei");
                return p.failed() ? RawResult(p.error()) : edit(std::move(e));
            });
    add_all(server, {"anvil_setCode", "hardhat_setCode"},
            {"address: Address, code: Bytes -> null", "Sets the code, in a block of its own."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                node::StateEdit e;
                e.address = p.address(0, "address");
                e.code = p.bytes(1, "code");
                return p.failed() ? RawResult(p.error()) : edit(std::move(e));
            });
    add_all(server, {"anvil_setNonce", "hardhat_setNonce", "evm_setAccountNonce"},
            {"address: Address, nonce: Quantity | integer -> null",
             "Sets the nonce, in a block of its own."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                node::StateEdit e;
                e.address = p.address(0, "address");
                e.nonce = p.number(1, "nonce");
                return p.failed() ? RawResult(p.error()) : edit(std::move(e));
            });
    add_all(server, {"anvil_setStorageAt", "hardhat_setStorageAt"},
            {"address: Address, slot: Quantity | integer | Slot, value: Hash -> boolean",
             "Sets a slot, in a block of its own."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                node::StateEdit e;
                e.address = p.address(0, "address");
                const uint256 slot = p.word(1, "slot"), value = p.word(2, "value");
                e.storage.emplace_back(to_bytes32(slot), value);
                if (p.failed()) return p.error();
                if (auto done = edit(std::move(e)); !done) return done;
                return "true";
            });
}

// --- accounts ---------------------------------------------------------------------------------

void ParentDevMethods::add_accounts(rpc::RpcServer& server) {
    add_all(server, {"anvil_impersonateAccount", "hardhat_impersonateAccount"},
            {"address: Address -> null",
             "Lets eth_sendTransaction send from an account without its key."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                const Address address = p.address(0, "address");
                if (p.failed()) return p.error();
                const std::scoped_lock lock(mutex_);
                impersonated_.insert(address);
                return "null";
            });
    add_all(server, {"anvil_stopImpersonatingAccount", "hardhat_stopImpersonatingAccount"},
            {"address: Address -> null", "Ends that."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                const Address address = p.address(0, "address");
                if (p.failed()) return p.error();
                const std::scoped_lock lock(mutex_);
                impersonated_.erase(address);
                return "null";
            });
    server.add("anvil_autoImpersonateAccount",
               {"enabled: boolean -> null", "The same for every account."},
               [this](std::string_view params) -> RawResult {
                   ParamList p(params);
                   const bool enabled = p.flag(0, "enabled");
                   if (p.failed()) return p.error();
                   const std::scoped_lock lock(mutex_);
                   impersonates_all_ = enabled;
                   return "null";
               });
}

// --- snapshots --------------------------------------------------------------------------------

RawResult ParentDevMethods::snapshot() {
    return on_chain([this](std::uint64_t) -> RawResult {
        const std::scoped_lock lock(mutex_);
        snapshots_[next_snapshot_] = chain_.head(node::Head::unsafe);
        return rpc::quote(rpc::quantity_text(uint256{next_snapshot_++}));
    });
}

RawResult ParentDevMethods::revert(std::uint64_t id) {
    return on_chain([this, id](std::uint64_t) -> RawResult {
        node::BlockRef block;
        {
            const std::scoped_lock lock(mutex_);
            const auto found = snapshots_.find(id);
            if (found == snapshots_.end()) return "false";
            block = found->second;
            // It can be used once, and later ones are of a chain that is gone.
            snapshots_.erase(found, snapshots_.end());
        }
        if (chain_.hash_of(block.number) != block.hash) return "false";
        return answer(parent_.revert_to(block.number), "true");
    });
}

node::Result<void> ParentDevMethods::keep_as_beginning() {
    std::promise<node::Result<void>> done;
    parent_.post([&](std::uint64_t) {
        Bytes number;
        append_be64(number, chain_.head(node::Head::unsafe).number);
        done.set_value(chain_.put_meta(beginning_row, number));
    });
    wake_();
    return done.get_future().get();
}

/// Not to block 0: the rollup's contracts came after it, and without them there is no rollup.
RawResult ParentDevMethods::reset(std::string_view params) {
    ParamList p(params);
    if (p.has(0) && p.is_object(0) && p.has_member(0, "forking"))
        return refuse(rpc::invalid_params,
                      "params[0].forking: forks of other chains are not supported");
    if (p.failed()) return p.error();
    return on_chain([this](std::uint64_t) -> RawResult {
        const auto kept = chain_.meta(beginning_row);
        if (!kept) return refuse(rpc::server_error, kept.error().message);
        if (!*kept || (*kept)->size() != 8)
            return refuse(rpc::server_error,
                          "the state directory does not say where the chain began; start mezz dev "
                          "with an empty --state");
        const std::uint64_t to = load_be64((*kept)->data());
        const std::uint64_t head = chain_.head(node::Head::unsafe).number;
        if (head > to + deepest_reset)
            return refuse(rpc::server_error,
                          "the chain began " + std::to_string(head - to) +
                              " blocks ago, and the rollup follows a reorganisation of at most " +
                              std::to_string(deepest_reset) +
                              "; start mezz dev with an empty --state");
        {
            const std::scoped_lock lock(mutex_);
            snapshots_.clear();
            impersonated_.clear();
            impersonates_all_ = false;
        }
        const auto done = parent_.revert_to(to);
        pool_.forget_all();
        return answer(done, "null");
    });
}

void ParentDevMethods::add_snapshots(rpc::RpcServer& server) {
    add_all(server, {"evm_snapshot", "anvil_snapshot"},
            {"-> Quantity", "Notes the head, to come back to; gives its id."},
            [this](std::string_view) { return snapshot(); });
    add_all(server, {"evm_revert", "anvil_revert"},
            {"id: Quantity | integer -> boolean",
             "Goes back to a snapshot; the rollup follows as after a reorganisation. Time stays."},
            [this](std::string_view params) -> RawResult {
                ParamList p(params);
                const std::uint64_t id = p.number(0, "id");
                return p.failed() ? RawResult(p.error()) : revert(id);
            });
    add_all(server, {"anvil_reset", "hardhat_reset"},
            {"options?: any -> null",
             "Goes back to where the rollup's contracts had just been made, and forgets snapshots, "
             "impersonated accounts and what waits; the rollup begins anew. No forks. Time stays."},
            [this](std::string_view params) { return reset(params); });
}

void add_pool_dev_methods(rpc::RpcServer& server, node::Pool& pool) {
    add_all(server, {"anvil_dropTransaction", "hardhat_dropTransaction"},
            {"hash: Hash -> Hash | null", "Forgets a waiting transaction; null: there is none."},
            [&pool](std::string_view params) -> RawResult {
                ParamList p(params);
                const Bytes32 hash = p.hash(0, "hash");
                if (p.failed()) return p.error();
                return pool.forget(hash) == 0 ? "null" : rpc::quote_hex(hash);
            });
    server.add("anvil_dropAllTransactions", {"-> null", "Forgets all waiting transactions."},
               [&pool](std::string_view) -> RawResult {
                   pool.forget_all();
                   return "null";
               });
    server.add("anvil_removePoolTransactions",
               {"address: Address -> null", "Forgets the waiting transactions of a sender."},
               [&pool](std::string_view params) -> RawResult {
                   ParamList p(params);
                   const Address address = p.address(0, "address");
                   if (p.failed()) return p.error();
                   pool.forget(address);
                   return "null";
               });
}

}  // namespace mezz::app
