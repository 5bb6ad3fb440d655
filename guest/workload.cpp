// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "guest/workload.hpp"

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "core/state/memory_view.hpp"
#include "core/vm/evm/evm.hpp"
#include "core/vm/evm/precompiles.hpp"

namespace mezz::guest {
namespace {

constexpr std::int64_t GAS = std::int64_t{1} << 40;

struct NoHashes final : BlockHashes {
    Bytes32 hash(std::uint64_t) override { return {}; }
};

struct Task {
    std::uint32_t repeats;
    ByteView payload;
};

std::optional<Bytes> keccak_f(const Task& task) {
    std::uint64_t state[25];
    if (task.payload.size() != sizeof state) return std::nullopt;
    for (std::size_t i = 0; i < 25; ++i) state[i] = load_le64(task.payload.data() + 8 * i);
    for (std::uint32_t i = 0; i < task.repeats; ++i) crypto::keccak_f1600(state);
    Bytes out(sizeof state);
    for (std::size_t i = 0; i < 25; ++i) store_le64(out.data() + 8 * i, state[i]);
    return out;
}

std::optional<Bytes> keccak256(const Task& task) {
    Bytes32 digest;
    for (std::uint32_t i = 0; i < task.repeats; ++i) digest = crypto::keccak256(task.payload);
    return to_bytes(digest);
}

std::optional<Bytes> precompile(const Task& task) {
    if (task.payload.size() < 2) return std::nullopt;
    Address address;
    address[19] = task.payload[0];
    address[18] = task.payload[1];
    const unsigned number = evm::precompile_number(address, Revision::osaka);
    if (number == 0) return std::nullopt;
    Bytes output;
    bool ok = true;
    for (std::uint32_t i = 0; i < task.repeats; ++i)
        ok &= evm::run_precompile(number, Revision::osaka, task.payload.subspan(2), GAS, output).ok;
    return ok ? std::optional(output) : std::nullopt;
}

std::optional<Bytes> call(const Task& task) {
    ByteReader in(task.payload);
    const ByteView size = in.take(4);
    const ByteView code = in.take(in.ok() ? load_le32(size.data()) : 0);
    evm::Message message;
    message.gas = GAS;
    message.input = in.take(in.remaining());
    if (!in.ok()) return std::nullopt;

    ChainSpec spec;
    spec.revisions = {{0, Revision::osaka}};
    BlockContext block;
    NoHashes hashes;
    MemoryView view;
    view.set(message.recipient, 0, {}, to_bytes(code));
    Journal journal(view, Revision::osaka);
    evm::Evm machine(journal, spec, block, hashes);
    evm::CallResult result;
    for (std::uint32_t i = 0; i < task.repeats; ++i) {
        journal.begin_transaction();
        machine.set_transaction({});
        const auto before = journal.checkpoint();
        result = machine.execute(message);
        journal.revert(before);
        journal.end_transaction();
    }
    if (result.status != evm::Status::success) return std::nullopt;
    Bytes out(8);
    store_le64(out.data(), static_cast<std::uint64_t>(message.gas - result.gas_left));
    append(out, crypto::keccak256(result.output));
    return out;
}

}  // namespace

std::optional<Bytes> run_workload(ByteView input) {
    ByteReader in(input);
    const ByteView kind = in.take(1);
    const ByteView repeats = in.take(4);
    if (!in.ok()) return std::nullopt;
    const Task task{load_le32(repeats.data()), in.take(in.remaining())};
    switch (static_cast<Work>(kind[0])) {
        case Work::keccak_f:
            return keccak_f(task);
        case Work::keccak256:
            return keccak256(task);
        case Work::precompile:
            return precompile(task);
        case Work::call:
            return call(task);
    }
    return std::nullopt;
}

}  // namespace mezz::guest
