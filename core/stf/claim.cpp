// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/stf/claim.hpp"

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::stf {
namespace {

void put(Bytes& out, std::uint64_t v) {
    append(out, to_bytes32(uint256{v}));
}
void put(Bytes& out, const uint256& v) {
    append(out, to_bytes32(v));
}

std::uint64_t word(ByteReader& in) {
    const uint256 v = to_uint256(in.fixed<32>());
    if (!v.fits_u64()) in.fail();
    return v.limb[0];
}

void put(Bytes& out, const Claim& c) {
    append(out, c.output_root);
    put(out, c.block_number);
    append(out, c.start);
    put(out, c.taken);
}

Claim read_claim(ByteReader& in) {
    Claim c;
    c.output_root = in.fixed<32>();
    c.block_number = word(in);
    c.start = in.fixed<32>();
    c.taken = word(in);
    return c;
}

void put(Bytes& out, const Question& q) {
    append(out, q.config_hash);
    append(out, q.pre);
    put(out, q.inbox_count);
    append(out, q.inbox_acc);
    put(out, q.block_count);
}

Question read_question(ByteReader& in) {
    Question q;
    q.config_hash = in.fixed<32>();
    q.pre = in.fixed<32>();
    q.inbox_count = word(in);
    q.inbox_acc = in.fixed<32>();
    q.block_count = word(in);
    return q;
}

/// The value, if the bytes were exactly that.
template <class T>
std::optional<T> whole(const ByteReader& in, const T& value) {
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return value;
}

}  // namespace

Bytes encode(const Claim& claim) {
    Bytes out;
    put(out, claim);
    return out;
}

std::optional<Claim> decode_claim(ByteView bytes) {
    ByteReader in(bytes);
    const Claim c = read_claim(in);
    return whole(in, c);
}

Bytes32 hash(const Claim& claim) {
    Bytes32 out = crypto::keccak256(encode(claim));
    out[0] = 0;
    return out;
}

Bytes encode(const derive::Position& p) {
    Bytes out;
    put(out, p.inbox_count);
    append(out, p.inbox_acc);
    put(out, p.queue_count);
    append(out, p.queue_acc);
    put(out, p.head_number);
    put(out, p.head_timestamp);
    put(out, p.origin.number);
    put(out, p.origin.timestamp);
    append(out, p.origin.hash);
    put(out, p.origin.base_fee);
    put(out, p.origin.blob_base_fee);
    put(out, p.sequence_number);
    return out;
}

std::optional<derive::Position> decode_position(ByteView bytes) {
    ByteReader in(bytes);
    derive::Position p;
    p.inbox_count = word(in);
    p.inbox_acc = in.fixed<32>();
    p.queue_count = word(in);
    p.queue_acc = in.fixed<32>();
    p.head_number = word(in);
    p.head_timestamp = word(in);
    p.origin.number = word(in);
    p.origin.timestamp = word(in);
    p.origin.hash = in.fixed<32>();
    p.origin.base_fee = to_uint256(in.fixed<32>());
    p.origin.blob_base_fee = to_uint256(in.fixed<32>());
    p.sequence_number = word(in);
    return whole(in, p);
}

Bytes32 hash(const derive::Position& position) {
    return crypto::keccak256(encode(position));
}

Bytes encode(const Question& question) {
    Bytes out;
    put(out, question);
    return out;
}

std::optional<Question> decode_question(ByteView bytes) {
    ByteReader in(bytes);
    const Question q = read_question(in);
    return whole(in, q);
}

Bytes32 hash(const Question& question) {
    return crypto::keccak256(encode(question));
}

Bytes encode(const Statement& s) {
    Bytes out;
    put(out, s.question);
    put(out, s.post);
    return out;
}

std::optional<Statement> decode_statement(ByteView bytes) {
    ByteReader in(bytes);
    Statement s;
    s.question = read_question(in);
    s.post = read_claim(in);
    return whole(in, s);
}

}  // namespace mezz::stf
