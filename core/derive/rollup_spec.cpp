// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/rollup_spec.hpp"

#include "core/crypto/keccak.hpp"

namespace mezz::derive {
namespace {

constexpr std::uint64_t spec_version = 1;
constexpr std::uint64_t initial_base_fee_wei = 1'000'000;

void append_spec(Bytes& out, const RollupSpec& s) {
    const rlp::List list(out);
    rlp::append(out, spec_version);
    rlp::append(out, s.chain_id);
    rlp::append(out, s.gas_limit);
    rlp::append(out, s.genesis_timestamp);
    rlp::append(out, s.elasticity_multiplier);
    rlp::append(out, s.base_fee_change_denominator);
    rlp::append(out, s.max_drift_seconds);
    rlp::append(out, std::uint64_t{s.fee_scalars.base_fee_scalar});
    rlp::append(out, std::uint64_t{s.fee_scalars.blob_base_fee_scalar});
    rlp::append(out, s.batcher);
    rlp::append(out, s.genesis_state_root);
}

std::uint32_t read_u32(rlp::Reader& in) {
    const std::uint64_t v = in.u64();
    if (v >> 32 != 0) in.fail(rlp::Error::integer_overflow);
    return static_cast<std::uint32_t>(v);
}

}  // namespace

ChainSpec RollupSpec::chain_spec() const {
    ChainSpec spec;
    spec.chain_id = chain_id;
    spec.elasticity_multiplier = elasticity_multiplier;
    spec.base_fee_change_denominator = base_fee_change_denominator;
    spec.genesis_gas_limit = gas_limit;
    spec.refuses_blob_transactions = true;
    spec.is_rollup = true;
    return spec;
}

Bytes encode(const RollupSpec& spec) {
    Bytes out;
    append_spec(out, spec);
    return out;
}

std::expected<RollupSpec, rlp::Error> decode_rollup_spec(ByteView bytes) {
    rlp::Reader whole(bytes);
    rlp::Reader in = whole.list();
    RollupSpec s;
    if (in.u64() != spec_version) in.fail(rlp::Error::wrong_value);
    s.chain_id = in.u64();
    s.gas_limit = in.u64();
    s.genesis_timestamp = in.u64();
    s.elasticity_multiplier = in.u64();
    s.base_fee_change_denominator = in.u64();
    s.max_drift_seconds = in.u64();
    s.fee_scalars.base_fee_scalar = read_u32(in);
    s.fee_scalars.blob_base_fee_scalar = read_u32(in);
    s.batcher = in.fixed<20>();
    s.genesis_state_root = in.fixed<32>();
    // The fee rule divides by these.
    if (s.elasticity_multiplier == 0 || s.base_fee_change_denominator == 0 ||
        s.gas_limit < s.elasticity_multiplier)
        in.fail(rlp::Error::wrong_value);
    whole.take(in);
    if (const auto e = whole.finish(); e != rlp::Error::none) return std::unexpected(e);
    return s;
}

Bytes32 config_hash(const RollupSpec& spec) {
    return crypto::keccak256(encode(spec));
}

Header genesis_header(const RollupSpec& spec, const Bytes32& withdrawals_root) {
    Header h;
    h.coinbase = predeploy::SEQUENCER_FEE_VAULT;
    h.state_root = spec.genesis_state_root;
    h.gas_limit = spec.gas_limit;
    h.timestamp = spec.genesis_timestamp;
    h.base_fee_per_gas = uint256{initial_base_fee_wei};
    h.withdrawals_root = withdrawals_root;
    h.blob_gas_used = 0;
    h.excess_blob_gas = 0;
    h.parent_beacon_block_root = Bytes32{};
    h.requests_hash = EMPTY_REQUESTS_HASH;
    return h;
}

}  // namespace mezz::derive
