// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Random batches and a driver for the tests of this folder.

#include <random>

#include "core/derive/derivation.hpp"

namespace mezz::derive::test {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t n) { return engine_() % n; }
    uint256 number() {
        uint256 v;
        for (std::uint64_t i = 0, n = below(5); i < n; ++i) v.limb[i] = engine_();
        return v;
    }
    template <std::size_t N>
    FixedBytes<N> fixed() {
        FixedBytes<N> out;
        for (auto& b : out.bytes) b = static_cast<std::uint8_t>(engine_());
        return out;
    }
    Bytes bytes(std::size_t max) {
        Bytes out(below(max + 1));
        for (auto& b : out) b = static_cast<std::uint8_t>(engine_());
        return out;
    }
    Transaction transaction(std::uint64_t chain_id) {
        constexpr TxType types[] = {TxType::legacy, TxType::access_list, TxType::dynamic_fee,
                                    TxType::set_code};
        Transaction t;
        t.type = types[below(4)];
        if (t.type != TxType::legacy || below(2) == 0) t.chain_id = chain_id;
        t.nonce = engine_() >> below(64);
        t.gas_limit = engine_() >> below(64);
        t.max_fee_per_gas = number();
        t.max_priority_fee_per_gas = t.type == TxType::dynamic_fee || t.type == TxType::set_code
                                         ? number()
                                         : t.max_fee_per_gas;
        if (t.type == TxType::set_code || below(4) != 0) t.to = fixed<20>();
        t.value = number();
        t.data = bytes(300);
        if (t.type != TxType::legacy)
            for (std::uint64_t i = 0, n = below(3); i < n; ++i) {
                AccessEntry entry{fixed<20>(), {}};
                for (std::uint64_t k = 0, m = below(3); k < m; ++k)
                    entry.storage_keys.push_back(fixed<32>());
                t.access_list.push_back(std::move(entry));
            }
        if (t.type == TxType::set_code)
            for (std::uint64_t i = 0, n = below(3); i < n; ++i)
                t.authorizations.push_back(
                    {number(), fixed<20>(), engine_(), below(2), number(), number()});
        t.odd_y = below(2) == 1;
        t.r = number();
        t.s = number();
        return t;
    }
    Batch batch(std::uint64_t chain_id) {
        Batch out;
        out.chain_id = chain_id;
        out.parent_number = below(1000);
        std::uint64_t timestamp = below(1u << 30);
        for (std::uint64_t i = 0, n = below(6); i < n; ++i) {
            BatchBlock b;
            b.timestamp = timestamp += below(5);
            if (below(2) == 0)
                b.origin = Origin{engine_(), engine_(), fixed<32>(), number(), number()};
            for (std::uint64_t k = 0, m = below(3); k < m; ++k)
                b.deposits.push_back({fixed<32>(), engine_()});
            for (std::uint64_t k = 0, m = below(5); k < m; ++k)
                b.transactions.push_back(transaction(chain_id));
            out.blocks.push_back(std::move(b));
        }
        return out;
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace mezz::derive::test
