// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "app/bench_load.hpp"
#include "app/exit_code.hpp"

namespace mezz::app {
namespace {

constexpr struct {
    const char* name;
    double share;
} points[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}, {"max", 1}};

std::string format(const char* pattern, double value) {
    char text[64];
    std::snprintf(text, sizeof text, pattern, value);
    return text;
}

std::string json_of(const LoadHistogram& h) {
    std::string out = "{\"count\":" + std::to_string(h.count());
    for (const auto& p : points)
        out += ",\"" + std::string(p.name) +
               "\":" + format("%.3f", static_cast<double>(h.percentile(p.share)) / 1000);
    return out + "}";
}

std::string text_of(const LoadHistogram& h) {
    std::string out;
    for (const auto& p : points)
        out += std::string(out.empty() ? "" : ", ") + (p.share == 0.999 ? "p99.9" : p.name) +
               format(" %.2f ms", static_cast<double>(h.percentile(p.share)) / 1000);
    return out;
}

bool has_transactions(const Mix& mix) {
    for (const MixPart& p : mix)
        if (is_transaction(p.operation)) return true;
    return false;
}

double per_second(std::uint64_t count, double seconds) {
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

void print_json(const std::string& what, const LoadReport& r) {
    const auto field = [](const char* name, std::uint64_t value) {
        return ",\"" + std::string(name) + "\":" + std::to_string(value);
    };
    std::string out = "{\"kind\":\"" + what + "\"";
    out += field("accepted", r.accepted) + field("refused", r.refused) +
           field("included", r.included) + ",\"seconds\":" + format("%.2f", r.total_s) +
           ",\"perSecond\":" + format("%.0f", per_second(r.included, r.total_s)) +
           ",\"sendingSeconds\":" + format("%.2f", r.sending_s) +
           field("includedWhileSending", r.included_while_sending) + ",\"sustainedPerSecond\":" +
           format("%.0f", per_second(r.included_while_sending, r.sending_s)) +
           field("requests", r.requests) + field("answered", r.answered) +
           field("failed", r.failed) + field("unsent", r.unsent) +
           ",\"answeredPerSecond\":" + format("%.0f", per_second(r.answered, r.sending_s)) +
           ",\"latencyMs\":{";
    bool first = true;
    for (const auto& [operation, h] : r.latency_us) {
        out += std::string(first ? "\"" : ",\"") + std::string(name_of(operation)) +
               "\":" + json_of(h);
        first = false;
    }
    out += "}";
    if (r.heads)
        out += ",\"subscriptions\":{\"open\":" + std::to_string(r.heads->open) +
               field("lost", r.heads->lost) + field("heads", r.heads->first_to_last_us.count()) +
               field("missing", r.heads->missing) +
               ",\"firstToLastMs\":" + json_of(r.heads->first_to_last_us) +
               ",\"timestampToLastMs\":" + json_of(r.heads->timestamp_to_last_us) + "}";
    std::printf("%s}\n", out.c_str());
}

void print_text(const std::string& what, const Mix& mix, const LoadReport& r) {
    const auto count = [](std::uint64_t v) { return static_cast<unsigned long long>(v); };
    std::printf("%s: %llu requests in %.2f s, %llu answered: %.0f/s, %llu errors\n", what.c_str(),
                count(r.requests), r.sending_s, count(r.answered),
                per_second(r.answered, r.sending_s), count(r.failed + r.refused));
    if (r.unsent > 0)
        std::printf(
            "%llu requests were due and not sent: too many waited for an answer or a block\n",
            count(r.unsent));
    if (has_transactions(mix))
        std::printf(
            "transactions: accepted %llu, refused %llu, included %llu in %.2f s: %.0f/s\n"
            "while sending: %llu included, %.0f/s\n",
            count(r.accepted), count(r.refused), count(r.included), r.total_s,
            per_second(r.included, r.total_s), count(r.included_while_sending),
            per_second(r.included_while_sending, r.sending_s));
    for (const auto& [operation, h] : r.latency_us)
        std::printf("%s, from when it was due to its answer: %s\n",
                    std::string(name_of(operation)).c_str(), text_of(h).c_str());
    if (!r.heads) return;
    std::printf("%zu subscriptions, %zu lost: %llu heads reached all, %llu notifications missing\n",
                r.heads->open, r.heads->lost, count(r.heads->first_to_last_us.count()),
                count(r.heads->missing));
    std::printf("from the first to the last client: %s\n",
                text_of(r.heads->first_to_last_us).c_str());
    std::printf("from the block's timestamp to the last: %s\n",
                text_of(r.heads->timestamp_to_last_us).c_str());
}

}  // namespace

void print_load_report(const BenchLoadOptions& options, const Mix& mix, const LoadReport& r) {
    const std::string what = options.mix.empty() ? options.kind : options.mix;
    if (options.json)
        print_json(what, r);
    else
        print_text(what, mix, r);
    for (const auto& [message, times] : r.errors)
        complain(std::to_string(times) + " requests met: " + message);
    if (r.included < r.accepted)
        complain(std::to_string(r.accepted - r.included) +
                 " accepted transactions were not included within 30 s");
    if (!r.gone.empty()) complain("the endpoint is gone: " + r.gone);
}

}  // namespace mezz::app
