// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/riscv/witness.hpp"

#include "core/base/endian.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/step.hpp"

namespace mezz::riscv {
namespace {

/// The access to what a witness shows. It checks a part when the step asks for it.
class WitnessAccess {
public:
    WitnessAccess(ByteView parts, const Bytes32& code_root, const Bytes32& memory_root,
                  PreimageEnv& preimages) noexcept
        : code_(parts.first(CODE_PART_BYTES)),
          data_(parts.subspan(CODE_PART_BYTES)),
          code_root_(code_root),
          memory_root_(memory_root),
          preimages_(preimages) {}

    bool fetch(std::uint64_t pc, std::uint32_t& word) {
        if (root_of(Bytes32::from(code_), pc / LEAF_BYTES, code_.subspan(LEAF_BYTES)) != code_root_)
            return fail(WitnessError::code);
        word = load_le32(code_.data() + pc % LEAF_BYTES);
        return true;
    }
    bool load(std::uint64_t address, unsigned size_bytes, std::uint64_t& value) {
        if (!check_data(address)) return false;
        value = 0;
        std::memcpy(&value, data_.data() + address % LEAF_BYTES, size_bytes);
        return true;
    }
    bool store(std::uint64_t address, unsigned size_bytes, std::uint64_t value) {
        if (!check_data(address)) return false;
        Bytes32 leaf = Bytes32::from(data_);
        std::memcpy(leaf.data() + address % LEAF_BYTES, &value, size_bytes);
        write(address, leaf);
        return true;
    }
    bool load_leaf(std::uint64_t address, Bytes32& leaf) {
        if (!check_data(address)) return false;
        leaf = Bytes32::from(data_);
        return true;
    }
    bool read_preimage(const Bytes32& key, std::uint64_t offset, std::uint64_t address,
                       std::uint64_t& length) {
        if (!check_data(address)) return false;
        const auto preimage = preimages_.get(key);
        if (!preimage) return fail(WitnessError::preimage);
        length = preimage->size();
        write(address, preimage_leaf(*preimage, offset));
        return true;
    }

    /// The data memory after the step.
    [[nodiscard]] const Bytes32& memory_root() const noexcept { return memory_root_; }
    [[nodiscard]] bool data_used() const noexcept { return data_used_; }
    [[nodiscard]] WitnessError error() const noexcept { return error_; }

private:
    bool fail(WitnessError error) noexcept {
        error_ = error;
        return false;
    }
    bool check_data(std::uint64_t address) noexcept {
        if (data_.size() != DATA_PART_BYTES) return fail(WitnessError::length);
        data_used_ = true;
        return root_over(address, Bytes32::from(data_)) == memory_root_ || fail(WitnessError::data);
    }
    void write(std::uint64_t address, const Bytes32& leaf) noexcept {
        memory_root_ = root_over(address, leaf);
    }
    [[nodiscard]] Bytes32 root_over(std::uint64_t address, const Bytes32& leaf) const noexcept {
        return root_of(leaf, address / LEAF_BYTES, data_.subspan(LEAF_BYTES));
    }

    ByteView code_;
    ByteView data_;
    Bytes32 code_root_;
    Bytes32 memory_root_;
    PreimageEnv& preimages_;
    bool data_used_ = false;
    WitnessError error_ = WitnessError::length;
};
static_assert(StateAccess<WitnessAccess>);

}  // namespace

std::expected<Bytes32, WitnessError> replay(ByteView witness, const Bytes32& state_hash,
                                            const Bytes32& code_root, PreimageEnv& preimages) {
    if (witness.size() < STATE_BYTES) return std::unexpected(WitnessError::length);
    const ByteView state_bytes = witness.first(STATE_BYTES);
    const ByteView parts = witness.subspan(STATE_BYTES);
    std::optional<State> state = decode_state(state_bytes);
    if (!state || crypto::keccak256(state_bytes) != state_hash)
        return std::unexpected(WitnessError::state);
    Hart& hart = state->hart;
    if (hart.exited || !can_fetch(hart.pc)) {
        if (!parts.empty()) return std::unexpected(WitnessError::length);
        if (!hart.exited) trap(hart);
        return hash(*state);
    }
    if (parts.size() < CODE_PART_BYTES) return std::unexpected(WitnessError::length);
    WitnessAccess access(parts, code_root, state->memory_root, preimages);
    if (!step(hart, access)) return std::unexpected(access.error());
    if (!access.data_used() && parts.size() != CODE_PART_BYTES)
        return std::unexpected(WitnessError::length);
    state->memory_root = access.memory_root();
    return hash(*state);
}

}  // namespace mezz::riscv
