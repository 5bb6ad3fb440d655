// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/spec/chain_spec.hpp"

#include "core/base/assert.hpp"

namespace mezz {
namespace {

/// spec: EIP-4844 (Cancun), EIP-7691 (Prague).
constexpr BlobParams CANCUN_BLOBS{3, 6, 3338477};
constexpr BlobParams PRAGUE_BLOBS{6, 9, 5007716};

/// Execution gas that one blob's data would cost at least. spec: EIP-7918.
constexpr std::uint64_t BLOB_BASE_COST = 1 << 13;

}  // namespace

Revision ChainSpec::revision_at(std::uint64_t timestamp) const noexcept {
    ASSERT(!revisions.empty());
    Revision active = revisions.front().revision;
    for (const RevisionActivation& entry : revisions)
        if (timestamp >= entry.timestamp) active = entry.revision;
    return active;
}

BlobParams ChainSpec::blobs_at(std::uint64_t timestamp) const noexcept {
    const Revision rev = revision_at(timestamp);
    if (rev < Revision::cancun) return {};
    BlobParams active = rev >= Revision::prague ? PRAGUE_BLOBS : CANCUN_BLOBS;
    for (const BlobActivation& entry : blobs)
        if (timestamp >= entry.timestamp) active = entry.params;
    return active;
}

uint256 next_base_fee(const ChainSpec& spec, const ParentFees& parent) noexcept {
    const std::uint64_t target = parent.gas_limit / spec.elasticity_multiplier;
    if (parent.gas_used == target) return parent.base_fee;
    if (parent.gas_used > target) {
        const uint256 delta = parent.base_fee * uint256{parent.gas_used - target} /
                              uint256{target} / uint256{spec.base_fee_change_denominator};
        return parent.base_fee + (delta.is_zero() ? uint256{1} : delta);
    }
    const uint256 delta = parent.base_fee * uint256{target - parent.gas_used} / uint256{target} /
                          uint256{spec.base_fee_change_denominator};
    return parent.base_fee - delta;
}

std::uint64_t next_excess_blob_gas(const ChainSpec& spec, std::uint64_t timestamp,
                                   const ParentFees& parent) noexcept {
    const BlobParams params = spec.blobs_at(timestamp);
    const std::uint64_t target = params.target * GAS_PER_BLOB;
    const std::uint64_t total = parent.excess_blob_gas + parent.blob_gas_used;
    if (total < target) return 0;
    if (spec.revision_at(timestamp) >= Revision::osaka && params.max != 0) {
        const uint256 price = blob_base_fee(parent.excess_blob_gas, params.update_fraction);
        const bool below_reserve =
            uint256{BLOB_BASE_COST} * parent.base_fee > uint256{GAS_PER_BLOB} * price;
        if (below_reserve)
            return parent.excess_blob_gas +
                   parent.blob_gas_used * (params.max - params.target) / params.max;
    }
    return total - target;
}

uint256 blob_base_fee(std::uint64_t excess_blob_gas, std::uint64_t update_fraction) noexcept {
    uint256 sum;
    uint256 term = update_fraction;
    for (std::uint64_t i = 1; !term.is_zero(); ++i) {
        const Sum256 next = add_overflow(sum, term);
        if (next.carry || term.limb[3] != 0) return ~uint256{};
        sum = next.value;
        term = term * uint256{excess_blob_gas} / (uint256{update_fraction} * uint256{i});
    }
    return sum / uint256{update_fraction};
}

}  // namespace mezz
