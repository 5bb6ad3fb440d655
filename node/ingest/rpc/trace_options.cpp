// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/trace_options.hpp"

#include <algorithm>

namespace mezz::rpc {
namespace {

struct Named {
    std::string_view name;
    TracerKind kind;
};
constexpr Named TRACERS[] = {
    {"callTracer", TracerKind::calls},        {"flatCallTracer", TracerKind::flat_calls},
    {"prestateTracer", TracerKind::prestate}, {"4byteTracer", TracerKind::four_byte},
    {"noopTracer", TracerKind::noop},         {"muxTracer", TracerKind::mux},
};

void read_flag(const std::optional<Value>& from, const char* name, bool& out) {
    if (!from) return;
    if (const auto v = from->get(name)) out = v->boolean();
}

/// `depth` counts muxTracers within each other.
TracerOptions read_tracer(std::string_view name, const std::optional<Value>& config, int depth) {
    constexpr int MOST_MUXES = 4;
    const auto* const found = std::ranges::find(TRACERS, name, &Named::name);
    if (found == std::end(TRACERS) || depth > MOST_MUXES) fail(server_error, "tracer not found");
    TracerOptions o;
    o.kind = found->kind;
    o.name = name;
    read_flag(config, "onlyTopCall", o.calls.only_top_call);
    read_flag(config, "withLog", o.calls.with_log);
    read_flag(config, "convertParityErrors", o.flat.convert_errors);
    read_flag(config, "includePrecompiles", o.flat.include_precompiles);
    read_flag(config, "diffMode", o.diff);
    read_flag(config, "disableCode", o.prestate.without_code);
    read_flag(config, "disableStorage", o.prestate.without_storage);
    read_flag(config, "includeEmpty", o.prestate.include_empty);
    if (o.kind != TracerKind::mux || !config) return o;
    config->each_member([&](std::string_view member, const Value& v) {
        const std::optional<Value> own = v.is_null() ? std::nullopt : std::optional(v);
        o.members.push_back(read_tracer(member, own, depth + 1));
    });
    std::ranges::sort(o.members, {}, &TracerOptions::name);
    return o;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
    struct Unit {
        std::string_view name;
        double nanoseconds;
    };
    // Two letters before one: "ms" is no minute.
    constexpr Unit UNITS[] = {{"ns", 1},  {"us", 1e3}, {"ms", 1e6},
                              {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};
    constexpr double MOST = 1e18;  // 31 years
    if (text == "0") return std::chrono::nanoseconds(0);
    if (text.empty()) return std::nullopt;
    double sum = 0;
    while (!text.empty()) {
        double number = 0, scale = 1;
        std::size_t digits = 0, at = 0;
        bool fraction = false;
        for (; at < text.size() && (text[at] == '.' || (text[at] >= '0' && text[at] <= '9'));
             ++at) {
            if (text[at] == '.') {
                if (fraction) return std::nullopt;
                fraction = true;
                continue;
            }
            ++digits;
            if (fraction) scale /= 10;
            number = fraction ? number + scale * (text[at] - '0') : number * 10 + (text[at] - '0');
        }
        text.remove_prefix(at);
        const auto* const unit =
            std::ranges::find_if(UNITS, [&](const Unit& u) { return text.starts_with(u.name); });
        if (digits == 0 || unit == std::end(UNITS)) return std::nullopt;
        text.remove_prefix(unit->name.size());
        sum += number * unit->nanoseconds;
        if (!(sum < MOST)) return std::nullopt;
    }
    return std::chrono::nanoseconds(static_cast<std::int64_t>(sum));
}

TraceOptions read_trace_options(const std::optional<Value>& value, const RpcOptions& server) {
    TraceOptions out;
    out.timeout = std::chrono::milliseconds(server.trace_timeout_ms);
    if (!value) return out;
    if (!value->is_object()) value->wrong("an object");
    if (const auto v = value->get("timeout")) {
        const auto asked = parse_duration(v->text());
        if (!asked) v->wrong("a duration such as 5s");
        out.timeout = std::min<std::chrono::nanoseconds>(
            *asked, std::chrono::milliseconds(server.max_trace_timeout_ms));
    }
    const auto name = value->get("tracer");
    if (name && !name->text().empty()) {
        out.tracer = read_tracer(name->text(), value->get("tracerConfig"), 0);
        return out;
    }
    auto& steps = out.tracer.steps;
    read_flag(value, "enableMemory", steps.with_memory);
    read_flag(value, "disableStack", steps.without_stack);
    read_flag(value, "disableStorage", steps.without_storage);
    read_flag(value, "enableReturnData", steps.with_return_data);
    if (const auto v = value->get("limit")) steps.limit = v->u64(true);
    return out;
}

}  // namespace mezz::rpc
