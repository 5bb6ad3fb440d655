// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any bytes replay to a hash or a reason. So that a random instruction is reached at all, the
/// fuzzer's bytes are also taken as the state, the leaves and the siblings of a witness whose
/// hashes are made to fit; then each part must be used, and any change of one refused.

#include <algorithm>

#include "core/base/assert.hpp"
#include "core/base/endian.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/step.hpp"
#include "core/riscv/witness.hpp"

namespace {

using namespace mezz;
using namespace mezz::riscv;

class OnePreimage final : public PreimageEnv {
public:
    explicit OnePreimage(ByteView bytes) : bytes_(bytes) {}
    std::optional<ByteView> get(const Bytes32& key) override {
        return key[0] % 2 == 0 ? std::optional(bytes_) : std::nullopt;
    }

private:
    ByteView bytes_;
};

/// `size` bytes that repeat the input.
Bytes stretched(ByteView input, std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = input[i % input.size()];
    return out;
}

/// Where the instruction in `leaf` would find data, whatever it is.
std::uint64_t data_address(const Hart& hart, const Instruction& i) {
    return i.kind == Kind::ecall ? hart.x[A0] : hart.x[i.rs1] + extended(i.imm);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input{data, size};
    OnePreimage preimages(input);
    const Bytes32 given = crypto::keccak256(input.first(std::min(size, STATE_BYTES)));
    (void)replay(input, given, {}, preimages);
    if (size < 8) return 0;

    Bytes witness = stretched(input, MAX_WITNESS_BYTES);
    for (std::size_t i = 89; i < 104; ++i) witness[i] = 0;  // not exited, padding, x0
    std::optional<State> state = decode_state(ByteView(witness).first(STATE_BYTES));
    ASSERT(state.has_value());
    Hart& hart = state->hart;
    hart.pc &= CODE_END - 4;
    hart.x[A7] &= 3;
    const ByteView code = ByteView(witness).subspan(STATE_BYTES, CODE_PART_BYTES);
    const ByteView memory = ByteView(witness).subspan(STATE_BYTES + CODE_PART_BYTES);
    const Instruction i = decode(load_le32(code.data() + hart.pc % LEAF_BYTES));
    const std::uint64_t address = data_address(hart, i);
    const Bytes32 code_root =
        root_of(Bytes32::from(code), hart.pc / LEAF_BYTES, code.subspan(LEAF_BYTES));
    state->memory_root =
        root_of(Bytes32::from(memory), address % DATA_END / LEAF_BYTES, memory.subspan(LEAF_BYTES));
    const StateBytes encoded = encode(*state);
    std::memcpy(witness.data(), encoded.data(), STATE_BYTES);
    const Bytes32 before = hash(*state);

    const ByteView without_data = ByteView(witness).first(STATE_BYTES + CODE_PART_BYTES);
    auto shorter = replay(without_data, before, code_root, preimages);
    auto longer = replay(witness, before, code_root, preimages);
    // One of the two lengths is right, and the other one refused for it; unless a preimage lacks.
    ASSERT(!shorter.has_value() || !longer.has_value());
    if (!shorter && !longer) {
        ASSERT(longer.error() == WitnessError::preimage);
        return 0;
    }
    ASSERT((shorter ? longer : shorter).error() == WitnessError::length);
    const std::size_t right = shorter ? without_data.size() : witness.size();
    witness.resize(right);
    witness[load_le32(data) % right] ^= static_cast<std::uint8_t>(data[4] | 1);
    ASSERT(!replay(witness, before, code_root, preimages).has_value());
    return 0;
}
