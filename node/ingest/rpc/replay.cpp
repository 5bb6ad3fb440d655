// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/replay.hpp"

#include "node/ports/chain_writer.hpp"

namespace mezz::rpc {

Replay::Replay(Context& context, std::uint64_t parent, const BlockContext& block)
    : context_(context),
      block_(block),
      parent_(unwrap(context.chain.state(parent))),
      state_(*parent_),
      hashes_(context.chain),
      runner_(context.chain.make_runner()) {
    exec::BlockExecutor executor(state_, context_.chain.spec(), block_, hashes_);
    executor.begin();
    const Diff diff = executor.finish();
    check();
    state_.apply(diff);
}

Replay::~Replay() = default;

Revision Replay::revision() const {
    return context_.chain.spec().revision_at(block_.timestamp);
}

void Replay::check() {
    if (auto e = parent_->error()) fail(server_error, std::move(e->message));
}

Receipt Replay::apply(const Transaction& txn, const Address& sender, evm::Observer* observer) {
    // An executor of its own for each transaction: the state between two is then a View.
    exec::BlockExecutor executor(state_, context_.chain.spec(), block_, hashes_);
    executor.set_observer(observer);
    executor.set_runner(runner_.get());
    std::expected<Receipt, exec::TxError> receipt;
    if (node::is_impersonated(txn, sender)) {
        auto done = executor.call(txn, sender, true);
        if (done)
            receipt = std::move(done->receipt);
        else
            receipt = std::unexpected(done.error());
    } else {
        receipt = executor.apply(txn, sender);
    }
    const Diff diff = executor.finish();
    check();
    if (!receipt) fail(server_error, "tracing failed: " + std::string(exec::name(receipt.error())));
    state_.apply(diff);
    return std::move(*receipt);
}

}  // namespace mezz::rpc
