// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// eth_config, against the values of EIP-7910 and EIP-6122.
#include "node/ingest/rpc/stub_chain.hpp"
#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

class ConfigMethods : public RpcTest {
protected:
    /// A server of the same chain, as if its rules changed at these times.
    void schedule(std::vector<RevisionActivation> revisions, std::vector<BlobActivation> blobs) {
        class Scheduled final : public node::ChainReader {
        public:
            Scheduled(node::ChainReader& base, ChainSpec spec)
                : base_(base), spec_(std::move(spec)) {}
            [[nodiscard]] const ChainSpec& spec() const override { return spec_; }
            [[nodiscard]] node::BlockRef head(node::Head h) const override { return base_.head(h); }
            node::Result<std::optional<Header>> header(std::uint64_t n) override {
                return base_.header(n);
            }
            node::Result<std::optional<std::uint64_t>> number_of(const Bytes32& h) override {
                return base_.number_of(h);
            }
            node::Result<std::optional<node::StoredBlock>> block(std::uint64_t n) override {
                return base_.block(n);
            }
            node::Result<std::optional<node::BlockReceipts>> receipts(std::uint64_t n) override {
                return base_.receipts(n);
            }
            node::Result<std::optional<node::TxnPlace>> find_transaction(
                const Bytes32& h) override {
                return base_.find_transaction(h);
            }
            node::Result<std::unique_ptr<node::StateReader>> state(std::uint64_t n) override {
                return base_.state(n);
            }
            node::Result<BlockContext> context_of(std::uint64_t n) override {
                return base_.context_of(n);
            }
            Bytes32 hash_of(std::uint64_t n) override { return base_.hash_of(n); }
            void on_new_head(Listener l) override { base_.on_new_head(std::move(l)); }

        private:
            node::ChainReader& base_;
            ChainSpec spec_;
        };
        ChainSpec spec = chain->spec();
        spec.revisions = std::move(revisions);
        spec.blobs = std::move(blobs);
        scheduled_ = std::make_unique<Scheduled>(*chain, std::move(spec));
        server = std::make_unique<RpcServer>(*scheduled_, pool, RpcOptions{});
    }
    std::string at(std::string_view pointer) { return member("eth_config", "[]", pointer); }

private:
    std::unique_ptr<node::ChainReader> scheduled_;
};

constexpr std::uint64_t born = 1'700'000'000;

TEST_F(ConfigMethods, a_chain_without_changes_to_come) {
    EXPECT_EQ(at("/next"), "null");
    EXPECT_EQ(at("/last"), "null");
    EXPECT_EQ(at("/current/activationTime"), "0");
    EXPECT_EQ(at("/current/chainId"), "\"0x385\"");
    EXPECT_EQ(at("/current/blobSchedule"),
              R"({"baseFeeUpdateFraction":5007716,"max":9,"target":6})");
    EXPECT_EQ(at("/current/precompiles/P256VERIFY"),
              "\"0x0000000000000000000000000000000000000100\"");
    EXPECT_EQ(at("/current/precompiles/BLS12_MAP_FP2_TO_G2"),
              "\"0x0000000000000000000000000000000000000011\"");
    EXPECT_EQ(at("/current/systemContracts"),
              R"({"BEACON_ROOTS_ADDRESS":"0x000f3df6d732807ef1319fb7b8bb8522d0beac02",)"
              R"("HISTORY_STORAGE_ADDRESS":"0x0000f90827f1c53a10cb7a02335b175320002935"})");
    EXPECT_EQ(at("/current/forkId").size(), 12u);
}

TEST_F(ConfigMethods, a_chain_without_blobs_has_a_schedule_of_zeros) {
    RpcOptions options;
    options.takes_blobs = false;
    server = std::make_unique<RpcServer>(*chain, pool, options);
    EXPECT_EQ(at("/current/blobSchedule"), R"({"baseFeeUpdateFraction":0,"max":0,"target":0})");
}

TEST_F(ConfigMethods, changes_to_come_are_next_and_last) {
    const auto now = at("/current/forkId");
    schedule({{0, Revision::cancun}, {born + 10, Revision::prague}, {born + 20, Revision::osaka}},
             {{born + 30, {14, 21, 11'684'671}}});
    EXPECT_EQ(at("/current/forkId"), now);
    EXPECT_EQ(at("/current/blobSchedule/max"), "6");
    EXPECT_EQ(at("/current/precompiles/BLS12_G1ADD"), "(none)");
    EXPECT_EQ(at("/current/systemContracts/HISTORY_STORAGE_ADDRESS"), "(none)");
    EXPECT_EQ(at("/next/activationTime"), std::to_string(born + 10));
    EXPECT_NE(at("/next/precompiles/BLS12_G1ADD"), "(none)");
    EXPECT_EQ(at("/next/precompiles/P256VERIFY"), "(none)");
    EXPECT_EQ(at("/last/activationTime"), std::to_string(born + 30));
    EXPECT_EQ(at("/last/blobSchedule"),
              R"({"baseFeeUpdateFraction":11684671,"max":21,"target":14})");
    EXPECT_NE(at("/last/forkId"), at("/next/forkId"));
    for (int i = 0; i < 5; ++i) mine({});  // two seconds each
    EXPECT_EQ(at("/current/activationTime"), std::to_string(born + 10));
    EXPECT_EQ(at("/next/activationTime"), std::to_string(born + 20));
    for (int i = 0; i < 10; ++i) mine({});
    EXPECT_EQ(at("/current/activationTime"), std::to_string(born + 30));
    EXPECT_EQ(at("/next"), "null");
    EXPECT_EQ(at("/last"), "null");
}

TEST_F(ConfigMethods, fork_ids_are_those_of_eip_6122) {
    // EIP-2124: the first fork id of mainnet is the CRC-32 of its genesis hash.
    class Mainnet final : public StubChain {
        Bytes32 hash_of(std::uint64_t) override {
            return hex<Bytes32>(
                "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3");
        }
    };
    Mainnet mainnet;
    server = std::make_unique<RpcServer>(mainnet, pool, RpcOptions{});
    EXPECT_EQ(at("/current/forkId"), "\"0xfc64ec04\"");
}

TEST_F(ConfigMethods, takes_no_arguments) {
    EXPECT_NE(call("eth_config", "[1]").find("-32602"), std::string::npos);
}

}  // namespace
}  // namespace mezz::rpc::test
