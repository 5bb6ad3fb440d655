// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Every instruction of a transaction: geth's structured opcode logger.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/vm/evm/evm.hpp"

namespace mezz::trace {

struct StructLog {
    std::uint64_t pc = 0;
    std::uint8_t opcode = 0;
    std::int64_t gas = 0;       ///< before the instruction.
    std::int64_t gas_cost = 0;  ///< what it took; a call's includes the gas it passed on.
    std::int32_t depth = 1;     ///< 1 = the transaction's own frame.
    std::int64_t refund = 0;
    std::vector<uint256> stack;  ///< bottom first.
    Bytes memory;
    Bytes return_data;
    /// Slots of the frame's account known so far; set for SLOAD and SSTORE.
    std::optional<std::map<Bytes32, Bytes32>> storage;
    std::string error;  ///< why the instruction failed.
};

class StructLogger final : public evm::Observer {
public:
    struct Options {
        bool without_stack = false;
        bool without_storage = false;
        bool with_memory = false;
        bool with_return_data = false;
        std::size_t limit = 0;  ///< most entries; 0 = no limit.
    };
    explicit StructLogger(const Options& options) : options_(options) {}

    void on_step(const Step& step) override;
    void on_enter(const evm::Message& message, const Address& create_address) override;
    void on_exit(evm::Status status, std::int64_t gas_left, ByteView output) override;

    [[nodiscard]] const std::vector<StructLog>& logs() const noexcept { return logs_; }
    /// Memory the entries hold, about.
    [[nodiscard]] std::size_t size_bytes() const noexcept { return size_bytes_; }
    [[nodiscard]] std::vector<StructLog> take() noexcept { return std::move(logs_); }

private:
    struct Frame {
        bool creates = false;
        std::optional<std::size_t> last;  ///< its latest entry, whose cost is not known yet.
        std::int64_t passed_on = 0;       ///< gas a creation got and that is not its cost.
        std::int64_t came_back = 0;       ///< gas the latest call left over.
    };
    void close_last(Frame& frame, std::int64_t gas_after);

    Options options_;
    std::vector<StructLog> logs_;
    std::vector<Frame> frames_;
    std::size_t size_bytes_ = 0;
    std::map<Address, std::map<Bytes32, Bytes32>> storage_;
    /// A slot the latest instruction reads, whose value is on the stack of the next one.
    std::optional<std::pair<Address, Bytes32>> reads_;
};

}  // namespace mezz::trace
