// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Code made ready to run: padded so that no read goes past its end, with its jump targets.

#include <optional>
#include <vector>

#include "core/base/bytes.hpp"

namespace mezz::evm {

class AnalysedCode {
public:
    AnalysedCode() = default;
    /// Copies `code`. complexity: linear.
    explicit AnalysedCode(ByteView code) { assign(code); }
    /// Stored code, with its hash.
    AnalysedCode(ByteView code, const Bytes32& hash) : hash_(hash) { assign(code); }
    /// The same, reusing memory.
    void assign(ByteView code);

    /// The code, followed by at least 33 zero bytes (STOP, or the missing tail of a PUSH32).
    [[nodiscard]] const std::uint8_t* begin() const noexcept { return padded_.data(); }
    [[nodiscard]] ByteView bytes() const noexcept { return {padded_.data(), size_}; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Whether a JUMPDEST that is not push data stands at `position`.
    [[nodiscard]] bool is_jump_target(std::uint64_t position) const noexcept {
        return position < size_ && ((targets_[position / 64] >> (position % 64)) & 1) != 0;
    }

    /// keccak256 of stored code; nullopt for initcode, which runs once.
    [[nodiscard]] const std::optional<Bytes32>& hash() const noexcept { return hash_; }

    /// A Runner's own form of the code; nothing in core looks at it.
    mutable const void* prepared = nullptr;

private:
    std::optional<Bytes32> hash_;
    Bytes padded_;
    std::vector<std::uint64_t> targets_;
    std::size_t size_ = 0;
};

/// The three bytes a delegation designator starts with; an address follows. spec: EIP-7702.
inline constexpr std::uint8_t DELEGATION_PREFIX[3] = {0xef, 0x01, 0x00};

/// The target of a delegation designator, nullopt for any other code. spec: EIP-7702.
[[nodiscard]] std::optional<Address> delegation_target(ByteView code) noexcept;
/// The designator that points at `target`.
[[nodiscard]] Bytes delegation_code(const Address& target);

}  // namespace mezz::evm
