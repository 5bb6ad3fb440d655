// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// One official state test inside the guest: the twin of `mezz-conformance state-tests`. No part of
/// what is proven; it shows that the rules give the same bytes on RV64IM.
///
/// Input, the preimage of the local value, all of it RLP:
///     [revision, chain_id, [] or [blob_target, blob_max, blob_update_fraction],
///      number, timestamp, gas_limit, base_fee, coinbase, prev_randao, excess_blob_gas,
///      sender or "", transaction or "", [[address, nonce, balance, code, [[key, value]…]]…]]
/// Answer: keccak256 of state root (32) | gas used (8, little-endian) | 0, or 1 + TxError of the
/// rejection.

#include "core/crypto/keccak.hpp"
#include "core/exec/block_executor.hpp"
#include "core/state/memory_view.hpp"
#include "guest/preimages.hpp"
#include "guest/runtime.hpp"

namespace {

using namespace mezz;

/// keccak256 of the number in decimal, as state tests have it.
struct NumberHashes final : BlockHashes {
    Bytes32 hash(std::uint64_t number) override {
        std::uint8_t digits[20];
        std::size_t at = sizeof digits;
        do {
            digits[--at] = static_cast<std::uint8_t>('0' + number % 10);
            number /= 10;
        } while (number != 0);
        return crypto::keccak256(ByteView(digits).subspan(at));
    }
};

void read_account(rlp::Reader& accounts, MemoryView& state) {
    rlp::Reader in = accounts.list();
    const auto address = in.fixed<20>();
    const std::uint64_t nonce = in.u64();
    const uint256 balance = in.u256();
    Bytes code = to_bytes(in.string());
    std::vector<std::pair<Bytes32, uint256>> storage;
    rlp::Reader slots = in.list();
    while (!slots.at_end()) {
        rlp::Reader slot = slots.list();
        const auto key = slot.fixed<32>();
        storage.emplace_back(key, slot.u256());
        slots.take(slot);
    }
    in.take(slots);
    accounts.take(in);
    state.set(address, nonce, balance, std::move(code), storage);
}

}  // namespace

int main() {
    guest::MachinePreimages preimages;
    rlp::Reader whole(*preimages.get(preimages.question()));
    rlp::Reader in = whole.list();
    ChainSpec spec;
    const std::uint64_t revision = in.u64();
    if (revision >= REVISION_COUNT) return guest::exit_bad_framing;
    spec.revisions = {{0, static_cast<Revision>(revision)}};
    spec.chain_id = in.u64();
    rlp::Reader blobs = in.list();
    if (!blobs.at_end()) {
        BlobParams params;
        params.target = blobs.u64();
        params.max = blobs.u64();
        params.update_fraction = blobs.u64();
        spec.blobs = {{0, params}};
    }
    in.take(blobs);
    BlockContext block;
    block.number = in.u64();
    block.timestamp = in.u64();
    block.gas_limit = in.u64();
    block.base_fee = in.u256();
    block.coinbase = in.fixed<20>();
    block.prev_randao = in.fixed<32>();
    block.excess_blob_gas = in.u64();
    const auto sender = in.optional_fixed<20>();
    const ByteView encoded = in.string();
    MemoryView state;
    rlp::Reader accounts = in.list();
    while (!accounts.at_end()) read_account(accounts, state);
    in.take(accounts);
    whole.take(in);
    if (whole.finish() != rlp::Error::none) return guest::exit_bad_framing;

    NumberHashes hashes;
    exec::BlockExecutor executor(state, spec, block, hashes);
    std::uint8_t rejection = 0;
    if (sender && !encoded.empty()) {
        const auto txn = decode_transaction(encoded);
        if (!txn) return guest::exit_bad_framing;
        if (const auto receipt = executor.apply(*txn, *sender); !receipt)
            rejection = static_cast<std::uint8_t>(1 + static_cast<unsigned>(receipt.error()));
    }
    // State tests reward the coinbase with nothing, which touches it.
    executor.credit(block.coinbase, {});
    const std::uint64_t gas_used = executor.gas_used();
    state.apply(executor.finish());
    Bytes output = to_bytes(state.root());
    output.resize(40);
    store_le64(output.data() + 32, gas_used);
    output.push_back(rejection);
    guest::answer(crypto::keccak256(output));
    return 0;
}
