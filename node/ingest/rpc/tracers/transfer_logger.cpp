// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/tracers/transfer_logger.hpp"

#include <algorithm>
#include <utility>

namespace mezz::trace {
namespace {

/// keccak256("Transfer(address,address,uint256)").
constexpr Bytes32 TRANSFER =
    hex<Bytes32>("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

Bytes32 topic(const Address& address) {
    Bytes32 out;
    std::copy(address.begin(), address.end(), out.data() + 12);
    return out;
}

}  // namespace

void TransferLogger::transfer(const Address& from, const Address& to, const uint256& amount) {
    if (amount.is_zero()) return;
    logs_.push_back({ETHER, {TRANSFER, topic(from), topic(to)}, to_bytes(to_bytes32(amount))});
}

void TransferLogger::on_step(const Step& step) {
    if (auto log = logged_by(step)) logs_.push_back(std::move(*log));
}

void TransferLogger::on_enter(const evm::Message& m, const Address& create_address) {
    starts_.push_back(logs_.size());
    if (m.kind == evm::CallKind::delegate_call) return;
    const bool creates = m.kind == evm::CallKind::create || m.kind == evm::CallKind::create2;
    transfer(m.sender, creates ? create_address : m.recipient, m.value);
}

void TransferLogger::on_exit(evm::Status status, std::int64_t, ByteView) {
    if (status != evm::Status::success) logs_.resize(starts_.back());
    starts_.pop_back();
}

void TransferLogger::on_selfdestruct(const Address& contract, const Address& heir,
                                     const uint256& balance) {
    transfer(contract, heir, balance);
}

std::vector<Log> TransferLogger::take() {
    starts_.clear();
    return std::exchange(logs_, {});
}

}  // namespace mezz::trace
