// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/bench_load.hpp"

#include <simdjson.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "app/dev_accounts.hpp"
#include "app/rollup_file.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "node/host/client/rpc_parent.hpp"
#include "node/host/signing/abi.hpp"
#include "node/settle/deployer/deployer.hpp"

namespace mezz::app {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t sending_threads = 2;
constexpr std::uint64_t answer_timeout_ms = 10'000;
/// How long what was sent may take to be included after the last was sent.
constexpr double patience_s = 30;
/// How often inclusion is read.
constexpr auto count_interval = std::chrono::milliseconds(100);

double seconds_since(steady_clock::time_point start) {
    return std::chrono::duration<double>(steady_clock::now() - start).count();
}

/// What all threads have seen so far. Thread-safe.
struct Tally {
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::uint64_t> included = 0;

    void add_latencies(const std::vector<float>& ms) {
        const std::scoped_lock lock(mutex);
        latencies_ms.insert(latencies_ms.end(), ms.begin(), ms.end());
    }
    void add_error(const std::string& message) {
        const std::scoped_lock lock(mutex);
        ++errors[message];
    }

    std::mutex mutex;  ///< guards what follows
    std::vector<float> latencies_ms;
    std::map<std::string, std::uint64_t> errors;
};

/// One account's transactions. Owned by one thread.
class Sender {
public:
    Sender(const DevAccount& account, const BenchLoadOptions& options, std::uint64_t chain_id,
           std::uint64_t nonce, const std::optional<Address>& token)
        : signer_(*node::Signer::make(account.private_key)),
          chain_id_(chain_id),
          nonce_(nonce),
          recipients_(options.recipients),
          token_(token) {}

    [[nodiscard]] const Address& address() const { return signer_.address(); }
    [[nodiscard]] std::uint64_t nonce() const { return nonce_; }
    void set_nonce(std::uint64_t nonce) { nonce_ = nonce; }

    std::string next_raw() {
        Transaction t;
        t.type = TxType::dynamic_fee;
        t.chain_id = chain_id_;
        t.nonce = nonce_;
        t.max_priority_fee_per_gas = uint256{1'000'000};
        t.max_fee_per_gas = uint256{200'000'000'000};
        const Address recipient = next_recipient();
        if (token_) {
            t.to = token_;
            t.gas_limit = 65'000;
            t.data = node::abi::Call("transfer(address,uint256)")
                         .word(recipient)
                         .word(std::uint64_t{1'000'000 + nonce_ % 1000})
                         .finish();
        } else {
            t.to = recipient;
            t.gas_limit = 21'000;
            t.value = uint256{1'000'000 + nonce_ % 1000};
        }
        ++nonce_;
        signer_.sign(t);
        return hex_text(encode(t));
    }

private:
    /// Looks random to a compressor, and is the same in every run.
    Address next_recipient() {
        Bytes seed = recipients_ == 0 ? to_bytes(signer_.address()) : Bytes{};
        append_be64(seed, recipients_ == 0 ? nonce_ : (nonce_ * 0x9e3779b97f4a7c15) % recipients_);
        const Bytes32 h = crypto::keccak256(seed);
        return Address::from(ByteView(h).first(20));
    }

    node::Signer signer_;
    std::uint64_t chain_id_;
    std::uint64_t nonce_;
    std::uint64_t recipients_;
    std::optional<Address> token_;
};

/// What an answer to a batch says: requests refused, and the first reason.
struct Refusals {
    std::uint64_t count = 0;
    std::string reason;
};

Refusals refusals_in(const std::string& body, std::uint64_t sent) {
    // Nearly every answer has none: looking at the text is cheaper than parsing it.
    if (body.find("\"error\"") == std::string::npos && body.starts_with("[")) return {};
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::array answers;
    if (parser.parse(simdjson::padded_string(body)).get(root) != simdjson::SUCCESS)
        return {sent, "the answer is not JSON: " + body.substr(0, 80)};
    if (root.get_array().get(answers) != simdjson::SUCCESS) {
        std::string_view message = "the answer is not a list";
        (void)root["error"]["message"].get_string().get(message);
        return {sent, std::string(message)};
    }
    Refusals out;
    for (const auto answer : answers) {
        std::string_view message;
        if (answer["error"]["message"].get_string().get(message) != simdjson::SUCCESS) continue;
        if (out.count++ == 0) out.reason = std::string(message);
    }
    return out;
}

/// Nonces and amounts differ; the kind of trouble is what counts.
std::string without_numbers(std::string text) {
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
}

void send_all(const BenchLoadOptions& options, node::RpcParent& rpc, std::vector<Sender>& senders,
              std::uint64_t rate, Tally& tally) {
    const auto url = node::parse_http_url(options.rpc_url);
    if (!url || senders.empty()) return;
    node::HttpClient client(*url);
    std::vector<float> latencies_ms;
    const auto start = steady_clock::now();
    std::uint64_t offered = 0;
    std::size_t turn = 0;
    while (seconds_since(start) < static_cast<double>(options.seconds)) {
        if (tally.accepted - std::min(tally.included.load(), tally.accepted.load()) >=
            options.max_waiting) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            continue;
        }
        // One sender a batch: its nonces arrive in order.
        Sender& sender = senders[turn++ % senders.size()];
        std::string body = "[";
        for (std::uint64_t i = 0; i < options.batch; ++i) {
            if (i > 0) body += ',';
            body += R"({"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":[")" +
                    sender.next_raw() + "\"]}";
        }
        body += ']';
        const auto asked = steady_clock::now();
        const auto answer = client.post(body, answer_timeout_ms);
        latencies_ms.push_back(static_cast<float>(1000 * seconds_since(asked)));
        offered += options.batch;
        const Refusals refused = answer ? refusals_in(answer->body, options.batch)
                                        : Refusals{options.batch, answer.error().message};
        tally.accepted += options.batch - std::min(refused.count, options.batch);
        if (refused.count > 0) {
            tally.refused += refused.count;
            tally.add_error(without_numbers(refused.reason));
            // The rest would wait behind the gap for ever.
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            sender.set_nonce(rpc.nonce(sender.address(), true).value_or(sender.nonce()));
        }
        if (rate > 0) {
            const double due = static_cast<double>(offered) / static_cast<double>(rate);
            const double ahead = due - seconds_since(start);
            if (ahead > 0) std::this_thread::sleep_for(std::chrono::duration<double>(ahead));
        }
    }
    tally.add_latencies(latencies_ms);
}

/// Deploys the token and gives every sender some. returns: none after printing why.
std::optional<Address> deploy_token(node::RpcParent& rpc, std::uint64_t chain_id) {
    const auto code = node::creation_code("BenchToken");
    if (!code) return std::nullopt;
    const auto& accounts = dev_accounts();
    const auto signer = *node::Signer::make(accounts[0].private_key);
    // BenchToken(address[] holders, uint256 each)
    Bytes input = *code;
    const auto word = [&](const uint256& v) { append(input, to_bytes32(v)); };
    word(64);
    word(uint256{1} << 128);
    word(accounts.size());
    for (const auto& a : accounts) word(to_uint256(a.address));
    Transaction t;
    t.type = TxType::dynamic_fee;
    t.chain_id = chain_id;
    t.nonce = rpc.nonce(signer.address(), true).value_or(0);
    t.gas_limit = 3'000'000;
    t.max_priority_fee_per_gas = uint256{1'000'000};
    t.max_fee_per_gas = uint256{200'000'000'000};
    t.data = std::move(input);
    signer.sign(t);
    const auto sent = rpc.send(encode(t));
    if (!sent) {
        std::fprintf(stderr, "mezz: the token cannot be deployed: %s\n",
                     sent.error().message.c_str());
        return std::nullopt;
    }
    const auto start = steady_clock::now();
    while (seconds_since(start) < patience_s) {
        const auto receipt = rpc.receipt(*sent);
        if (receipt && *receipt) {
            if ((*receipt)->success) return create_address(signer.address(), t.nonce);
            std::fprintf(stderr, "mezz: the deployment of the token failed\n");
            return std::nullopt;
        }
        std::this_thread::sleep_for(count_interval);
    }
    std::fprintf(stderr, "mezz: the deployment of the token was not included within %.0f s\n",
                 patience_s);
    return std::nullopt;
}

/// How many transactions of the senders blocks hold, since it was made.
class InclusionCounter {
public:
    InclusionCounter(node::RpcParent& rpc, std::vector<Address> senders)
        : rpc_(rpc), senders_(std::move(senders)), first_(sum().value_or(0)) {}
    std::uint64_t count() {
        const auto now = sum();
        if (now) last_ = *now - std::min(first_, *now);
        return last_;
    }

private:
    std::optional<std::uint64_t> sum() {
        std::uint64_t total = 0;
        for (const auto& s : senders_) {
            const auto nonce = rpc_.nonce(s, false);
            if (!nonce) return std::nullopt;
            total += *nonce;
        }
        return total;
    }
    node::RpcParent& rpc_;
    std::vector<Address> senders_;
    std::uint64_t first_;
    std::uint64_t last_ = 0;
};

float percentile(const std::vector<float>& sorted, double p) {
    if (sorted.empty()) return 0;
    const auto at = static_cast<std::size_t>(std::ceil(p * static_cast<double>(sorted.size())));
    return sorted[std::min(sorted.size() - 1, at == 0 ? 0 : at - 1)];
}

struct Measured {
    double total_s = 0;    ///< until the last was included
    double sending_s = 0;  ///< while the generator sent
    std::uint64_t included_while_sending = 0;
};

void report(const BenchLoadOptions& options, Tally& tally, const Measured& m) {
    std::sort(tally.latencies_ms.begin(), tally.latencies_ms.end());
    const auto p = [&](double q) { return static_cast<double>(percentile(tally.latencies_ms, q)); };
    const auto count = [](std::uint64_t v) { return static_cast<unsigned long long>(v); };
    const std::uint64_t included = tally.included;
    const double per_second = static_cast<double>(included) / m.total_s;
    const double sustained = static_cast<double>(m.included_while_sending) / m.sending_s;
    const char* what = options.kind == LoadKind::erc20 ? "ERC-20 transfers" : "transfers";
    std::printf(
        options.json
            ? "{\"kind\":\"%s\",\"accepted\":%llu,\"refused\":%llu,\"included\":%llu,"
              "\"seconds\":%.2f,\"perSecond\":%.0f,\"sendingSeconds\":%.2f,\"includedWhileSending\""
              ":%llu,\"sustainedPerSecond\":%.0f,\"batchLatencyMs\":{\"p50\":%.1f,\"p90\":%.1f,"
              "\"p99\":%.1f,\"max\":%.1f}}\n"
            : "%s: accepted %llu, refused %llu, included %llu in %.2f s: %.0f/s\n"
              "while sending (%.2f s): %llu included, %.0f/s\n"
              "answer to a batch: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms\n",
        what, count(tally.accepted), count(tally.refused), count(included), m.total_s, per_second,
        m.sending_s, count(m.included_while_sending), sustained, p(0.5), p(0.9), p(0.99), p(1));
    for (const auto& [message, times] : tally.errors)
        std::fprintf(stderr, "mezz: %llu batches met: %s\n", count(times), message.c_str());
    if (included < tally.accepted)
        std::fprintf(stderr, "mezz: %llu accepted transactions were not included within %.0f s\n",
                     count(tally.accepted - included), patience_s);
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
    std::optional<Address> token;
    if (options.kind == LoadKind::erc20) {
        token = deploy_token(rpc, *chain_id);
        if (!token) return 1;
    }
    std::vector<std::vector<Sender>> senders(sending_threads);
    std::vector<Address> addresses;
    for (std::size_t i = 0; i < dev_accounts().size(); ++i) {
        const auto& account = dev_accounts()[i];
        const auto nonce = rpc.nonce(account.address, true);
        if (!nonce) {
            std::fprintf(stderr, "mezz: %s\n", nonce.error().message.c_str());
            return 4;
        }
        addresses.push_back(account.address);
        senders[i % sending_threads].emplace_back(account, options, *chain_id, *nonce, token);
    }
    InclusionCounter counter(rpc, addresses);
    const auto start = steady_clock::now();
    Tally tally;
    std::vector<std::thread> workers;
    for (auto& group : senders)
        workers.emplace_back(
            [&] { send_all(options, rpc, group, options.rate / sending_threads, tally); });
    Measured measured;
    while (seconds_since(start) < static_cast<double>(options.seconds)) {
        std::this_thread::sleep_for(count_interval);
        tally.included = counter.count();
    }
    measured.included_while_sending = tally.included = counter.count();
    measured.sending_s = seconds_since(start);
    for (auto& worker : workers) worker.join();
    for (const double sent_s = seconds_since(start);
         tally.included < tally.accepted && seconds_since(start) < sent_s + patience_s;) {
        std::this_thread::sleep_for(count_interval);
        tally.included = counter.count();
    }
    measured.total_s = seconds_since(start);
    report(options, tally, measured);
    return tally.included == 0 ? 1 : 0;
}

}  // namespace mezz::app
