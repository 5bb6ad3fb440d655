// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/simulation.hpp"

#include <map>

#include "core/exec/header.hpp"
#include "core/trie/trie.hpp"
#include "core/types/block.hpp"
#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/tracers/transfer_logger.hpp"
#include "node/ports/header_context.hpp"

namespace mezz::rpc {
namespace {

constexpr std::uint64_t WEI_PER_GWEI = 1'000'000'000;
constexpr int BLOCK_GAS_EXHAUSTED = -38015;

/// Ancestors that were simulated, then those of the chain.
class Ancestors final : public BlockHashes {
public:
    Ancestors(node::ChainReader& chain, std::uint64_t base) : chain_(chain), base_(base) {}
    Bytes32 hash(std::uint64_t number) override {
        if (number <= base_) return chain_.hash_of(number);
        const auto found = simulated_.find(number);
        return found == simulated_.end() ? Bytes32{} : found->second;
    }
    void add(std::uint64_t number, const Bytes32& hash) { simulated_[number] = hash; }

private:
    node::ChainReader& chain_;
    std::uint64_t base_;
    std::map<std::uint64_t, Bytes32> simulated_;
};

/// spec: execution-apis, eth_simulateV1, "Errors".
int code_of(exec::TxError error) {
    using enum exec::TxError;
    switch (error) {
        case NONCE_MISMATCH_TOO_LOW:
            return -38010;
        case NONCE_MISMATCH_TOO_HIGH:
            return -38011;
        case INSUFFICIENT_MAX_FEE_PER_GAS:
            return -38012;
        case INTRINSIC_GAS_TOO_LOW:
        case INTRINSIC_GAS_BELOW_FLOOR_GAS_COST:
            return -38013;
        case INSUFFICIENT_ACCOUNT_FUNDS:
            return -38014;
        case GAS_ALLOWANCE_EXCEEDED:
            return BLOCK_GAS_EXHAUSTED;
        case INITCODE_SIZE_EXCEEDED:
            return -38025;
        default:
            return internal_error;
    }
}

class Simulation {
public:
    Simulation(Context& context, std::uint64_t base, const SimulationRequest& request)
        : spec_(context.chain.spec()),
          request_(request),
          parent_(*unwrap(context.chain.header(base))),
          parent_hash_(context.chain.hash_of(base)),
          state_(unwrap(context.chain.state(base))),
          ancestors_(context.chain, base),
          limit_(context.chain.make_runner(), context.options.call_timeout_ms, context.stopping),
          gas_left_(context.options.call_gas_cap) {}

    SimulatedBlock run(const BlockCalls& calls) {
        const Header header = begin(calls);
        SimulatedBlock out = execute(calls, header);
        parent_ = out.full.block.header;
        parent_hash_ = out.full.block.hash;
        ancestors_.add(parent_.number, parent_hash_);
        return out;
    }

private:
    Header begin(const BlockCalls& calls) const {
        const Revision revision = spec_.revision_at(calls.timestamp);
        Header h;
        h.parent_hash = parent_hash_;
        h.number = calls.number;
        h.timestamp = calls.timestamp;
        h.gas_limit = calls.gas_limit.value_or(parent_.gas_limit);
        h.coinbase = calls.coinbase.value_or(parent_.coinbase);
        h.prev_randao = calls.prev_randao.value_or(Bytes32{});
        const ParentFees fees{
            parent_.gas_limit, parent_.gas_used, parent_.base_fee_per_gas.value_or(uint256{}),
            parent_.blob_gas_used.value_or(0), parent_.excess_blob_gas.value_or(0)};
        if (revision >= Revision::london)
            h.base_fee_per_gas = calls.base_fee.value_or(
                request_.validates ? next_base_fee(spec_, fees) : uint256{});
        if (revision >= Revision::cancun) {
            h.blob_gas_used = 0;
            h.excess_blob_gas = next_excess_blob_gas(spec_, h.timestamp, fees);
            h.parent_beacon_block_root = calls.parent_beacon_root.value_or(Bytes32{});
        }
        if (revision >= Revision::prague) h.requests_hash = EMPTY_REQUESTS_HASH;
        return h;
    }

    void pretend_overrides(const std::vector<exec::AccountOverride>& overrides, Revision revision) {
        for (const exec::AccountOverride& o : overrides)
            if (o.moves_precompile_to && !evm::is_precompile(o.address, revision))
                fail(server_error, "account " + hex_text(o.address) + " is not a precompile");
        if (!overrides.empty()) unwrap(state_->pretend(diff_of(*state_, overrides)));
    }

    Transaction transaction_of(const CallArguments& a, const exec::BlockExecutor& executor,
                               std::uint64_t block_gas, std::uint64_t nonce) const {
        Transaction t;
        t.type = !a.call.authorizations.empty() ? TxType::set_code
                 : !a.call.blob_hashes.empty()  ? TxType::blob
                 : a.gas_price                  ? TxType::legacy
                                                : TxType::dynamic_fee;
        if (t.type != TxType::legacy) t.chain_id = a.chain_id.value_or(spec_.chain_id);
        t.nonce = a.nonce.value_or(nonce);
        t.max_fee_per_gas = a.fee_cap();
        t.max_priority_fee_per_gas =
            a.gas_price ? *a.gas_price : a.max_priority_fee_per_gas.value_or(uint256{});
        t.max_fee_per_blob_gas = a.max_fee_per_blob_gas.value_or(uint256{});
        const std::uint64_t room = block_gas - executor.gas_used();
        if (a.gas.value_or(room) > room)
            fail(BLOCK_GAS_EXHAUSTED,
                 "block gas limit reached: " + std::to_string(executor.gas_used()) +
                     " >= " + std::to_string(block_gas));
        t.gas_limit = std::min(a.gas.value_or(room), gas_left_);
        t.to = a.call.to;
        t.value = a.call.value;
        t.data = a.call.data;
        t.access_list = a.call.access_list;
        t.blob_hashes = a.call.blob_hashes;
        t.authorizations = a.call.authorizations;
        return t;
    }

    SimulatedBlock execute(const BlockCalls& calls, Header header);
    void run_calls(const BlockCalls& calls, const Header& header, exec::BlockExecutor& executor,
                   SimulatedBlock& out);
    void seal(Header& header, SimulatedBlock& out);

    const ChainSpec& spec_;
    const SimulationRequest& request_;
    Header parent_;
    Bytes32 parent_hash_;
    std::unique_ptr<node::StateReader> state_;
    Ancestors ancestors_;
    TimeLimit limit_;
    std::uint64_t gas_left_;
};

void Simulation::run_calls(const BlockCalls& calls, const Header& header,
                           exec::BlockExecutor& executor, SimulatedBlock& out) {
    node::StoredBlock& block = out.full.block;
    std::map<Address, std::uint64_t> nonces;  // of the senders so far
    trace::TransferLogger transfers;
    if (request_.transfers) executor.set_observer(&transfers);
    for (const CallArguments& call : calls.calls) {
        call.require_chain(spec_.chain_id);
        const Address& sender = call.call.from;
        const auto known = nonces.find(sender);
        const std::uint64_t nonce = known != nonces.end()
                                        ? known->second
                                        : state_->account(sender).value_or(Account{}).nonce;
        const Transaction txn = transaction_of(call, executor, header.gas_limit, nonce);
        auto done = executor.call(txn, sender, request_.validates);
        (void)limit_.is_over();
        limit_.check();
        if (!done)
            fail(code_of(done.error()), "err: " + std::string(exec::name(done.error())) +
                                            ": address " + hex_text(sender) + " (supplied gas " +
                                            std::to_string(txn.gas_limit) + ")");
        nonces[sender] = nonce + 1;
        gas_left_ -= std::min(gas_left_, done->gas_used);
        SimulatedCall result;
        result.status = done->status;
        result.output = std::move(done->output);
        result.gas_used = done->gas_used;
        result.most_used = done->most_used;
        result.logs = request_.transfers ? transfers.take() : done->receipt.logs;
        out.calls.push_back(std::move(result));
        block.transaction_hashes.push_back(hash(txn));
        block.transactions.push_back(txn);
        block.senders.push_back(sender);
        out.full.receipts.push_back(std::move(done->receipt));
    }
    executor.set_observer(nullptr);
}

SimulatedBlock Simulation::execute(const BlockCalls& calls, Header header) {
    const Revision revision = spec_.revision_at(header.timestamp);
    pretend_overrides(calls.overrides, revision);
    const auto moves = exec::precompile_moves(calls.overrides, revision);
    const BlockContext context = node::context_of(header);
    SimulatedBlock out;
    exec::BlockExecutor executor(*state_, spec_, context, ancestors_);
    executor.set_runner(&limit_);
    executor.set_precompile_moves(moves);
    executor.begin();
    run_calls(calls, header, executor, out);
    for (const Withdrawal& w : calls.withdrawals)
        executor.credit(w.address, uint256{w.amount_gwei} * uint256{WEI_PER_GWEI});
    const bool has_requests =
        state_->account(exec::WITHDRAWAL_REQUEST_CONTRACT).value_or(Account{}).code_hash !=
        EMPTY_CODE_HASH;
    if (revision >= Revision::prague && !spec_.is_rollup && has_requests) {
        const auto requests = executor.requests(out.full.receipts);
        if (!requests) fail(server_error, std::string(exec::name(requests.error())));
        header.requests_hash = exec::requests_hash(*requests);
    }
    header.gas_used = executor.gas_used();
    if (header.blob_gas_used) header.blob_gas_used = executor.blob_gas_used();
    header.state_root = unwrap(state_->pretend(executor.finish()));
    out.full.block.withdrawals = calls.withdrawals;
    seal(header, out);
    return out;
}

void Simulation::seal(Header& header, SimulatedBlock& out) {
    node::StoredBlock& block = out.full.block;
    std::vector<Bytes> items;
    for (const Transaction& t : block.transactions) items.push_back(encode(t));
    header.transactions_root = trie::ordered_root(items);
    items.clear();
    std::uint64_t logs = 0;
    for (const Receipt& r : out.full.receipts) {
        items.push_back(encode(r));
        merge(header.logs_bloom, r.bloom);
        out.full.first_log.push_back(logs);
        logs += r.logs.size();
    }
    header.receipts_root = trie::ordered_root(items);
    const Revision revision = spec_.revision_at(header.timestamp);
    if (spec_.is_rollup) {
        header.withdrawals_root =
            unwrap(state_->prove(spec_.rollup.message_passer, {})).storage_root;
    } else if (revision >= Revision::shanghai) {
        items.clear();
        for (const Withdrawal& w : block.withdrawals) items.push_back(encode(w));
        header.withdrawals_root = trie::ordered_root(items);
    }
    block.header = header;
    block.hash = hash(header);
    Block whole{header, block.transactions, {}, {}};
    if (header.withdrawals_root) whole.withdrawals = block.withdrawals;
    block.size_bytes = encode(whole).size();
}

}  // namespace

std::vector<SimulatedBlock> simulate_blocks(Context& context, std::uint64_t base,
                                            const SimulationRequest& request) {
    Simulation simulation(context, base, request);
    std::vector<SimulatedBlock> out;
    for (const BlockCalls& block : request.blocks) out.push_back(simulation.run(block));
    return out;
}

}  // namespace mezz::rpc
