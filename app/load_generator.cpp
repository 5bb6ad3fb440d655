// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/load_generator.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "node/host/signing/abi.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::app {
namespace {

constexpr std::uint64_t open_timeout_ms = 30'000;
constexpr std::uint64_t answer_patience_us = 10'000'000;
/// The longest wait before looks at the clock and at what the other thread says.
constexpr std::uint64_t longest_poll_us = 5'000;

/// The id of an answer, or of the first one in a batch. Names of members are not parsed: no result
/// that a load asks for has an id before.
std::uint64_t id_in(std::string_view body) {
    auto at = body.find("\"id\":");
    if (at == std::string_view::npos) return 0;
    at += 5;
    while (at < body.size() && body[at] == ' ') ++at;
    std::uint64_t id = 0;
    std::from_chars(body.data() + at, body.data() + body.size(), id);
    return id;
}

struct Refusals {
    std::uint64_t count = 0;
    std::string reason;
};

/// Of an answer to `sent` requests: how many are errors, and the first reason.
Refusals refusals_in(std::string_view body, std::uint64_t sent) {
    // Nearly every answer has none: looking at the text is cheaper than parsing it.
    if (body.find("\"error\"") == std::string_view::npos &&
        body.find("\"result\"") != std::string_view::npos)
        return {};
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(simdjson::padded_string(body)).get(root) != simdjson::SUCCESS)
        return {sent, "the answer is not JSON: " + std::string(body.substr(0, 80))};
    const auto reason_of = [](simdjson::dom::element one) -> std::optional<std::string> {
        simdjson::dom::element unused;
        if (one["error"].get(unused) != simdjson::SUCCESS &&
            one["result"].get(unused) == simdjson::SUCCESS)
            return std::nullopt;
        std::string_view message = "the answer has neither result nor error";
        (void)one["error"]["message"].get_string().get(message);
        return std::string(message);
    };
    simdjson::dom::array answers;
    if (root.get_array().get(answers) != simdjson::SUCCESS) {
        const auto reason = reason_of(root);
        return reason ? Refusals{sent, *reason} : Refusals{};
    }
    Refusals out;
    for (const auto answer : answers)
        if (auto reason = reason_of(answer); reason && out.count++ == 0)
            out.reason = std::move(*reason);
    return out;
}

/// Nonces and amounts differ; the kind of trouble is what counts.
std::string without_numbers(std::string text) {
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
}

std::string request(std::uint64_t id, std::string_view method, std::string_view params) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" +
           std::string(method) + R"(","params":[)" + std::string(params) + "]}";
}

std::string quoted(ByteView bytes) {
    return "\"" + node::hex_text(bytes) + "\"";
}

}  // namespace

LoadGenerator::LoadGenerator(const BenchLoadOptions& options, const Mix& mix,
                             LoadContracts contracts, std::vector<LoadSender> senders,
                             LoadShared& shared, LoadReport& report)
    : options_(options),
      contracts_(contracts),
      senders_(std::move(senders)),
      shared_(shared),
      report_(report),
      turns_(mix),
      schedule_(std::max<std::uint64_t>(options.rate, 1)) {}

node::Result<void> LoadGenerator::connect(const node::RpcEndpoint& endpoint) {
    auto swarm = node::RpcSwarm::make(endpoint, *this);
    if (!swarm) return std::unexpected(swarm.error());
    swarm_ = std::move(*swarm);
    websocket_ = endpoint.websocket;
    queues_.resize(options_.connections);
    under_way_.resize(options_.connections);
    return swarm_->open(options_.connections, open_timeout_ms);
}

std::uint64_t LoadGenerator::now_us() const {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start_).count());
}

void LoadGenerator::run() {
    start_ = Clock::now();
    const std::uint64_t end_us = options_.seconds * 1'000'000;
    while (now_us() < end_us && report_.gone.empty()) {
        send_due();
        const std::uint64_t now = now_us();
        const std::uint64_t due = next_due_us().value_or(now + longest_poll_us);
        swarm_->poll(due > now ? std::min(due - now, longest_poll_us) : 0);
        // The way back to a connection that ended leads through here, never through itself.
        for (const std::size_t c : std::exchange(lost_connections_, {})) dispatch(c);
    }
    report_.sending_s = static_cast<double>(now_us()) / 1e6;
    const std::uint64_t due = options_.rate * options_.seconds;
    if (report_.gone.empty()) report_.unsent = due - std::min(due, offered_);
    const std::uint64_t patience_us = now_us() + answer_patience_us;
    while (!asked_.empty() && now_us() < patience_us && report_.gone.empty()) {
        swarm_->poll(longest_poll_us);
        for (const std::size_t c : std::exchange(lost_connections_, {})) dispatch(c);
    }
    if (!asked_.empty()) report_.errors["no answer within 10 s"] += asked_.size();
}

void LoadGenerator::send_due() {
    for (;;) {
        const auto due = next_due_us();
        const std::uint64_t now = now_us();
        if (!due || *due > now) return;
        if (!next_) next_ = turns_.next();
        if (!may_ask(*next_)) return;
        ask(*next_, options_.rate == 0 ? now : *due);
        next_.reset();
        // Answers that wait are read between, so that their times are not those of a long row.
        if (asked_.size() % 16 == 0) swarm_->poll(0);
    }
}

std::optional<std::uint64_t> LoadGenerator::next_due_us() const {
    if (next_ && !may_ask(*next_)) return std::nullopt;
    if (options_.rate > 0) return schedule_.due_us(offered_);
    if (asked_.size() >= options_.connections) return std::nullopt;
    return 0;
}

bool LoadGenerator::may_ask(LoadOperation operation) const {
    if (asked_.size() >= options_.max_waiting) return false;
    if (!is_transaction(operation)) return true;
    const std::uint64_t included = shared_.included, accepted = shared_.accepted;
    return accepted - std::min(included, accepted) < options_.max_waiting &&
           free_sender().has_value();
}

std::optional<std::size_t> LoadGenerator::free_sender() const {
    for (std::size_t i = 0; i < senders_.size(); ++i) {
        const std::size_t s = (sender_turn_ + i) % senders_.size();
        const std::uint64_t resume = shared_.resume[s];
        if (resume != LoadShared::broken) return s;
    }
    return std::nullopt;
}

std::size_t LoadGenerator::free_connection() const {
    std::size_t best = connection_turn_ % queues_.size();
    for (std::size_t i = 0; i < queues_.size(); ++i) {
        const std::size_t c = (connection_turn_ + i) % queues_.size();
        if (queues_[c].empty() && under_way_[c] == 0) return c;
        if (queues_[c].size() < queues_[best].size()) best = c;
    }
    return best;
}

void LoadGenerator::ask(LoadOperation operation, std::uint64_t due_us) {
    const std::uint64_t id = next_id_++;
    Asked asked{operation, due_us, 1, 0, 0};
    std::string body;
    if (is_transaction(operation)) {
        asked.sender = *free_sender();
        sender_turn_ = asked.sender + 1;
        LoadSender& sender = senders_[asked.sender];
        auto& resume = shared_.resume[asked.sender];
        if (const std::uint64_t nonce = resume; nonce != LoadShared::flows) {
            sender.set_nonce(nonce);
            resume = LoadShared::flows;
        }
        // A sender keeps its connection: its nonces arrive in order.
        asked.connection = asked.sender % queues_.size();
        asked.count = options_.batch;
        for (std::uint64_t i = 0; i < options_.batch; ++i)
            body += (i == 0 ? "" : ",") +
                    request(id, "eth_sendRawTransaction", "\"" + sender.next_raw(operation) + "\"");
        if (options_.batch > 1) body = "[" + body + "]";
    } else {
        asked.connection = free_connection();
        connection_turn_ = asked.connection + 1;
        body = read_request(operation, id);
    }
    offered_ += asked.count;
    report_.requests += asked.count;
    const std::size_t connection = asked.connection;
    asked_.emplace(id, asked);
    if (websocket_) return swarm_->send(connection, body);
    queues_[connection].push_back({id, std::move(body)});
    if (under_way_[connection] == 0) dispatch(connection);
}

std::string LoadGenerator::read_request(LoadOperation operation, std::uint64_t id) {
    const std::string account = quoted(senders_[id % senders_.size()].address());
    const auto method = name_of(operation);
    const auto token = [&] { return quoted(*contracts_.token); };
    switch (operation) {
        case LoadOperation::call: {
            const Bytes data = node::abi::Call("balanceOf(address)")
                                   .word(senders_[id % senders_.size()].address())
                                   .finish();
            return request(id, method,
                           R"({"to":)" + token() + R"(,"data":)" + quoted(data) + R"(},"latest")");
        }
        case LoadOperation::estimate_gas: {
            const Bytes data = node::abi::Call("transfer(address,uint256)")
                                   .word(Address::from(ByteView(*contracts_.token)))
                                   .word(id)
                                   .finish();
            return request(id, method,
                           R"({"from":)" + account + R"(,"to":)" + token() + R"(,"data":)" +
                               quoted(data) + "}");
        }
        case LoadOperation::balance:
        case LoadOperation::transaction_count:
            return request(id, method, account + R"(,"latest")");
        case LoadOperation::storage:
            return request(id, method, token() + R"(,"0x0","latest")");
        case LoadOperation::block:
            return request(id, method, R"("latest",false)");
        case LoadOperation::logs:
            return request(id, method, R"({"fromBlock":"latest","address":)" + token() + "}");
        case LoadOperation::fee_history:
            return request(id, method, R"("0xa","latest",[50])");
        default:
            return request(id, method, "");
    }
}

void LoadGenerator::dispatch(std::size_t connection) {
    auto& queue = queues_[connection];
    if (websocket_ || queue.empty() || under_way_[connection] != 0) return;
    Queued next = std::move(queue.front());
    queue.pop_front();
    under_way_[connection] = next.id;
    swarm_->send(connection, next.body);
}

void LoadGenerator::on_message(std::size_t connection, std::string_view body) {
    lost_in_a_row_ = 0;
    const std::uint64_t id = websocket_ ? id_in(body) : std::exchange(under_way_[connection], 0);
    const auto it = asked_.find(id);
    if (it == asked_.end()) {
        ++report_.errors["an answer to nothing that was asked"];
        return;
    }
    const Asked asked = it->second;
    asked_.erase(it);
    answered(asked, body);
    dispatch(connection);
}

void LoadGenerator::answered(const Asked& asked, std::string_view body) {
    const std::uint64_t now = now_us();
    report_.latency_us[asked.operation].record(now > asked.due_us ? now - asked.due_us : 0);
    Refusals refused = refusals_in(body, asked.count);
    refused.count = std::min(refused.count, asked.count);
    report_.answered += asked.count;
    if (is_transaction(asked.operation)) shared_.accepted += asked.count - refused.count;
    if (refused.count > 0) fail(asked, refused.count, std::move(refused.reason));
}

void LoadGenerator::fail(const Asked& asked, std::uint64_t count, std::string reason) {
    ++report_.errors[without_numbers(std::move(reason))];
    if (!is_transaction(asked.operation)) {
        report_.failed += count;
        return;
    }
    report_.refused += count;
    // The rest would wait behind the gap for ever.
    shared_.resume[asked.sender] = LoadShared::broken;
}

void LoadGenerator::on_lost(std::size_t connection, const std::string& why) {
    // As many as there are, and none answered between: there is no endpoint any more.
    if (++lost_in_a_row_ > 2 * queues_.size() + 8) report_.gone = why;
    under_way_[connection] = 0;
    for (auto it = asked_.begin(); it != asked_.end();) {
        const Asked asked = it->second;
        const auto& queue = queues_[connection];
        const bool queued = std::ranges::find(queue, it->first, &Queued::id) != queue.end();
        if (asked.connection != connection || queued) {
            ++it;
            continue;
        }
        it = asked_.erase(it);
        fail(asked, asked.count, "the connection ended: " + why);
    }
    // With every sender's outcome unknown nothing more is sent that could tell.
    if (report_.gone.empty() && std::ranges::all_of(shared_.resume, [](const auto& resume) {
            return resume == LoadShared::broken;
        }))
        report_.gone = why;
    lost_connections_.push_back(connection);
}

}  // namespace mezz::app
