// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/bench_load.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include "app/dev_accounts.hpp"
#include "app/rollup_file.hpp"
#include "node/host/client/rpc_parent.hpp"

namespace mezz::app {
namespace {

using std::chrono::steady_clock;

double seconds_since(steady_clock::time_point start) {
    return std::chrono::duration<double>(steady_clock::now() - start).count();
}

struct Sent {
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> refused = 0;
};

std::uint64_t count_of(std::string_view text, std::string_view what) {
    std::uint64_t n = 0;
    for (auto at = text.find(what); at != std::string_view::npos;
         at = text.find(what, at + what.size()))
        ++n;
    return n;
}

/// One sender's transfers to addresses nobody has used before.
class Sender {
public:
    Sender(const DevAccount& account, std::uint64_t chain_id, std::uint64_t nonce)
        : signer_(*node::Signer::make(account.private_key)), chain_id_(chain_id), nonce_(nonce) {}

    std::string next_raw() {
        Transaction t;
        t.type = TxType::dynamic_fee;
        t.chain_id = chain_id_;
        t.nonce = nonce_++;
        t.gas_limit = 21'000;
        t.max_priority_fee_per_gas = uint256{1};
        t.max_fee_per_gas = uint256{100'000'000'000};
        t.to = signer_.address();
        (*t.to)[0] = static_cast<std::uint8_t>(nonce_);
        (*t.to)[1] = static_cast<std::uint8_t>(nonce_ >> 8);
        t.value = uint256{1};
        signer_.sign(t);
        return hex_text(encode(t));
    }

private:
    node::Signer signer_;
    std::uint64_t chain_id_;
    std::uint64_t nonce_;
};

void send_all(const BenchLoadOptions& options, std::vector<Sender>& senders, std::uint64_t rate,
              Sent& sent) {
    const auto url = node::parse_http_url(options.rpc_url);
    if (!url) return;
    node::HttpClient client(*url);
    const auto start = steady_clock::now();
    std::uint64_t offered = 0;
    std::size_t turn = 0;
    while (seconds_since(start) < static_cast<double>(options.seconds)) {
        std::string body = "[";
        for (std::uint64_t i = 0; i < options.batch; ++i) {
            if (i > 0) body += ',';
            body += R"({"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":[")" +
                    senders[turn++ % senders.size()].next_raw() + "\"]}";
        }
        body += ']';
        const auto answer = client.post(body, 10'000);
        offered += options.batch;
        const std::uint64_t refused = answer ? count_of(answer->body, "\"error\"") : options.batch;
        sent.refused += refused;
        sent.accepted += options.batch - std::min(refused, options.batch);
        if (rate > 0) {
            const double due = static_cast<double>(offered) / static_cast<double>(rate);
            const double ahead = due - seconds_since(start);
            if (ahead > 0) std::this_thread::sleep_for(std::chrono::duration<double>(ahead));
        }
    }
}

/// The unsigned number in a JSON text such as "0x1f".
std::uint64_t quantity(const node::Result<std::string>& text) {
    if (!text || text->size() < 4) return 0;
    return std::strtoull(text->c_str() + 3, nullptr, 16);
}

}  // namespace

int run_bench_load(const BenchLoadOptions& options) {
    node::RpcParentOptions parent_options;
    parent_options.rpc_url = options.rpc_url;
    auto made = node::RpcParent::make(parent_options);
    if (!made) {
        std::fprintf(stderr, "mezz: %s\n", made.error().message.c_str());
        return 2;
    }
    node::RpcParent& rpc = **made;
    const auto chain_id = rpc.chain_id();
    if (!chain_id) {
        std::fprintf(stderr, "mezz: %s\n", chain_id.error().message.c_str());
        return 4;
    }
    constexpr std::size_t threads = 2;
    std::vector<std::vector<Sender>> senders(threads);
    for (std::size_t i = 0; i < dev_accounts().size(); ++i) {
        const auto& account = dev_accounts()[i];
        senders[i % threads].emplace_back(account, *chain_id,
                                          rpc.nonce(account.address, true).value_or(0));
    }
    const std::uint64_t first = quantity(rpc.request("eth_blockNumber", "[]"));
    const auto start = steady_clock::now();
    Sent sent;
    std::vector<std::thread> workers;
    for (auto& group : senders)
        workers.emplace_back([&] { send_all(options, group, options.rate / threads, sent); });
    for (auto& worker : workers) worker.join();
    const double sending = seconds_since(start);
    // What was accepted is counted once it stands in a block.
    std::uint64_t included = 0, counted = first;
    while (included < sent.accepted && seconds_since(start) < sending + 30) {
        const std::uint64_t head = quantity(rpc.request("eth_blockNumber", "[]"));
        for (; counted < head; ++counted) {
            char params[40];
            std::snprintf(params, sizeof params, "[\"0x%llx\"]",
                          static_cast<unsigned long long>(counted + 1));
            const std::uint64_t in_block =
                quantity(rpc.request("eth_getBlockTransactionCountByNumber", params));
            included += in_block > 0 ? in_block - 1 : 0;  // without the attributes transaction
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const double total = seconds_since(start);
    const auto per_second = static_cast<double>(included) / total;
    std::printf(options.json
                    ? "{\"accepted\":%llu,\"refused\":%llu,\"included\":%llu,\"seconds\":%.2f,"
                      "\"perSecond\":%.0f}\n"
                    : "accepted %llu, refused %llu, included %llu in %.2f s: %.0f transfers/s\n",
                static_cast<unsigned long long>(sent.accepted),
                static_cast<unsigned long long>(sent.refused),
                static_cast<unsigned long long>(included), total, per_second);
    return included == 0 ? 1 : 0;
}

}  // namespace mezz::app
