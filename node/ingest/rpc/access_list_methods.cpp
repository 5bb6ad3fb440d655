// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// eth_createAccessList: runs a call until the list of what it touches no longer changes.
#include <map>
#include <set>

#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

using Touched = std::map<Address, std::set<Bytes32>>;

/// Notes every account and slot an instruction names. spec: EIP-2929.
class AccessObserver final : public evm::Observer {
public:
    explicit AccessObserver(TimeLimit& limit) : limit_(limit) {}
    Touched touched;

    [[nodiscard]] bool stops() const override { return limit_.ended(); }
    void on_step(const Step& step) override {
        if (limit_.is_over_now_and_then()) return;
        const auto& stack = step.stack;
        const auto top = [&](std::size_t depth) { return stack[stack.size() - 1 - depth]; };
        switch (step.opcode) {
            case 0x54:  // SLOAD
            case 0x55:  // SSTORE
                if (!stack.empty()) touched[*step.address].insert(to_bytes32(top(0)));
                break;
            case 0x31:  // BALANCE
            case 0x3b:  // EXTCODESIZE
            case 0x3c:  // EXTCODECOPY
            case 0x3f:  // EXTCODEHASH
            case 0xff:  // SELFDESTRUCT
                if (!stack.empty()) touched[to_address(top(0))];
                break;
            case 0xf1:  // CALL
            case 0xf2:  // CALLCODE
            case 0xf4:  // DELEGATECALL
            case 0xfa:  // STATICCALL
                if (stack.size() >= 2) touched[to_address(top(1))];
                break;
            default:
                break;
        }
    }

private:
    TimeLimit& limit_;
};

/// Accounts that are warm anyway need no entry unless slots of theirs are named.
std::vector<AccessEntry> to_list(const Touched& touched, const std::set<Address>& warm,
                                 Revision revision) {
    std::vector<AccessEntry> list;
    for (const auto& [address, keys] : touched) {
        if (evm::is_precompile(address, revision)) continue;
        if (keys.empty() && warm.contains(address)) continue;
        list.push_back({address, {keys.begin(), keys.end()}});
    }
    return list;
}

void create_access_list(const Call& c) {
    CallArguments arguments = read_call(c.params.at(0));
    CallRunner runner(c.context, estimate_block(c.context, c.params.get(1)),
                      read_overrides(c.params.get(2)));
    const Address target = arguments.call.to.value_or(
        create_address(arguments.call.from, runner.nonce(arguments.call.from)));
    const std::set<Address> warm{arguments.call.from, target, runner.block().coinbase};
    Touched known;
    for (const AccessEntry& e : arguments.call.access_list)
        known[e.address].insert(e.storage_keys.begin(), e.storage_keys.end());
    for (int round = 0;; ++round) {
        AccessObserver observer(runner.limit());
        observer.touched = known;
        const exec::SimulationResult r = runner.run_call(arguments, &observer);
        auto list = to_list(observer.touched, warm, runner.revision());
        if (list != arguments.call.access_list && round < 8) {
            arguments.call.access_list = std::move(list);
            continue;
        }
        return c.out.object([&] {
            print_access_list(c.out.field("accessList"), list);
            if (r.status != evm::Status::success)
                c.out.field("error").string(failure_message(r.status));
            c.out.field("gasUsed").quantity(r.gas_used);
        });
    }
}

}  // namespace

void add_access_list_methods(MethodTable& table) {
    table.add("eth_createAccessList",
              {"call: Call, block?: BlockId, stateOverrides?: StateOverrides -> AccessListResult",
               "What a call touches, and the gas it uses with that list."},
              create_access_list);
}

}  // namespace mezz::rpc
