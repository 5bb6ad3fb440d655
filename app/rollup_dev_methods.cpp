// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "app/dev_methods.hpp"
#include "app/param_list.hpp"

namespace mezz::app {
namespace {

using rpc::RawResult;

/// spec: EIP-1474, "Method not supported".
constexpr int not_supported = -32004;
constexpr std::uint64_t max_blocks = 1'000;
constexpr std::uint64_t max_jump_seconds = 100ULL * 365 * 24 * 3600;

std::unexpected<rpc::RpcError> refuse(int code, std::string message) {
    return std::unexpected(rpc::RpcError{code, std::move(message), {}});
}

/// What a chain cannot do whose every block anybody can make anew from its parent.
constexpr std::pair<const char*, const char*> underivable[] = {
    {"anvil_setBalance", "no batch could say so"},
    {"hardhat_setBalance", "no batch could say so"},
    {"anvil_setCode", "no batch could say so"},
    {"hardhat_setCode", "no batch could say so"},
    {"anvil_setNonce", "no batch could say so"},
    {"hardhat_setNonce", "no batch could say so"},
    {"evm_setAccountNonce", "no batch could say so"},
    {"anvil_setStorageAt", "no batch could say so"},
    {"hardhat_setStorageAt", "no batch could say so"},
    {"anvil_impersonateAccount", "a batch holds signed transactions alone"},
    {"hardhat_impersonateAccount", "a batch holds signed transactions alone"},
    {"anvil_stopImpersonatingAccount", "a batch holds signed transactions alone"},
    {"hardhat_stopImpersonatingAccount", "a batch holds signed transactions alone"},
    {"anvil_autoImpersonateAccount", "a batch holds signed transactions alone"},
    {"evm_snapshot", "it goes back with its parent alone"},
    {"anvil_snapshot", "it goes back with its parent alone"},
    {"evm_revert", "it goes back with its parent alone"},
    {"anvil_revert", "it goes back with its parent alone"},
    {"anvil_reset", "it begins anew with its parent alone"},
    {"hardhat_reset", "it begins anew with its parent alone"},
};

class Methods {
public:
    Methods(node::Sequencer& sequencer, node::Chain& chain, RollupDevOptions options)
        : sequencer_(sequencer), chain_(chain), options_(std::move(options)) {}

    RawResult mine(std::uint64_t count, const char* value) {
        if (count > max_blocks)
            return refuse(rpc::invalid_params,
                          "params: at most " + std::to_string(max_blocks) + " blocks at once");
        sequencer_.request_blocks(count);
        options_.wake();
        // The chain's thread makes them; it may have trouble first.
        while (sequencer_.wanted_blocks() > 0) {
            if (const std::string why = options_.trouble(); !why.empty())
                return refuse(rpc::server_error, "no block can be made: " + why);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return value;
    }

    RawResult increase_time(std::uint64_t seconds) {
        if (options_.clock == nullptr) return no_time();
        if (seconds > max_jump_seconds)
            return refuse(rpc::invalid_params, "params[0] (seconds): more than 100 years");
        const std::uint64_t ahead = options_.clock->advance(seconds * 1000);
        sequencer_.begin_anew();
        options_.wake();
        return std::to_string(ahead / 1000);
    }

    RawResult set_next_timestamp(std::uint64_t timestamp) {
        if (options_.clock == nullptr) return no_time();
        const auto head = chain_.header(chain_.head(node::Head::unsafe).number);
        if (!head) return refuse(rpc::server_error, head.error().message);
        const std::uint64_t last = *head ? (*head)->timestamp : 0;
        const std::uint64_t now = options_.clock->now_ms() / 1000;
        if (timestamp < last || timestamp < now)
            return refuse(rpc::invalid_params, "Timestamp error: " + std::to_string(timestamp) +
                                                   " is lower than now, " +
                                                   std::to_string(std::max(last, now)) +
                                                   ": the time of the parent does not go back");
        if (timestamp > now + max_jump_seconds)
            return refuse(rpc::invalid_params, "params[0] (timestamp): more than 100 years ahead");
        options_.clock->advance_to(timestamp * 1000);
        sequencer_.set_next_timestamp(timestamp);
        options_.wake();
        return "null";
    }

    RawResult set_automine(bool enabled) {
        if (enabled) sequencer_.set_block_time(0);
        sequencer_.set_instant(enabled);
        options_.wake();
        return "null";
    }

    RawResult set_interval(std::uint64_t seconds) {
        if (seconds > max_jump_seconds)
            return refuse(rpc::invalid_params, "params[0] (seconds): more than 100 years");
        sequencer_.set_instant(false);
        sequencer_.set_block_time(seconds * 1000);
        options_.wake();
        return "null";
    }

    [[nodiscard]] std::string refusal(const char* method, const char* why) const {
        return std::string(method) + ": this chain is derived from its parent, and " + why +
               "; do it on the parent, " + options_.parent_url;
    }

    node::Sequencer& sequencer() { return sequencer_; }

private:
    [[nodiscard]] RawResult no_time() const {
        return refuse(not_supported, "the time of this chain follows that of its parent, " +
                                         options_.parent_url + ", which this process does not run");
    }

    node::Sequencer& sequencer_;
    node::Chain& chain_;
    RollupDevOptions options_;
};

void add_time(rpc::RpcServer& server, const std::shared_ptr<Methods>& m) {
    server.add("evm_increaseTime",
               {"seconds: Quantity | integer -> integer",
                "Moves time forward, of both chains; gives all that it was moved by."},
               [m](std::string_view params) -> RawResult {
                   ParamList p(params);
                   const std::uint64_t seconds = p.number(0, "seconds");
                   return p.failed() ? RawResult(p.error()) : m->increase_time(seconds);
               });
    for (const char* name : {"evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp"})
        server.add(name,
                   {"timestamp: Quantity | integer -> null",
                    "The time of the next block; later ones go on from there."},
                   [m](std::string_view params) -> RawResult {
                       ParamList p(params);
                       const std::uint64_t timestamp = p.number(0, "timestamp");
                       return p.failed() ? RawResult(p.error()) : m->set_next_timestamp(timestamp);
                   });
}

void add_mining(rpc::RpcServer& server, const std::shared_ptr<Methods>& m) {
    server.add("evm_mine",
               {"options?: Quantity | integer | {timestamp?: Quantity | integer, blocks?: Quantity "
                "| integer} -> Quantity",
                "Makes a block, at a time if one is given."},
               [m](std::string_view params) -> RawResult {
                   ParamList p(params);
                   const auto [timestamp, blocks] = p.mine_options();
                   if (p.failed()) return p.error();
                   if (timestamp)
                       if (auto set = m->set_next_timestamp(*timestamp); !set) return set;
                   return m->mine(blocks, "\"0x0\"");
               });
    for (const char* name : {"anvil_mine", "hardhat_mine"})
        server.add(
            name,
            {"count?: Quantity | integer, interval?: Quantity | integer -> null", "Makes blocks."},
            [m](std::string_view params) -> RawResult {
                ParamList p(params);
                const std::uint64_t count = p.number_or(0, "count", 1),
                                    interval = p.number_or(1, "interval", 0);
                if (p.failed()) return p.error();
                if (interval == 0) return m->mine(count, "null");
                for (std::uint64_t i = 0; i < std::min(count, max_blocks); ++i) {
                    if (i > 0)
                        if (auto moved = m->increase_time(interval); !moved) return moved;
                    if (auto mined = m->mine(1, "null"); !mined) return mined;
                }
                return "null";
            });
    for (const char* name : {"evm_setAutomine", "anvil_setAutomine"})
        server.add(name,
                   {"enabled: boolean -> null",
                    "On: a block for each transaction, none on a clock. Off: none at all, unless "
                    "blocks come on a clock."},
                   [m](std::string_view params) -> RawResult {
                       ParamList p(params);
                       const bool enabled = p.flag(0, "enabled");
                       return p.failed() ? RawResult(p.error()) : m->set_automine(enabled);
                   });
    for (const char* name : {"evm_setIntervalMining", "anvil_setIntervalMining"})
        server.add(name,
                   {"seconds: Quantity | integer -> null",
                    "A block every so many seconds; 0: none on a clock, and none for each "
                    "transaction."},
                   [m](std::string_view params) -> RawResult {
                       ParamList p(params);
                       const std::uint64_t seconds = p.number(0, "seconds");
                       return p.failed() ? RawResult(p.error()) : m->set_interval(seconds);
                   });
    for (const char* name : {"anvil_getAutomine", "hardhat_getAutomine"})
        server.add(name, {"-> boolean", "Whether each transaction gets a block."},
                   [m](std::string_view) {
                       return RawResult(m->sequencer().instant() ? "true" : "false");
                   });
    server.add("anvil_getIntervalMining",
               {"-> integer | null", "Seconds between blocks; null: none on a clock."},
               [m](std::string_view) -> RawResult {
                   const std::uint64_t ms = m->sequencer().block_time_ms();
                   return ms == 0 ? "null" : std::to_string((ms + 999) / 1000);
               });
}

}  // namespace

void add_rollup_dev_methods(rpc::RpcServer& server, node::Sequencer& sequencer, node::Chain& chain,
                            node::Pool& pool, RollupDevOptions options) {
    const auto methods = std::make_shared<Methods>(sequencer, chain, std::move(options));
    add_time(server, methods);
    add_mining(server, methods);
    add_pool_dev_methods(server, pool);
    for (const auto& [method, reason] : underivable)
        server.add(method, {"-> any", "Refused: the chain is derived from its parent.", true},
                   [methods, name = method, why = reason](std::string_view) -> RawResult {
                       return refuse(not_supported, methods->refusal(name, why));
                   });
}

}  // namespace mezz::app
