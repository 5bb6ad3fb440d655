// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// For tests: a rollup that makes up blocks and derives them back from the parent's inbox.

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/derive/derivation.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node::testing {

class MiniChain final : public RollupChain {
public:
    MiniChain(Parent& parent, const ParentContracts& contracts)
        : parent_(parent), contracts_(contracts) {
        spec_.chain_id = 901;
        spec_.gas_limit = 60'000'000;
        spec_.max_drift_seconds = 1'000'000;
        reset_derivation();
    }

    /// Appends a block on the parent's head with one transaction of `data_bytes` random bytes.
    void make_block(std::size_t data_bytes) {
        const auto head = parent_.block(BlockTag::latest).value();
        PublishableBlock block;
        block.ref.number = blocks_.size() + 1;
        block.ref.hash.bytes[0] = static_cast<std::uint8_t>(1 + salt_);
        store_be64(block.ref.hash.data() + 24, block.ref.number);
        block.content.timestamp = head.timestamp;
        block.content.origin =
            derive::Origin{head.number, head.timestamp, head.hash, head.base_fee, 1};
        Transaction txn;
        txn.type = TxType::dynamic_fee;
        txn.chain_id = spec_.chain_id;
        txn.nonce = block.ref.number;
        txn.gas_limit = 30'000'000;
        txn.to = hex<Address>("0x00000000000000000000000000000000000000aa");
        txn.data.resize(data_bytes);
        for (auto& b : txn.data) b = static_cast<std::uint8_t>(random_());
        txn.r = 1 + random_();
        txn.s = 2;
        block.content.transactions.push_back(std::move(txn));
        blocks_.push_back(std::move(block));
    }
    /// Forgets blocks from `number` on, as a sequencer does after a parent reorganisation.
    void drop_from(std::uint64_t number) {
        if (blocks_.size() >= number) blocks_.resize(number - 1);
        ++salt_;
    }

    BlockRef unsafe_head() override { return blocks_.empty() ? BlockRef{} : blocks_.back().ref; }
    DerivedPosition derived() override {
        const auto& p = derivation_->position();
        return {p.inbox_count, p.inbox_acc, ref(p.head_number)};
    }
    DerivedPosition finalized() override { return derived(); }
    Result<std::optional<PublishableBlock>> publishable(std::uint64_t number) override {
        if (number == 0 || number > blocks_.size()) return std::nullopt;
        return blocks_[number - 1];
    }
    Result<Header> header(std::uint64_t number) override {
        Header out;
        out.number = number;
        return out;
    }

    /// Derives what is new in the inbox; starts over when the parent was reorganised.
    void follow() {
        const auto count = parent_.call(contracts_.inbox, abi::Call("count()").finish());
        if (!count) return;
        const std::uint64_t entries = abi::word_at(*count, 0)->limb[0];
        const auto acc = parent_.call(
            contracts_.inbox,
            abi::Call("acc(uint64)").word(derivation_->position().inbox_count).finish());
        if (!acc || Bytes32::from(*acc) != derivation_->position().inbox_acc) reset_derivation();
        if (entries == derivation_->position().inbox_count) return;
        const std::uint64_t head = parent_.block(BlockTag::latest)->number;
        const auto logs =
            parent_.logs({contracts_.deployed_at,
                          head,
                          contracts_.inbox,
                          {abi::topic("EntryAppended(uint64,bytes32,(uint8,bytes32,bytes32,uint64,"
                                      "uint64,uint64,bytes32,uint64,bytes32),bytes32[],"
                                      "uint256[])")}});
        ASSERT_TRUE(logs) << logs.error().message;
        for (const auto& log : *logs)
            if (to_uint256(log.log.topics[1]) == derivation_->position().inbox_count) take(log);
    }

    std::uint64_t mismatches = 0, blobs_read = 0, data_read_bytes = 0;

private:
    [[nodiscard]] BlockRef ref(std::uint64_t number) const {
        return number == 0 || number > blocks_.size() ? BlockRef{number, {}}
                                                      : blocks_[number - 1].ref;
    }
    void reset_derivation() { derivation_.emplace(spec_, derive::Position{}); }

    void take(const ParentLog& log) {
        const ByteView data = log.log.data;
        const auto word = [&](std::size_t i) { return *abi::word_at(data, i); };
        derive::Entry e;
        e.source = static_cast<derive::Source>(word(1).limb[0]);
        e.data_hash = to_bytes32(word(2));
        e.blobs_hash = to_bytes32(word(3));
        e.parent_number = word(4).limb[0];
        e.parent_timestamp = word(5).limb[0];
        e.origin_number = word(6).limb[0];
        e.origin_hash = to_bytes32(word(7));
        e.queue_cursor = word(8).limb[0];
        e.queue_acc = to_bytes32(word(9));
        std::vector<derive::BlobOpening> openings;
        std::vector<Bytes32> hashes;
        const std::size_t at = word(10).limb[0] / 32, ys = word(11).limb[0] / 32;
        for (std::size_t i = 0; i < word(at).limb[0]; ++i) {
            hashes.push_back(to_bytes32(word(at + 1 + i)));
            openings.push_back({hashes.back(), word(ys + 1 + i)});
        }
        ASSERT_TRUE(derivation_->provide_entry(e, openings));
        Bytes bytes;
        if (e.source == derive::Source::blobs) {
            const auto block = parent_.block(log.block_number);
            ASSERT_TRUE(block && *block);
            const auto blobs = parent_.blobs(**block, hashes);
            ASSERT_TRUE(blobs) << blobs.error().message;
            blobs_read += blobs->size();
            bytes = derive::decode_blobs(*blobs).value();
        } else {
            const auto txn = parent_.transaction(log.transaction_hash);
            ASSERT_TRUE(txn) << txn.error().message;
            ASSERT_TRUE(*txn);
            bytes = abi::bytes_at(ByteView((*txn)->data).subspan(4), 4).value();
        }
        data_read_bytes += bytes.size();
        ASSERT_TRUE(derivation_->provide_data(bytes));
        for (;;) {
            const auto step = derivation_->step();
            if (!std::holds_alternative<derive::NextBlock>(step)) break;
            compare(std::get<derive::NextBlock>(step).attributes);
        }
        ASSERT_FALSE(derivation_->last_error()) << static_cast<int>(*derivation_->last_error());
        ASSERT_EQ(to_bytes32(word(0)), derivation_->position().inbox_acc);
    }

    void compare(const derive::BlockAttributes& got) {
        if (got.number > blocks_.size()) {
            ++mismatches;
            return;
        }
        const auto& want = blocks_[got.number - 1].content;
        if (got.timestamp != want.timestamp || got.origin != *want.origin ||
            got.transactions != want.transactions)
            ++mismatches;
    }

    Parent& parent_;
    ParentContracts contracts_;
    derive::RollupSpec spec_;
    std::optional<derive::Derivation> derivation_;
    std::vector<PublishableBlock> blocks_;
    std::mt19937_64 random_{7};
    unsigned salt_ = 0;
};

}  // namespace mezz::node::testing
