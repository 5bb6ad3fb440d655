// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/tracers/flat_calls.hpp"

#include "core/vm/evm/opcodes.hpp"
#include "node/ingest/rpc/tracers/status_text.hpp"

namespace mezz::trace {
namespace {

struct Words {
    std::string_view ours;
    std::string_view theirs;
};
constexpr Words WHOLE[] = {
    {"contract creation code storage out of gas", "Out of gas"},
    {"out of gas", "Out of gas"},
    {"max code size exceeded", "Out of gas"},
    {"invalid jump destination", "Bad jump destination"},
    {"execution reverted", "Reverted"},
    {"return data out of bounds", "Out of bounds"},
    {"precompile failed", "Built-in failed"},
};
constexpr Words STARTS[] = {
    {"out of gas: ", "Out of gas"},  // with what was short
    {"invalid opcode", "Bad instruction"},
    {"stack underflow", "Stack underflow"},
    {"stack limit reached", "Out of stack"},
};

std::string convert(const std::string& error) {
    for (const auto& [ours, theirs] : WHOLE)
        if (error == ours) return std::string(theirs);
    for (const auto& [ours, theirs] : STARTS)
        if (error.starts_with(ours)) return std::string(theirs);
    return error;
}

class Flattener {
public:
    Flattener(Revision revision, const FlatOptions& options)
        : revision_(revision), options_(options) {}

    void add(CallFrame frame, std::vector<std::size_t> address) {
        std::vector<CallFrame> calls = std::move(frame.calls);
        frame.calls.clear();
        if (!options_.include_precompiles)
            std::erase_if(calls, [&](const CallFrame& c) { return is_hidden(c); });
        // A revert has output that says why; any other failure has no result.
        const bool has_result =
            frame.opcode != evm::OP_SELFDESTRUCT &&
            (frame.error.empty() || frame.error == status_text(evm::Status::revert));
        if (options_.convert_errors) frame.error = convert(frame.error);
        list.push_back({std::move(frame), calls.size(), address, has_result});
        address.push_back(0);
        for (std::size_t i = 0; i < calls.size(); ++i) {
            address.back() = i;
            if (!calls[i].value) calls[i].value.emplace();
            add(std::move(calls[i]), address);
        }
    }

    std::vector<FlatCall> list;

private:
    [[nodiscard]] bool is_hidden(const CallFrame& call) const {
        return (call.opcode == evm::OP_CALL || call.opcode == evm::OP_STATICCALL) && call.to &&
               evm::is_precompile(*call.to, revision_);
    }

    Revision revision_;
    const FlatOptions& options_;
};

}  // namespace

std::vector<FlatCall> flatten(CallFrame top, Revision revision, const FlatOptions& options) {
    Flattener flattener(revision, options);
    flattener.add(std::move(top), {});
    return std::move(flattener.list);
}

}  // namespace mezz::trace
