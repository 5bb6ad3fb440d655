// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Logs, filters and subscriptions.
#include <algorithm>
#include <condition_variable>
#include <set>

#include "node/ingest/rpc/subscriptions.hpp"
#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

class LogMethods : public RpcTest {
protected:
    std::size_t count(std::string_view method, const std::string& params) {
        simdjson::dom::parser parser;
        const std::string text = result(method, params);
        simdjson::dom::array items;
        EXPECT_EQ(parser.parse(text).get(items), simdjson::SUCCESS) << text;
        return items.size();
    }
    void emit() { mine({signed_by(make(contract), key), signed_by(make(contract), key)}); }
    std::string topic = text(to_bytes32(uint256{1}));
};

TEST_F(LogMethods, filters_by_range_address_and_topic) {
    emit();
    mine({signed_by(make(other), key)});
    emit();
    EXPECT_EQ(count("eth_getLogs", R"([{"fromBlock":"0x0","toBlock":"latest"}])"), 4u);
    EXPECT_EQ(count("eth_getLogs", R"([{"fromBlock":"earliest"}])"), 4u);
    EXPECT_EQ(count("eth_getLogs", "[{}]"), 2u);
    EXPECT_EQ(count("eth_getLogs", R"([{"fromBlock":"0x2","toBlock":"0x2"}])"), 0u);
    EXPECT_EQ(count("eth_getLogs", R"([{"blockHash":)" + text(chain->hash_of(1)) + "}]"), 2u);
    const std::string all = R"([{"fromBlock":"0x0",)";
    EXPECT_EQ(count("eth_getLogs", all + R"("address":)" + text(contract) + "}]"), 4u);
    EXPECT_EQ(
        count("eth_getLogs", all + R"("address":[)" + text(other) + "," + text(contract) + "]}]"),
        4u);
    EXPECT_EQ(count("eth_getLogs", all + R"("address":)" + text(other) + "}]"), 0u);
    EXPECT_EQ(count("eth_getLogs", all + R"("topics":[)" + topic + "]}]"), 4u);
    EXPECT_EQ(count("eth_getLogs", all + R"("topics":[null]}])"), 4u);
    EXPECT_EQ(count("eth_getLogs", all + R"("topics":[null,null]}])"), 0u);
    EXPECT_EQ(count("eth_getLogs", all + R"("topics":[[)" + text(Bytes32{}) + "," + topic + "]]}]"),
              4u);
    EXPECT_EQ(count("eth_getLogs", all + R"("topics":[)" + text(Bytes32{}) + "]}]"), 0u);
    EXPECT_EQ(member("eth_getLogs", R"([{"fromBlock":"0x3"}])", "/1/logIndex"), "\"0x1\"");
    EXPECT_EQ(member("eth_getLogs", R"([{"fromBlock":"0x3"}])", "/1/transactionIndex"), "\"0x2\"");
}

TEST_F(LogMethods, ranges_beyond_the_head_are_refused) {
    mine({});
    mine({});
    const auto refusal = [&](const char* range) { return call("eth_getLogs", range); };
    const std::string_view beyond =
        R"("code":-32602,"message":"block range extends beyond current head block")";
    for (const char* range : {R"([{"fromBlock":"0x1","toBlock":"0x3"}])",
                              R"([{"fromBlock":"0x3","toBlock":"0x4"}])", R"([{"toBlock":"0x3"}])"})
        EXPECT_NE(refusal(range).find(beyond), std::string::npos) << refusal(range);
    for (const char* range :
         {R"([{"fromBlock":"0x3"}])", R"([{"fromBlock":"0x3","toBlock":"latest"}])"})
        EXPECT_NE(refusal(range).find("invalid block range params"), std::string::npos);
    EXPECT_EQ(count("eth_getLogs", R"([{"fromBlock":"0x2","toBlock":"0x2"}])"), 0u);
}

TEST_F(LogMethods, a_filter_may_wait_for_blocks_to_come) {
    const std::string filter = result("eth_newFilter", R"([{"fromBlock":"0x2","toBlock":"0x3"}])");
    for (const std::size_t logs : {0u, 2u, 2u, 0u}) {
        emit();
        EXPECT_EQ(count("eth_getFilterChanges", "[" + filter + "]"), logs);
    }
}

TEST_F(LogMethods, impossible_ranges_are_refused) {
    for (int i = 0; i < 60; ++i) mine({});
    EXPECT_NE(call("eth_getLogs", R"([{"fromBlock":"0x5","toBlock":"0x4"}])")
                  .find("invalid block range params"),
              std::string::npos);
    EXPECT_NE(call("eth_getLogs", R"([{"fromBlock":"0x0"}])").find("at most 50 blocks"),
              std::string::npos);
    EXPECT_NE(call("eth_getLogs", R"([{"fromBlock":"0x0","blockHash":)" + text(Bytes32{}) + "}]")
                  .find("cannot specify both"),
              std::string::npos);
    EXPECT_NE(
        call("eth_getLogs", R"([{"blockHash":)" + text(Bytes32{}) + "}]").find("unknown block"),
        std::string::npos);
}

TEST_F(LogMethods, polled_filters_give_what_is_new) {
    emit();
    const std::string logs = result("eth_newFilter", R"([{"address":)" + text(contract) + "}]");
    const std::string blocks = result("eth_newBlockFilter");
    const std::string pending = result("eth_newPendingTransactionFilter");
    EXPECT_EQ(result("eth_getFilterChanges", "[" + logs + "]"), "[]");
    emit();
    EXPECT_EQ(count("eth_getFilterChanges", "[" + logs + "]"), 2u);
    EXPECT_EQ(result("eth_getFilterChanges", "[" + logs + "]"), "[]");
    EXPECT_EQ(count("eth_getFilterLogs", "[" + logs + "]"), 2u);
    EXPECT_EQ(result("eth_getFilterChanges", "[" + blocks + "]"),
              "[" + text(chain->hash_of(2)) + "]");
    const Transaction t = signed_by(make(other), key);
    ASSERT_TRUE(pool.submit(encode(t)));
    EXPECT_EQ(result("eth_getFilterChanges", "[" + pending + "]"), "[" + text(hash(t)) + "]");
    EXPECT_EQ(result("eth_getFilterChanges", "[" + pending + "]"), "[]");
    EXPECT_EQ(result("eth_uninstallFilter", "[" + logs + "]"), "true");
    EXPECT_EQ(result("eth_uninstallFilter", "[" + logs + "]"), "false");
    EXPECT_NE(call("eth_getFilterChanges", "[" + logs + "]").find("filter not found"),
              std::string::npos);
}

TEST_F(LogMethods, block_filter_survives_a_rollback) {
    mine({});
    const std::string blocks = result("eth_newBlockFilter");
    mine({});
    EXPECT_EQ(count("eth_getFilterChanges", "[" + blocks + "]"), 1u);
    ASSERT_TRUE(chain->rollback(1));
    mine({}, false);
    EXPECT_EQ(result("eth_getFilterChanges", "[" + blocks + "]"),
              "[" + text(chain->hash_of(2)) + "]");
}

TEST_F(LogMethods, log_filter_takes_back_what_was_rolled_back) {
    emit();
    const std::string logs = result("eth_newFilter", R"([{"address":)" + text(contract) + "}]");
    const std::string params = "[" + logs + "]";
    emit();
    mine({});
    emit();
    EXPECT_EQ(count("eth_getFilterChanges", params), 4u);
    const std::string gone = text(chain->hash_of(4));
    const std::string kept = text(chain->hash_of(2));
    ASSERT_TRUE(chain->rollback(3));
    // Nothing replaces the block yet: its logs go, the last one first, and only once.
    std::string changes = result("eth_getFilterChanges", params);
    EXPECT_EQ(changes.find(kept), std::string::npos);
    EXPECT_NE(changes.find(gone), std::string::npos);
    EXPECT_EQ(changes.find(R"("removed":false)"), std::string::npos);
    EXPECT_LT(changes.find(R"("logIndex":"0x1")"), changes.find(R"("logIndex":"0x0")"));
    EXPECT_EQ(result("eth_getFilterChanges", params), "[]");
    // A replacement in the same poll: first what goes, then what comes.
    nonce = 4;
    emit();
    EXPECT_EQ(count("eth_getFilterChanges", params), 2u);
    ASSERT_TRUE(chain->rollback(3));
    nonce = 4;
    mine({signed_by(make(contract, uint256{1}), key)});
    changes = result("eth_getFilterChanges", params);
    EXPECT_LT(changes.rfind(R"("removed":true)"), changes.find(R"("removed":false)"));
    EXPECT_NE(changes.find(R"("removed":false)"), std::string::npos);
    EXPECT_NE(changes.find(text(chain->hash_of(4))), std::string::npos);
}

TEST_F(LogMethods, logs_never_given_are_not_taken_back) {
    const std::string logs = result("eth_newFilter", "[{}]");
    emit();
    ASSERT_TRUE(chain->rollback(0));
    EXPECT_EQ(result("eth_getFilterChanges", "[" + logs + "]"), "[]");
}

/// Collects what a connection pushes.
struct Inbox {
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<std::string> messages;
    void push(std::string m) {
        const std::scoped_lock lock(mutex);
        messages.push_back(std::move(m));
        arrived.notify_all();
    }
    std::string take(std::size_t index) {
        const std::scoped_lock lock(mutex);
        std::string one = messages.at(index);
        messages.erase(messages.begin() + static_cast<long>(index));
        return one;
    }
    std::vector<std::string> wait(std::size_t n) {
        std::unique_lock lock(mutex);
        arrived.wait_for(lock, std::chrono::seconds(5), [&] { return messages.size() >= n; });
        return messages;
    }
};

TEST_F(LogMethods, subscriptions_hear_of_a_rollback) {
    Inbox inbox;
    auto connection = server->connect([&](std::string m) { inbox.push(std::move(m)); });
    for (const char* topics : {R"("newHeads")", R"("logs",{})"}) {
        std::string body = R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":[)" +
                           std::string(topics) + "]}";
        connection->receive(body);
        (void)inbox.take(0);
    }
    emit();
    ASSERT_EQ(inbox.wait(3).size(), 3u);  // a head and two logs
    const std::string gone = text(chain->hash_of(1));
    ASSERT_TRUE(chain->rollback(0));
    auto got = inbox.wait(5);
    ASSERT_EQ(got.size(), 5u);
    for (std::size_t i = 3; i < 5; ++i) {
        EXPECT_NE(got[i].find(R"("removed":true)"), std::string::npos) << got[i];
        EXPECT_NE(got[i].find(gone), std::string::npos);
    }
    EXPECT_NE(got[3].find(R"("logIndex":"0x1")"), std::string::npos);
    nonce = 0;
    mine({signed_by(make(contract), key)}, false);
    got = inbox.wait(7);
    ASSERT_EQ(got.size(), 7u);
    const std::string replacement = text(chain->hash_of(1));
    EXPECT_NE(gone, replacement);
    for (std::size_t i = 5; i < 7; ++i)
        EXPECT_NE(got[i].find(replacement), std::string::npos) << got[i];
    EXPECT_EQ(
        std::ranges::count_if(
            got, [](const auto& m) { return m.find(R"("removed":false)") != std::string::npos; }),
        3);
}

TEST_F(LogMethods, subscriptions_push_heads_logs_and_pending) {
    Inbox inbox;
    auto connection = server->connect([&](std::string m) { inbox.push(std::move(m)); });
    const auto subscribe = [&](const std::string& params) {
        std::string body =
            R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":)" + params + "}";
        const std::size_t before = inbox.wait(0).size();
        connection->receive(body);
        const std::string answer = inbox.take(before);
        EXPECT_EQ(answer.find("error"), std::string::npos) << answer;
        return answer.substr(33, answer.size() - 34);
    };
    const std::string heads = subscribe(R"(["newHeads"])");
    emit();
    auto got = inbox.wait(1);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_TRUE(got[0].starts_with(
        R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":)" + heads +
        R"(,"result":{"baseFeePerGas")"))
        << got[0];
    const std::string logs = subscribe(R"(["logs",{"topics":[)" + topic + "]}]");
    emit();
    got = inbox.wait(4);
    ASSERT_EQ(got.size(), 4u);
    // Which of a client's subscriptions hears first is not said.
    EXPECT_EQ(std::ranges::count_if(
                  got, [&](const auto& m) { return m.find(logs) != std::string::npos; }),
              2);
    const std::string pending = subscribe(R"(["newPendingTransactions"])");
    const Transaction t = signed_by(make(other), key);
    ASSERT_TRUE(pool.submit(encode(t)));
    got = inbox.wait(5);
    ASSERT_EQ(got.size(), 5u);
    EXPECT_NE(got[4].find(pending + ",\"result\":" + text(hash(t))), std::string::npos);
    for (const char* expected : {"true", "subscription not found"}) {
        std::string end =
            R"({"jsonrpc":"2.0","id":1,"method":"eth_unsubscribe","params":[)" + heads + "]}";
        connection->receive(end);
        EXPECT_NE(inbox.take(5).find(expected), std::string::npos);
    }
}

TEST_F(LogMethods, subscribers_of_syncing_hear_that_it_began_and_ended) {
    std::atomic<bool> syncing = true;
    const std::string status =
        R"({"startingBlock":"0x1","currentBlock":"0x2","highestBlock":"0x3"})";
    RpcOptions options;
    options.syncing = [&] { return syncing ? status : std::string("false"); };
    server = std::make_unique<RpcServer>(*chain, pool, std::move(options));
    EXPECT_EQ(result("eth_syncing"), status);
    Inbox inbox;
    const auto connection = server->connect([&](std::string m) { inbox.push(std::move(m)); });
    server->note_syncing();  // nobody listens yet
    std::string request =
        R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["syncing"]})";
    connection->receive(request);
    auto got = inbox.wait(2);
    ASSERT_EQ(got.size(), 2u);
    EXPECT_NE(got[1].find(R"("result":{"syncing":true,"status":)" + status + "}"),
              std::string::npos)
        << got[1];
    syncing = false;
    server->note_syncing();
    got = inbox.wait(3);
    ASSERT_EQ(got.size(), 3u);
    EXPECT_NE(got[2].find(R"("result":false)"), std::string::npos) << got[2];
    EXPECT_EQ(result("eth_syncing"), "false");
}

TEST_F(LogMethods, what_many_clients_are_told_is_in_memory_once) {
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<std::string> heads;
    std::vector<SharedText> tails;
    const auto push = [&](std::string head, SharedText tail) {
        const std::scoped_lock lock(mutex);
        heads.push_back(std::move(head));
        tails.push_back(std::move(tail));
        arrived.notify_one();
    };
    const auto take = [&](std::size_t n) {
        std::unique_lock lock(mutex);
        arrived.wait_for(lock, std::chrono::seconds(20), [&] { return tails.size() >= n; });
        heads.clear();
        return std::exchange(tails, {});
    };
    constexpr std::size_t count = 500;
    std::vector<std::unique_ptr<Connection>> clients;
    for (std::size_t i = 0; i < count; ++i) {
        clients.push_back(server->connect([](const std::string&) {}));
        clients.back()->state()->push_shared = push;
        std::string body =
            R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]})";
        clients.back()->receive(body);
    }
    mine({});
    auto got = take(count);
    ASSERT_EQ(got.size(), count);
    for (const auto& tail : got) EXPECT_EQ(tail, got[0]);
    EXPECT_NE(got[0]->find(text(chain->hash_of(1))), std::string::npos);
    // Who left is told nothing, and who asks twice is told twice.
    clients.resize(count / 2);
    std::string body = R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]})";
    clients[0]->receive(body);
    mine({});
    got = take(count / 2 + 1);
    EXPECT_EQ(got.size(), count / 2 + 1);
    got.clear();
    body = R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["logs",{}]})";
    for (const auto& client : clients) {
        std::string copy = body;
        client->receive(copy);
    }
    emit();  // a head for each subscription, two logs for each client
    got = take(count / 2 + 1 + count);
    std::set<SharedText> different(got.begin(), got.end());
    EXPECT_EQ(got.size(), count / 2 + 1 + count);
    EXPECT_EQ(different.size(), 3u);
}

}  // namespace
}  // namespace mezz::rpc::test
