// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

class Methods : public RpcTest {};

std::string quoted(std::string_view s) {
    return '"' + std::string(s) + '"';
}

TEST_F(Methods, identity) {
    EXPECT_EQ(result("eth_chainId"), quoted("0x385"));
    EXPECT_EQ(result("net_version"), quoted("901"));
    EXPECT_EQ(result("net_listening"), "true");
    EXPECT_EQ(result("net_peerCount"), quoted("0x0"));
    EXPECT_EQ(result("web3_clientVersion"), quoted("mezzanine/0.1.0"));
    EXPECT_EQ(result("eth_syncing"), "false");
    EXPECT_EQ(result("eth_accounts"), "[" + text(sender) + "]");
    EXPECT_EQ(member("rpc_modules", "[]", "/eth"), quoted("1.0"));
    EXPECT_EQ(result("web3_sha3", R"(["0x68656c6c6f20776f726c64"])"),
              quoted("0x47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad"));
}

TEST_F(Methods, state_of_any_block) {
    mine({signed_by(make(other, uint256{5}), key)});
    mine({signed_by(make(other, uint256{6}), key), signed_by(make(contract), key)});
    const std::string who = "[" + text(other) + ",";
    EXPECT_EQ(result("eth_getBalance", who + "\"latest\"]"), quoted("0xb"));
    EXPECT_EQ(result("eth_getBalance", who + "\"pending\"]"), quoted("0xb"));
    EXPECT_EQ(result("eth_getBalance", "[" + text(other) + "]"), quoted("0xb"));
    EXPECT_EQ(result("eth_getBalance", who + "\"0x1\"]"), quoted("0x5"));
    EXPECT_EQ(result("eth_getBalance", who + "\"earliest\"]"), quoted("0x0"));
    EXPECT_EQ(result("eth_getBalance", who + "\"safe\"]"), quoted("0x0"));
    EXPECT_EQ(result("eth_getBalance", who + R"({"blockNumber":"0x1"}])"), quoted("0x5"));
    EXPECT_EQ(result("eth_getBalance", who + R"({"blockHash":)" + text(chain->hash_of(1)) + "}]"),
              quoted("0x5"));
    EXPECT_NE(
        call("eth_getBalance", who + "\"0x9\"]").find("-32000,\"message\":\"header not found"),
        std::string::npos);
    EXPECT_EQ(result("eth_getTransactionCount", "[" + text(sender) + ",\"latest\"]"),
              quoted("0x3"));
    EXPECT_EQ(result("eth_getCode", "[" + text(contract) + ",\"latest\"]"), text(contract_code()));
    EXPECT_EQ(result("eth_getCode", who + "\"latest\"]"), quoted("0x"));
    const std::string seven = text(to_bytes32(uint256{7}));
    EXPECT_EQ(result("eth_getStorageAt", "[" + text(contract) + ",\"0x0\",\"latest\"]"), seven);
    EXPECT_EQ(
        result("eth_getStorageAt", "[" + text(contract) + "," + text(Bytes32{}) + ",\"latest\"]"),
        seven);
    EXPECT_EQ(result("eth_getStorageAt", "[" + text(contract) + ",\"0x0\",\"0x1\"]"),
              text(Bytes32{}));
    EXPECT_EQ(result("eth_getAccountInfo", who + "\"0x1\"]"),
              R"({"balance":"0x5","nonce":"0x0","code":"0x"})");
}

TEST_F(Methods, pending_nonce_comes_from_the_pool) {
    const Transaction t = signed_by(make(other), key);
    EXPECT_EQ(result("eth_sendRawTransaction", "[" + text(encode(t)) + "]"), text(hash(t)));
    EXPECT_EQ(result("eth_getTransactionCount", "[" + text(sender) + ",\"pending\"]"),
              quoted("0x1"));
    EXPECT_EQ(result("eth_getTransactionCount", "[" + text(sender) + ",\"latest\"]"),
              quoted("0x0"));
    EXPECT_EQ(member("eth_getTransactionByHash", "[" + text(hash(t)) + "]", "/blockHash"), "null");
    EXPECT_EQ(member("eth_getTransactionByHash", "[" + text(hash(t)) + "]", "/gasPrice"),
              quoted("0x2540be400"));
    EXPECT_EQ(result("txpool_status"), R"({"pending":"0x1","queued":"0x0"})");
    EXPECT_NE(result("txpool_content").find(text(hash(t))), std::string::npos);
    EXPECT_NE(result("txpool_inspect").find("200000 gas"), std::string::npos);
    EXPECT_NE(result("txpool_contentFrom", "[" + text(sender) + "]").find(text(hash(t))),
              std::string::npos);
    EXPECT_NE(call("eth_sendRawTransaction", R"(["0x02"])").find("-32000"), std::string::npos);
}

TEST_F(Methods, blocks_with_hashes_or_whole_transactions) {
    const Transaction t = signed_by(make(other, uint256{5}), key);
    mine({t});
    const std::string hash1 = text(chain->hash_of(1));
    EXPECT_EQ(result("eth_blockNumber"), quoted("0x1"));
    EXPECT_EQ(member("eth_getBlockByNumber", R"(["0x1",false])", "/hash"), hash1);
    EXPECT_EQ(member("eth_getBlockByNumber", R"(["latest",false])", "/transactions/1"),
              text(hash(t)));
    EXPECT_EQ(member("eth_getBlockByHash", "[" + hash1 + ",true]", "/transactions/1/from"),
              text(sender));
    EXPECT_EQ(result("eth_getBlockByNumber", R"(["latest",true])"),
              result("eth_getBlockByHash", "[" + hash1 + ",true]"));
    EXPECT_EQ(member("eth_getBlockByNumber", R"(["0x1",false])", "/baseFeePerGas"),
              quoted("0x3b9aca00"));
    EXPECT_EQ(member("eth_getBlockByNumber", R"(["0x1",false])", "/withdrawals"), "[]");
    // What the header has is printed, with the hashes of "none".
    for (const char* block : {R"(["0x0",false])", R"(["0x1",true])"}) {
        EXPECT_EQ(member("eth_getBlockByNumber", block, "/withdrawals"), "[]");
        EXPECT_EQ(member("eth_getBlockByNumber", block, "/withdrawalsRoot"), text(EMPTY_TRIE_ROOT));
        EXPECT_EQ(member("eth_getBlockByNumber", block, "/requestsHash"),
                  text(EMPTY_REQUESTS_HASH));
    }
    EXPECT_EQ(result("eth_getBlockByNumber", R"(["0x2",false])"), "null");
    EXPECT_EQ(result("eth_getBlockByHash", "[" + text(Bytes32{}) + ",false]"), "null");
    EXPECT_EQ(result("eth_getBlockTransactionCountByNumber", R"(["0x1"])"), quoted("0x2"));
    EXPECT_EQ(result("eth_getBlockTransactionCountByHash", "[" + hash1 + "]"), quoted("0x2"));
    EXPECT_EQ(member("eth_getTransactionByBlockNumberAndIndex", R"(["0x1","0x1"])", "/hash"),
              text(hash(t)));
    EXPECT_EQ(member("eth_getTransactionByBlockHashAndIndex", "[" + hash1 + ",\"0x1\"]", "/hash"),
              text(hash(t)));
    EXPECT_EQ(result("eth_getTransactionByBlockNumberAndIndex", R"(["0x1","0x2"])"), "null");
}

TEST_F(Methods, dynamic_fee_transaction_has_geths_fields) {
    const Transaction t = signed_by(make(other, uint256{5}), key);
    mine({t});
    std::string expected =
        R"({"blockHash":)" + text(chain->hash_of(1)) +
        R"(,"blockNumber":"0x1","blockTimestamp":"0x6553f102","from":)" + text(sender) +
        R"(,"gas":"0x30d40","gasPrice":"0xb2d05e00","maxFeePerGas":"0x2540be400",)"
        R"("maxPriorityFeePerGas":"0x77359400","hash":)" +
        text(hash(t)) + R"(,"input":"0x","nonce":"0x0","to":)" + text(other) +
        R"(,"transactionIndex":"0x1","value":"0x5","type":"0x2","accessList":[],)"
        R"("chainId":"0x385","v":)";
    const std::string got = result("eth_getTransactionByHash", "[" + text(hash(t)) + "]");
    EXPECT_EQ(got.substr(0, expected.size()), expected);
    EXPECT_NE(got.find("\"yParity\":\"0x"), std::string::npos);
}

TEST_F(Methods, legacy_transaction_has_v_with_chain_id) {
    Transaction t = make(other);
    t.type = TxType::legacy;
    t.max_priority_fee_per_gas = t.max_fee_per_gas;
    t = signed_by(t, key);
    mine({t});
    EXPECT_EQ(member("eth_getTransactionByHash", "[" + text(hash(t)) + "]", "/v"),
              t.odd_y ? quoted("0x72e") : quoted("0x72d"));
    EXPECT_EQ(member("eth_getTransactionByHash", "[" + text(hash(t)) + "]", "/type"),
              quoted("0x0"));
    EXPECT_EQ(member("eth_getTransactionByHash", "[" + text(hash(t)) + "]", "/yParity"), "(none)");
    EXPECT_EQ(result("debug_getRawTransaction", "[" + text(hash(t)) + "]"), text(encode(t)));
}

TEST_F(Methods, deposits_have_op_geths_fields) {
    mine({});
    mine({});
    const std::string place = R"(["0x2","0x0"])";
    const auto field = [&](std::string_view name) {
        return member("eth_getTransactionByBlockNumberAndIndex", place, name);
    };
    EXPECT_EQ(field("/type"), quoted("0x7e"));
    EXPECT_EQ(field("/nonce"), quoted("0x1"));
    EXPECT_EQ(field("/depositReceiptVersion"), quoted("0x1"));
    EXPECT_EQ(field("/gasPrice"), quoted("0x0"));
    EXPECT_EQ(field("/mint"), quoted("0x0"));
    EXPECT_EQ(field("/isSystemTx"), "false");
    EXPECT_EQ(field("/sourceHash"), text(attributes().source_hash));
    EXPECT_EQ(field("/r"), quoted("0x0"));
    const std::string receipt = "[" + text(hash(attributes())) + "]";
    // The same deposit in two blocks: the index names the later one.
    EXPECT_EQ(member("eth_getTransactionReceipt", receipt, "/depositNonce"), quoted("0x1"));
    EXPECT_EQ(member("eth_getTransactionReceipt", receipt, "/depositReceiptVersion"),
              quoted("0x1"));
    EXPECT_EQ(member("eth_getTransactionReceipt", receipt, "/effectiveGasPrice"), quoted("0x0"));
    EXPECT_EQ(member("eth_getTransactionReceipt", receipt, "/l1Fee"), "null");
}

TEST_F(Methods, receipts_of_calls_and_creations) {
    const Transaction a = signed_by(make(contract), key);
    const Transaction b = signed_by(make(std::nullopt, {}, Bytes{0x00}), key);
    const Transaction f = signed_by(make(contract, {}, Bytes{1}), key);
    mine({a, b, f});
    const std::string ra = "[" + text(hash(a)) + "]", rb = "[" + text(hash(b)) + "]";
    EXPECT_EQ(member("eth_getTransactionReceipt", ra, "/status"), quoted("0x1"));
    EXPECT_EQ(member("eth_getTransactionReceipt", ra, "/contractAddress"), "null");
    EXPECT_EQ(member("eth_getTransactionReceipt", ra, "/effectiveGasPrice"), quoted("0xb2d05e00"));
    EXPECT_EQ(member("eth_getTransactionReceipt", ra, "/logs/0/logIndex"), quoted("0x0"));
    EXPECT_EQ(member("eth_getTransactionReceipt", ra, "/logs/0/data"),
              text(to_bytes32(uint256{7})));
    EXPECT_EQ(member("eth_getTransactionReceipt", ra, "/l1GasPrice"), quoted("0x3b9aca00"));
    EXPECT_EQ(member("eth_getTransactionReceipt", rb, "/to"), "null");
    EXPECT_EQ(member("eth_getTransactionReceipt", rb, "/contractAddress"),
              text(create_address(sender, 1)));
    EXPECT_EQ(member("eth_getTransactionReceipt", "[" + text(hash(f)) + "]", "/status"),
              quoted("0x0"));
    EXPECT_EQ(result("eth_getTransactionReceipt", "[" + text(Bytes32{}) + "]"), "null");
    EXPECT_EQ(result("eth_getTransactionByHash", "[" + text(Bytes32{}) + "]"), "null");
    EXPECT_EQ(member("eth_getBlockReceipts", R"(["latest"])", "/1"),
              result("eth_getTransactionReceipt", ra));
    EXPECT_EQ(result("eth_getBlockReceipts", R"(["0x7"])"), "null");
}

TEST_F(Methods, proofs_of_old_blocks) {
    mine({signed_by(make(contract), key)});
    mine({signed_by(make(other, uint256{1}), key)});
    const std::string params = "[" + text(contract) + R"(,["0x0"],"0x1"])";
    EXPECT_EQ(member("eth_getProof", params, "/storageProof/0/value"), quoted("0x7"));
    EXPECT_EQ(member("eth_getProof", params, "/storageProof/0/key"), quoted("0x0"));
    EXPECT_EQ(member("eth_getProof", params, "/nonce"), quoted("0x1"));
    EXPECT_NE(member("eth_getProof", params, "/accountProof/0"), "(none)");
    EXPECT_EQ(member("eth_getProof", "[" + text(contract) + R"(,["0x0"],"0x0"])",
                     "/storageProof/0/value"),
              quoted("0x0"));
}

TEST_F(Methods, raw_encodings) {
    mine({signed_by(make(other), key)});
    const Bytes header = encode(**chain->header(1));
    EXPECT_EQ(result("debug_getRawHeader", R"(["0x1"])"), text(header));
    EXPECT_NE(result("debug_getRawBlock", R"(["0x1"])").find(text(header).substr(3, 200)),
              std::string::npos);
    EXPECT_EQ(member("debug_getRawReceipts", R"(["0x1"])", "/1"),
              text(encode((*chain->receipts(1))->receipts[1])));
}

TEST_F(Methods, development_accounts_send_and_sign) {
    const std::string answer = result(
        "eth_sendTransaction", R"([{"from":)" + text(sender) + R"(,"to":)" + text(contract) + "}]");
    auto sent = pool.take();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(answer, text(sent[0].hash));
    EXPECT_EQ(sent[0].sender, sender);
    EXPECT_EQ(sent[0].txn.type, TxType::dynamic_fee);
    mine({sent[0].txn});
    EXPECT_EQ(member("eth_getTransactionReceipt", "[" + answer + "]", "/status"), quoted("0x1"));
    EXPECT_NE(call("eth_sendTransaction", R"([{"from":)" + text(other) + R"(,"gas":"0x5208"}])")
                  .find("unknown account"),
              std::string::npos);
    EXPECT_EQ(result("personal_sign", R"(["0x68656c6c6f",)" + text(sender) + "]"),
              result("eth_sign", "[" + text(sender) + R"(,"0x68656c6c6f"])"));
}

TEST_F(Methods, a_sync_send_waits_for_the_receipt) {
    RpcOptions options;
    options.sync_send_timeout_ms = 50;
    options.max_sync_send_timeout_ms = 10'000;
    options.max_sync_sends = 1;
    server = std::make_unique<RpcServer>(*chain, pool, std::move(options));
    const auto params = [&](const Transaction& t, const char* timeout) {
        return "[" + text(encode(t)) + timeout + "]";
    };
    const Transaction first = signed_by(make(other), key);
    std::thread maker([&] {
        while (!pool.find(hash(first))) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        // One at a time may wait.
        EXPECT_NE(call("eth_sendRawTransactionSync", params(first, "")).find("-32005"),
                  std::string::npos);
        mine({first});
        (void)pool.take();
    });
    const std::string receipt = result("eth_sendRawTransactionSync", params(first, ",5000"));
    maker.join();
    EXPECT_EQ(receipt, result("eth_getTransactionReceipt", "[" + text(hash(first)) + "]"));
    // Nobody makes a block. A time that the node does not grant is its own.
    const Transaction second = signed_by(make(other), key);
    for (const char* timeout : {"", ",\"0x32\"", ",0", ",10001"}) {
        const std::string answer = call("eth_sendRawTransactionSync", params(second, timeout));
        EXPECT_NE(
            answer.find(R"("error":{"code":4,"message":"the transaction is in the pool, but was )"
                        R"(not processed in 50 ms","data":)" +
                        text(hash(second)) + "}"),
            std::string::npos)
            << answer;
    }
    EXPECT_NE(call("eth_sendRawTransactionSync", params(second, ",\"soon\"")).find("-32602"),
              std::string::npos);
    EXPECT_NE(call("eth_sendRawTransactionSync", R"(["0x02"])").find("-32000"), std::string::npos);
}

}  // namespace
}  // namespace mezz::rpc::test
