// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/bench_load.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <thread>

#include "app/dev_accounts.hpp"
#include "app/exit_code.hpp"
#include "app/load_generator.hpp"
#include "app/progress.hpp"
#include "node/host/platform/system_clock.hpp"

namespace mezz::app {
namespace {

using std::chrono::steady_clock;

/// How long what was sent may take to be included after the last was sent.
constexpr double patience_s = 30;
/// How often inclusion is read.
constexpr auto count_interval = std::chrono::milliseconds(100);
/// Requests of a sender that are under way when one is refused are over after this time.
constexpr auto resume_delay = std::chrono::milliseconds(200);

double seconds_since(steady_clock::time_point start) {
    return std::chrono::duration<double>(steady_clock::now() - start).count();
}

bool has_transactions(const Mix& mix) {
    return std::ranges::any_of(mix, is_transaction, &MixPart::operation);
}

/// Reads the senders' nonces while the generator sends, on a connection and thread of its own.
class InclusionCounter {
public:
    InclusionCounter(LoadControl& control, std::vector<Address> senders, LoadShared& shared)
        : control_(control), senders_(std::move(senders)), shared_(shared) {}

    node::Result<void> begin() {
        const auto nonces = control_.nonces(senders_, "latest");
        if (!nonces) return std::unexpected(nonces.error());
        first_ = sum(*nonces);
        return {};
    }
    void start() {
        thread_ = std::thread([this] {
            while (!stopping_) {
                count();
                resume();
                std::this_thread::sleep_for(count_interval);
            }
        });
    }
    void stop() {
        stopping_ = true;
        if (thread_.joinable()) thread_.join();
    }
    ~InclusionCounter() { stop(); }

    /// From any thread once `stop` has returned.
    void count() {
        const auto nonces = control_.nonces(senders_, "latest");
        if (nonces) shared_.included = sum(*nonces) - std::min(first_, sum(*nonces));
    }

private:
    static std::uint64_t sum(const std::vector<std::uint64_t>& nonces) {
        std::uint64_t total = 0;
        for (const auto n : nonces) total += n;
        return total;
    }
    /// Tells broken senders where to go on.
    void resume() {
        const auto is_broken = [](const auto& r) { return r == LoadShared::broken; };
        if (std::ranges::none_of(shared_.resume, is_broken)) return;
        std::vector<std::size_t> broken;
        for (std::size_t i = 0; i < senders_.size(); ++i)
            if (is_broken(shared_.resume[i])) broken.push_back(i);
        std::this_thread::sleep_for(resume_delay);
        const auto nonces = control_.nonces(senders_, "pending");
        if (!nonces) return;
        for (const std::size_t i : broken) shared_.resume[i] = (*nonces)[i];
    }

    LoadControl& control_;
    std::vector<Address> senders_;
    LoadShared& shared_;
    std::uint64_t first_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

struct Load {
    node::RpcEndpoint endpoint;
    Mix mix;
};

node::Result<Load> check(const BenchLoadOptions& options) {
    Load load;
    const auto endpoint = node::parse_rpc_endpoint(options.rpc_url);
    if (!endpoint) return node::fatal("--rpc " + endpoint.error().message);
    load.endpoint = *endpoint;
    const auto mix = parse_mix(options.mix.empty() ? options.kind : options.mix);
    if (!mix) return node::fatal("--mix: " + mix.error());
    load.mix = *mix;
    if (options.batch > options.max_waiting)
        return node::fatal("--batch " + std::to_string(options.batch) + ": --max-waiting is " +
                           std::to_string(options.max_waiting) + ", less than one batch");
    return load;
}

int run(const BenchLoadOptions& options, const Load& load) {
    const auto control = LoadControl::connect(load.endpoint);
    if (!control) return fail(control.error());
    const auto chain_id = (*control)->quantity("eth_chainId", "[]");
    if (!chain_id) return fail(chain_id.error());
    std::vector<Address> addresses;
    for (const auto& account : dev_accounts()) addresses.push_back(account.address);
    const auto contracts = deploy_contracts(**control, *chain_id, load.mix);
    if (!contracts) return fail(contracts.error());
    const auto nonces = (*control)->nonces(addresses, "pending");
    if (!nonces) return fail(nonces.error());
    std::vector<LoadSender> senders;
    for (std::size_t i = 0; i < addresses.size(); ++i)
        senders.emplace_back(dev_accounts()[i].private_key, *chain_id, (*nonces)[i],
                             options.recipients, *contracts);
    LoadReport report;
    LoadShared shared(addresses.size());
    for (auto& resume : shared.resume) resume = LoadShared::flows;
    std::unique_ptr<HeadSubscribers> heads;
    if (options.subscriptions > 0) {
        auto subscribed = HeadSubscribers::subscribe(load.endpoint, options.subscriptions);
        if (!subscribed) return fail(subscribed.error());
        heads = std::move(*subscribed);
    }
    LoadGenerator generator(options, load.mix, *contracts, std::move(senders), shared, report);
    if (auto connected = generator.connect(load.endpoint); !connected)
        return fail(connected.error());
    InclusionCounter counter(**control, addresses, shared);
    const bool sends = has_transactions(load.mix);
    if (sends) {
        if (auto begun = counter.begin(); !begun) return fail(begun.error());
        counter.start();
    }
    const auto start = steady_clock::now();
    host::SystemClock clock;
    std::atomic<bool> is_sent = false;
    auto progress = std::make_unique<ProgressThread>(
        clock, progress_on_terminal(options.json), [&]() -> ProgressView {
            if (is_sent)
                return {.what = "waiting until all are included",
                        .done = shared.included,
                        .total = shared.accepted};
            return {.what = "sending",
                    .done = static_cast<std::uint64_t>(seconds_since(start) * 1000),
                    .total = options.seconds * 1000};
        });
    generator.run();
    is_sent = true;
    counter.stop();
    report.accepted = shared.accepted;
    report.total_s = seconds_since(start);
    if (sends && report.gone.empty()) {
        counter.count();
        report.included_while_sending = shared.included;
        const double sent_s = report.total_s;
        for (; shared.included < report.accepted && seconds_since(start) < sent_s + patience_s;
             counter.count())
            std::this_thread::sleep_for(count_interval);
        report.total_s = seconds_since(start);
    }
    progress.reset();
    report.included = shared.included;
    if (heads) report.heads = heads->stop();
    print_load_report(options, load.mix, report);
    if (!report.gone.empty()) return exit_unreachable;
    return (sends && report.included == 0) || report.answered == 0 ? exit_failure : 0;
}

}  // namespace

void add_load_flags(CLI::App& command, BenchLoadOptions& o) {
    auto* kind = command
                     .add_option("--kind", o.kind,
                                 "transfers (of ether), erc20, or swaps (with a constant-product "
                                 "pair); the tool deploys the contracts")
                     ->check(CLI::IsMember({"transfers", "erc20", "swaps"}));
    command
        .add_option("--mix", o.mix,
                    "Requests and their weights, as eth_call=40,eth_getBalance=40,transfers=20")
        ->check([](const std::string& text) {
            const auto mix = parse_mix(text);
            return mix ? std::string() : mix.error();
        })
        ->excludes(kind);
    command.add_option("--rpc", o.rpc_url, "Endpoint, http:// or ws://");
    command.add_option("--seconds", o.seconds, "How long to send")->check(CLI::Range(1, 7200));
    command
        .add_option("--rate", o.rate,
                    "Transactions and other requests a second offered, by schedule; 0: as fast as "
                    "they are answered and included")
        ->check(CLI::Range(0, 1'000'000));
    command.add_option("--batch", o.batch, "Transactions in one JSON-RPC batch")
        ->check(CLI::Range(1, 1000));
    command.add_option("--connections", o.connections, "Connections that carry the requests")
        ->check(CLI::Range(1, 10'000));
    command
        .add_option("--subscriptions", o.subscriptions,
                    "WebSocket connections that wait for new heads meanwhile, for how long it "
                    "takes until all know")
        ->check(CLI::Range(0, 100'000));
    command
        .add_option("--max-waiting", o.max_waiting,
                    "Transactions not included and requests not answered at which sending pauses")
        ->check(CLI::Range(1, 1'000'000));
    command.add_option("--recipients", o.recipients,
                       "Different recipients; 0: a new one each time");
    command.add_flag("--json", o.json, "One JSON object");
}

int run_bench_load(const BenchLoadOptions& options) {
    const auto load = check(options);
    if (!load) return refuse(load.error().message);
    return run(options, *load);
}

}  // namespace mezz::app
