// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What explorers see: blocks in pages, calls inside transactions, transactions of an address.
#include "node/ingest/rpc/json_writer.hpp"
#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

/// Sends the value on to `target`; called with one byte, it creates an empty contract instead.
Bytes forwarder(const Address& target) {
    Bytes code = from_hex(
                     "0x36600114"      // CALLDATASIZE == 1
                     "15600c57"        // else to 0x0c
                     "5f5f5ff0"        // CREATE(0, 0, 0)
                     "5b5f5f5f5f3473"  // 0x0c: CALL(gas, target, CALLVALUE, nothing)
                     )
                     .value();
    append(code, target);
    append(code, from_hex("0x5af100").value());
    return code;
}

class Ots : public RpcTest {
protected:
    /// A contract at the address of the sender's next creation with this code.
    Address deploy(const Bytes& code) {
        Bytes init = from_hex("0x61").value();
        append_be16(init, code.size());
        append(init, from_hex("0x600c5f3961").value());
        append_be16(init, code.size());
        append(init, from_hex("0x5ff3").value());
        EXPECT_EQ(init.size(), 12u);
        append(init, code);
        const Address at = create_address(sender, nonce);
        mine({signed_by(make(std::nullopt, {}, init), key)});
        return at;
    }
    static void append_be16(Bytes& out, std::size_t n) {
        out.push_back(static_cast<std::uint8_t>(n >> 8));
        out.push_back(static_cast<std::uint8_t>(n));
    }
    std::string hash_at(std::uint64_t block, std::size_t index) {
        return text((*chain->block(block))->transaction_hashes[index]);
    }
};

TEST_F(Ots, level_code_and_headers) {
    EXPECT_EQ(result("ots_getApiLevel"), "8");
    EXPECT_EQ(result("ots_hasCode", "[" + text(contract) + R"(,"latest"])"), "true");
    EXPECT_EQ(result("ots_hasCode", "[" + text(sender) + R"(,"latest"])"), "false");
    EXPECT_EQ(result("erigon_getHeaderByNumber", R"(["0x0"])"),
              result("eth_getHeaderByNumber", R"(["0x0"])"));
    EXPECT_EQ(result("erigon_getHeaderByNumber", "[0]"),
              result("eth_getHeaderByNumber", R"(["0x0"])"));
    EXPECT_EQ(result("erigon_getHeaderByNumber", R"(["0x9"])"), "null");
}

TEST_F(Ots, block_details_have_counts_and_fees) {
    mine({signed_by(make(other, uint256{5}), key), signed_by(make(other, uint256{6}), key)});
    EXPECT_EQ(result("ots_getBlockDetails", "[1]"), result("ots_getBlockDetails", R"(["0x1"])"));
    EXPECT_EQ(member("ots_getBlockDetails", R"(["0x1"])", "/block/transactionCount"),
              quoted("0x3"));
    EXPECT_EQ(member("ots_getBlockDetails", R"(["0x1"])", "/block/transactions"), "(none)");
    // Two transfers at 1 gwei and a tip of 2.
    EXPECT_EQ(member("ots_getBlockDetails", R"(["0x1"])", "/totalFees"),
              quoted(quantity_text(uint256{2 * 21'000} * uint256{3'000'000'000})));
    EXPECT_EQ(result("ots_getBlockDetailsByHash", "[" + text(chain->hash_of(1)) + "]"),
              result("ots_getBlockDetails", R"(["0x1"])"));
    EXPECT_EQ(result("ots_getBlockDetails", R"(["0x7"])"), "null");
}

TEST_F(Ots, pages_of_a_block_count_from_its_end) {
    std::vector<Transaction> txns;
    for (int i = 0; i < 4; ++i) txns.push_back(signed_by(make(other, uint256{5}), key));
    mine(txns);
    const auto page = [&](const char* params, const char* place) {
        return member("ots_getBlockTransactions", params, place);
    };
    EXPECT_EQ(page(R"(["0x1",0,2])", "/fullblock/transactions/0/hash"), hash_at(1, 3));
    EXPECT_EQ(page(R"(["0x1",0,2])", "/fullblock/transactions/1/hash"), hash_at(1, 4));
    EXPECT_EQ(page(R"(["0x1",2,2])", "/fullblock/transactions/0/hash"), hash_at(1, 0));
    EXPECT_EQ(page(R"(["0x1",2,2])", "/fullblock/transactions/1/hash"), "(none)");
    EXPECT_EQ(page(R"(["0x1",0,2])", "/receipts/1/transactionHash"), hash_at(1, 4));
    EXPECT_EQ(page(R"(["0x1",3,2])", "/fullblock/transactions"), "[]");
    EXPECT_EQ(page(R"(["0x1",99999999999,2])", "/fullblock/transactions"), "[]");
    EXPECT_NE(call("ots_getBlockTransactions", R"(["0x1",0,0])").find("params[2]: expected a page"),
              std::string::npos);
}

TEST_F(Ots, a_nonce_leads_to_its_transaction) {
    mine({signed_by(make(other), key)});
    mine({signed_by(make(other), key), signed_by(make(other), key)});
    for (const auto& [n, block, index] : {std::tuple{0, 1, 1}, {1, 2, 1}, {2, 2, 2}})
        EXPECT_EQ(result("ots_getTransactionBySenderAndNonce",
                         "[" + text(sender) + "," + std::to_string(n) + "]"),
                  hash_at(static_cast<std::uint64_t>(block), static_cast<std::size_t>(index)));
    EXPECT_EQ(result("ots_getTransactionBySenderAndNonce", "[" + text(sender) + ",3]"), "null");
    EXPECT_EQ(result("ots_getTransactionBySenderAndNonce", "[" + text(contract) + ",0]"), "null");
}

TEST_F(Ots, calls_inside_a_transaction) {
    const Address through = deploy(forwarder(other));
    EXPECT_EQ(result("ots_getContractCreator", "[" + text(through) + "]"),
              R"({"hash":)" + hash_at(1, 1) + R"(,"creator":)" + text(sender) + "}");
    EXPECT_EQ(result("ots_getContractCreator", "[" + text(sender) + "]"), "null");
    EXPECT_EQ(result("ots_getContractCreator", "[" + text(contract) + "]"), "null") << "of block 0";

    mine({signed_by(make(through, uint256{7}, Bytes(32)), key),
          signed_by(make(through, {}, Bytes(1)), key)});
    const std::string forwarding = "[" + hash_at(2, 1) + "]", creating = "[" + hash_at(2, 2) + "]";
    EXPECT_EQ(result("ots_getInternalOperations", forwarding),
              R"([{"type":0,"from":)" + text(through) + R"(,"to":)" + text(other) +
                  R"(,"value":"0x7"}])");
    const Address made = create_address(through, 1);
    EXPECT_EQ(
        result("ots_getInternalOperations", creating),
        R"([{"type":2,"from":)" + text(through) + R"(,"to":)" + text(made) + R"(,"value":"0x0"}])");
    EXPECT_EQ(member("ots_traceTransaction", forwarding, "/0/type"), quoted("CALL"));
    EXPECT_EQ(member("ots_traceTransaction", forwarding, "/1/depth"), "1");
    EXPECT_EQ(member("ots_traceTransaction", forwarding, "/1/to"), text(other));
    EXPECT_EQ(member("ots_traceTransaction", forwarding, "/1/value"), quoted("0x7"));
    EXPECT_EQ(result("ots_getTransactionError", forwarding), quoted("0x"));
    EXPECT_NE(call("ots_traceTransaction", "[" + text(chain->hash_of(0)) + "]")
                  .find("transaction not found"),
              std::string::npos);
}

TEST_F(Ots, what_a_transaction_reverted_with) {
    // REVERT(0, 32) with 1 in memory.
    const Address reverter = deploy(from_hex("0x60015f5260205ffd").value());
    mine({signed_by(make(reverter), key)});
    EXPECT_EQ(result("ots_getTransactionError", "[" + hash_at(2, 1) + "]"),
              text(to_bytes32(uint256{1})));
}

TEST_F(Ots, searches_say_that_there_is_no_index) {
    EXPECT_NE(call("ots_searchTransactionsBefore", "[" + text(sender) + ",0,25]")
                  .find("--index-appearances"),
              std::string::npos);
}

class OtsSearch : public Ots {
protected:
    OtsSearch() { reopen(true); }
    void reopen(bool index) {
        server.reset();
        chain.reset();
        node::ChainOptions o = chain_options(true);
        o.index_appearances = index;
        auto opened = node::Chain::open(store, std::move(o));
        ASSERT_TRUE(opened) << opened.error().message;
        chain = std::move(*opened);
        server = std::make_unique<RpcServer>(*chain, pool, RpcOptions{});
    }
    /// Hashes a search finds, and its flags.
    std::vector<std::string> found(const char* direction, const Address& address,
                                   std::uint64_t block, std::uint64_t size,
                                   const std::string& flags) {
        const std::string text_result = result(
            std::string("ots_searchTransactions") + direction,
            "[" + text(address) + "," + std::to_string(block) + "," + std::to_string(size) + "]");
        simdjson::dom::parser parser;
        simdjson::dom::element page = parser.parse(text_result);
        std::vector<std::string> out;
        for (simdjson::dom::element t : simdjson::dom::array(page["txs"]))
            out.push_back(quoted(std::string(std::string_view(t["hash"]))));
        EXPECT_EQ(simdjson::dom::array(page["receipts"]).size(), out.size());
        EXPECT_EQ(std::string(bool(page["firstPage"]) ? "first" : "") +
                      (bool(page["lastPage"]) ? "last" : ""),
                  flags)
            << direction << block;
        return out;
    }
};

using Hashes = std::vector<std::string>;

TEST_F(OtsSearch, finds_parties_creations_and_calls_inside) {
    const Address through = deploy(forwarder(other));                     // block 1
    mine({signed_by(make(through, uint256{7}, Bytes(32)), key)});         // 2: calls other
    mine({signed_by(make(contract), key), signed_by(make(other), key)});  // 3
    mine({signed_by(make(other), key)});                                  // 4
    const Hashes all{hash_at(4, 1), hash_at(3, 2), hash_at(2, 1)};
    EXPECT_EQ(found("Before", other, 0, 25, "firstlast"), all);
    EXPECT_EQ(found("Before", other, 0, 1, "first"), Hashes{all[0]});
    EXPECT_EQ(found("Before", other, 4, 1, ""), Hashes{all[1]});
    EXPECT_EQ(found("Before", other, 3, 5, "last"), Hashes{all[2]});
    EXPECT_EQ(found("After", other, 0, 2, "last"), (Hashes{all[1], all[2]}));
    EXPECT_EQ(found("After", other, 3, 2, "first"), Hashes{all[0]});
    EXPECT_EQ(found("Before", through, 0, 25, "firstlast"), (Hashes{hash_at(2, 1), hash_at(1, 1)}));
    EXPECT_EQ(found("Before", sender, 0, 25, "firstlast").size(), 5u);
    EXPECT_EQ(found("Before", hex<Address>("0x00000000000000000000000000000000000000dd"), 0, 25,
                    "firstlast"),
              Hashes{});
}

TEST_F(OtsSearch, forgets_what_a_rollback_undid) {
    const Address through = deploy(forwarder(other));
    mine({signed_by(make(through, uint256{7}, Bytes(32)), key)});
    mine({signed_by(make(other), key)});
    EXPECT_EQ(found("Before", other, 0, 25, "firstlast").size(), 2u);
    ASSERT_TRUE(chain->rollback(1));
    nonce -= 2;
    EXPECT_EQ(found("Before", other, 0, 25, "firstlast"), Hashes{});
    mine({signed_by(make(contract), key)});
    EXPECT_EQ(found("Before", other, 0, 25, "firstlast"), Hashes{});
    EXPECT_EQ(found("Before", sender, 0, 25, "firstlast"), (Hashes{hash_at(2, 1), hash_at(1, 1)}));
}

TEST_F(OtsSearch, an_index_that_begins_late_says_so) {
    mine({signed_by(make(other), key)});
    reopen(false);
    EXPECT_NE(call("ots_searchTransactionsBefore", "[" + text(other) + ",0,25]").find("no index"),
              std::string::npos);
    mine({signed_by(make(other), key)});
    reopen(true);
    mine({signed_by(make(other), key)});
    EXPECT_EQ(found("Before", other, 0, 1, "first"), Hashes{hash_at(3, 1)});
    EXPECT_NE(call("ots_searchTransactionsBefore", "[" + text(other) + ",0,25]")
                  .find("begins at block 3"),
              std::string::npos);
    EXPECT_NE(
        call("ots_searchTransactionsAfter", "[" + text(other) + ",0,25]").find("begins at block 3"),
        std::string::npos);
}

}  // namespace
}  // namespace mezz::rpc::test
