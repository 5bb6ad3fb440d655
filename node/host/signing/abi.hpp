// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The contract ABI, as far as the contracts of contracts/ need it.
///
///     Bytes input = abi::Call("appendCalldata(uint64,uint64,uint64,bytes32,bytes)")
///                       .word(index).word(cursor).word(number).word(hash).bytes(data).finish();
///
/// spec: Solidity documentation, "Contract ABI Specification".

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/uint256.hpp"

namespace mezz::node::abi {

using Selector = FixedBytes<4>;

/// First four bytes of keccak256 of "name(type,…)".
[[nodiscard]] Selector selector(std::string_view signature);
/// keccak256 of an event's "Name(type,…)".
[[nodiscard]] Bytes32 topic(std::string_view signature);

/// Arguments (or the fields of a struct), in order.
class Words {
public:
    Words& word(const uint256& v);
    Words& word(std::uint64_t v) { return word(uint256{v}); }
    Words& word(const Bytes32& v) { return word(to_uint256(v)); }
    Words& word(const Address& v) { return word(mezz::to_uint256(v)); }
    /// A `bytes` argument.
    Words& bytes(ByteView v);
    /// A `bytes[]` argument.
    Words& bytes_array(std::span<const Bytes> v);
    /// A `bytes32[]` argument.
    Words& word_array(std::span<const Bytes32> v);
    /// A dynamic struct argument, encoded by another Words.
    Words& nested(const Words& fields);
    /// A dynamic argument that is encoded already.
    Words& encoded(Bytes tail);
    /// Heads, then tails.
    [[nodiscard]] Bytes finish() const;

private:
    struct Part {
        uint256 head;
        std::optional<Bytes> tail;
    };
    std::vector<Part> parts_;
};

/// A call's input: selector, then arguments.
class Call : public Words {
public:
    explicit Call(std::string_view signature) : selector_(selector(signature)) {}
    /// As in Words, so that calls chain.
    template <class T>
    Call& word(const T& v) {
        Words::word(v);
        return *this;
    }
    Call& bytes(ByteView v) {
        Words::bytes(v);
        return *this;
    }
    Call& bytes_array(std::span<const Bytes> v) {
        Words::bytes_array(v);
        return *this;
    }
    Call& word_array(std::span<const Bytes32> v) {
        Words::word_array(v);
        return *this;
    }
    Call& nested(const Words& fields) {
        Words::nested(fields);
        return *this;
    }
    Call& encoded(Bytes tail) {
        Words::encoded(std::move(tail));
        return *this;
    }
    [[nodiscard]] Bytes finish() const;

private:
    Selector selector_;
};

/// Word `index` of an answer; none when the answer is shorter.
[[nodiscard]] std::optional<uint256> word_at(ByteView answer, std::size_t index);
/// The `bytes` whose offset is word `index`; none when it does not lie in the answer.
[[nodiscard]] std::optional<Bytes> bytes_at(ByteView answer, std::size_t index);

}  // namespace mezz::node::abi
