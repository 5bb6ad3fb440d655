// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/requests.hpp"

#include <gtest/gtest.h>

#include "core/crypto/sha256.hpp"
#include "core/exec/exec_test.hpp"

namespace mezz::exec::test {
namespace {

constexpr Bytes32 DEPOSIT_EVENT =
    hex<Bytes32>("0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5");

/// The event of the deposit contract, every part filled with its own number.
Bytes deposit_event() {
    Bytes data;
    const auto word = [&](std::uint64_t value) { append(data, to_bytes32(value)); };
    for (const std::uint64_t offset : {160, 256, 320, 384, 512}) word(offset);
    std::uint8_t part = 1;
    for (const std::size_t bytes : {48u, 32u, 8u, 96u, 8u}) {
        word(bytes);
        data.insert(data.end(), bytes, part++);
        data.resize((data.size() + 31) / 32 * 32);
    }
    return data;
}

Receipt with_log(const Address& address, Bytes data) {
    Receipt receipt;
    receipt.logs = {{address, {DEPOSIT_EVENT}, std::move(data)}};
    return receipt;
}

TEST(requests, deposits_are_read_from_logs) {
    const Receipt receipts[] = {with_log(MAINNET_DEPOSIT_CONTRACT, deposit_event()),
                                with_log(RECIPIENT, Bytes(3))};
    const auto deposits = deposit_requests(MAINNET_DEPOSIT_CONTRACT, receipts);
    ASSERT_TRUE(deposits);
    ASSERT_EQ(deposits->size(), 192u);
    EXPECT_EQ((*deposits)[0], 1);
    EXPECT_EQ((*deposits)[48], 2);
    EXPECT_EQ((*deposits)[80], 3);
    EXPECT_EQ((*deposits)[88], 4);
    EXPECT_EQ((*deposits)[184], 5);
}

TEST(requests, a_deposit_of_another_layout_is_rejected) {
    for (const std::size_t at : {31u, 127u, 191u, 543u}) {
        Bytes data = deposit_event();
        data[at] ^= 1;
        const Receipt receipts[] = {with_log(MAINNET_DEPOSIT_CONTRACT, data)};
        EXPECT_EQ(deposit_requests(MAINNET_DEPOSIT_CONTRACT, receipts).error(),
                  BlockError::INVALID_DEPOSIT_EVENT_LAYOUT);
    }
    const Receipt receipts[] = {with_log(MAINNET_DEPOSIT_CONTRACT, Bytes(575))};
    EXPECT_EQ(deposit_requests(MAINNET_DEPOSIT_CONTRACT, receipts).error(),
              BlockError::INVALID_DEPOSIT_EVENT_LAYOUT);
}

TEST(requests, types_without_data_do_not_count) {
    EXPECT_EQ(requests_hash({}), EMPTY_REQUESTS_HASH);
    const Requests empty[] = {{0, {}}, {1, {}}};
    EXPECT_EQ(requests_hash(empty), EMPTY_REQUESTS_HASH);
    const Requests one[] = {{0, {}}, {1, {7}}};
    EXPECT_EQ(requests_hash(one), crypto::sha256(crypto::sha256(Bytes{1, 7})));
}

/// A contract that returns its own number of bytes, or fails.
struct SystemContracts : testing::Test {
    std::expected<std::vector<Requests>, BlockError> run() {
        BlockExecutor executor(w.view, w.spec, w.block, w.hashes);
        return executor.requests({});
    }
    void deploy(const Address& address, Bytes code) { w.view.set(address, 1, {}, std::move(code)); }
    const Bytes returns_one_byte{evm::OP_PUSH1, 1, evm::OP_PUSH0, evm::OP_RETURN};
    World w;
};

TEST_F(SystemContracts, outputs_become_requests) {
    deploy(WITHDRAWAL_REQUEST_CONTRACT, returns_one_byte);
    deploy(CONSOLIDATION_REQUEST_CONTRACT, {evm::OP_STOP});
    const std::vector<Requests> expected{{0, {}}, {1, {0}}, {2, {}}};
    EXPECT_EQ(run(), expected);
    w.spec.revisions = {{0, Revision::cancun}};
    EXPECT_EQ(run(), std::vector<Requests>{});
}

TEST_F(SystemContracts, an_absent_or_failing_contract_makes_the_block_invalid) {
    deploy(WITHDRAWAL_REQUEST_CONTRACT, returns_one_byte);
    EXPECT_EQ(run().error(), BlockError::SYSTEM_CONTRACT_EMPTY);
    deploy(CONSOLIDATION_REQUEST_CONTRACT, {evm::OP_INVALID});
    EXPECT_EQ(run().error(), BlockError::SYSTEM_CONTRACT_CALL_FAILED);
}

}  // namespace
}  // namespace mezz::exec::test
