// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/stf/claim.hpp"

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::stf {
namespace {

void append_claim(Bytes& out, const Claim& c) {
    append(out, c.output_root);
    append(out, to_bytes32(uint256{c.inbox_count}));
    append(out, c.inbox_acc);
}

Claim read_claim(ByteReader& in) {
    Claim c;
    c.output_root = in.fixed<32>();
    const uint256 count = to_uint256(in.fixed<32>());
    if (!count.fits_u64()) in.fail();
    c.inbox_count = count.limb[0];
    c.inbox_acc = in.fixed<32>();
    return c;
}

}  // namespace

Bytes32 hash(const Claim& claim) {
    Bytes out;
    append_claim(out, claim);
    return crypto::keccak256(out);
}

Bytes encode(const Statement& s) {
    Bytes out = to_bytes(s.config_hash);
    append_claim(out, s.pre);
    append_claim(out, s.post);
    return out;
}

std::optional<Statement> decode_statement(ByteView bytes) {
    ByteReader in(bytes);
    Statement s;
    s.config_hash = in.fixed<32>();
    s.pre = read_claim(in);
    s.post = read_claim(in);
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return s;
}

}  // namespace mezz::stf
