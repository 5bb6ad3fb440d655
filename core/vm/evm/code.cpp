// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/vm/evm/code.hpp"

#include "core/vm/evm/opcodes.hpp"

namespace mezz::evm {

void AnalysedCode::assign(ByteView code) {
    size_ = code.size();
    padded_.assign(code.begin(), code.end());
    padded_.resize(size_ + 33, 0);
    targets_.assign(size_ / 64 + 1, 0);
    for (std::size_t i = 0; i < size_; ++i) {
        const std::uint8_t op = padded_[i];
        if (op == OP_JUMPDEST)
            targets_[i / 64] |= std::uint64_t{1} << (i % 64);
        else if (op >= OP_PUSH1 && op <= OP_PUSH32)
            i += op - OP_PUSH0;
    }
}

std::optional<Address> delegation_target(ByteView code) noexcept {
    if (code.size() != 23 || !equal(code.first(3), DELEGATION_PREFIX)) return std::nullopt;
    return Address::from(code.subspan(3));
}

Bytes delegation_code(const Address& target) {
    Bytes out = to_bytes(DELEGATION_PREFIX);
    append(out, target);
    return out;
}

}  // namespace mezz::evm
