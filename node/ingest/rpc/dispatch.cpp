// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// From bytes to calls to bytes: JSON-RPC 2.0 framing. spec: JSON-RPC 2.0 §4-6.
#include <chrono>
#include <exception>

#include "node/ingest/rpc/context.hpp"
#include "node/ingest/rpc/subscriptions.hpp"

namespace mezz::rpc {
namespace {

using simdjson::dom::parser;

constexpr std::size_t first_capacity = 64 << 10;
/// A parser that grew beyond this for one big body is not kept.
constexpr std::size_t kept_capacity = 8 << 20;

/// One parser a thread. Calls do not nest, so its document lives until the answer is written.
parser& thread_parser(std::size_t max_depth) {
    thread_local std::unique_ptr<parser> kept;
    if (!kept || kept->capacity() > kept_capacity || kept->max_depth() != max_depth) {
        kept = std::make_unique<parser>();
        (void)kept->allocate(first_capacity, max_depth);
    }
    return *kept;
}

void write_error(JsonWriter& out, const RpcError& error) {
    out.field("error").object([&] {
        out.field("code").number(std::int64_t{error.code});
        out.field("message").string(error.message);
        if (!error.data.empty()) out.field("data").raw(error.data);
    });
}

void write_failure(JsonWriter& out, int code, std::string_view message) {
    out.object([&] {
        out.field("jsonrpc").string("2.0");
        out.field("id").null();
        write_error(out, {code, std::string(message), {}});
    });
}

/// A request as far as it could be understood.
struct Request {
    std::optional<Json> id;
    std::optional<Json> params;  ///< of any type but null
    std::string_view method;
    bool valid = false;
};

Request read(Json json) {
    Request r;
    simdjson::dom::object object;
    if (json.get(object) != simdjson::SUCCESS) return r;
    bool versioned = false, has_id = true, named = false;
    for (auto [key, value] : object) {
        if (key == "id") {
            r.id = value;
        } else if (key == "method") {
            named = value.get(r.method) == simdjson::SUCCESS;
        } else if (key == "params") {
            r.params = value.is_null() ? std::nullopt : std::optional(value);
        } else if (key == "jsonrpc") {
            std::string_view version;
            versioned = value.get(version) == simdjson::SUCCESS && version == "2.0";
        }
    }
    if (r.id && (r.id->is_object() || r.id->is_array() || r.id->is_bool())) {
        r.id.reset();
        has_id = false;
    }
    r.valid = versioned && has_id && named;
    return r;
}

/// What executes blocks again: few at a time, so that threads remain for everything else.
bool is_heavy(std::string_view method) {
    return method.starts_with("debug_trace") || method.starts_with("trace_") ||
           method.starts_with("ots_trace") || method == "eth_simulateV1" ||
           method == "ots_getInternalOperations";
}

using SteadyClock = std::chrono::steady_clock;

class Dispatcher {
public:
    Dispatcher(Context& context, const MethodTable& table, Connection* connection,
               const std::optional<Caller>& caller)
        : context_(context), table_(table), connection_(connection), caller_(caller) {}

    std::string run(Json document) {
        simdjson::dom::array batch;
        if (document.get(batch) != simdjson::SUCCESS) {
            one(document);
            return out_.take();
        }
        const std::size_t count = batch.size();
        if (count == 0) {
            write_failure(out_, invalid_request, "empty batch");
            return out_.take();
        }
        if (count > context_.options.max_batch) {
            write_failure(out_, invalid_request,
                          "batch too large: at most " + std::to_string(context_.options.max_batch) +
                              " requests");
            return out_.take();
        }
        bool any = false;
        out_.array([&] {
            for (Json request : batch) any |= one(request);
        });
        return any ? out_.take() : std::string{};
    }

private:
    /// returns: whether there was an answer.
    bool one(Json json) {
        const Request r = read(json);
        if (!r.valid) {
            answer(r.id, [&] { write_error(out_, {invalid_request, "invalid request", {}}); });
            return true;
        }
        const auto start = out_.mark();
        answer(r.id, [&] { call(r); });
        if (r.id) return true;
        out_.rewind(start);
        return false;
    }

    template <class Body>
    void answer(const std::optional<Json>& id, Body&& body) {
        out_.object([&] {
            out_.field("jsonrpc").string("2.0");
            out_.field("id");
            if (id)
                write_id(*id);
            else
                out_.null();
            body();
        });
    }

    void write_id(Json id) {
        std::string_view text;
        std::int64_t n = 0;
        if (id.get(text) == simdjson::SUCCESS)
            out_.string(text);
        else if (id.get(n) == simdjson::SUCCESS)
            out_.number(n);
        else
            out_.raw(simdjson::minify(id));
    }

    void call(const Request& r) {
        const auto before = out_.mark();
        const auto begun = SteadyClock::now();
        const auto found = table_.methods.find(r.method);
        RpcError error{0, {}, {}};
        try {
            run(r, found == table_.methods.end() ? nullptr : &found->second, begun);
        } catch (RpcError& e) {
            error = std::move(e);
        } catch (const std::exception& e) {
            error = {internal_error, std::string("internal error: ") + e.what(), {}};
        }
        if (error.code != 0) {
            out_.rewind(before);
            write_error(out_, error);
        }
        const std::chrono::duration<double> took = SteadyClock::now() - begun;
        context_.stats.record(found == table_.methods.end() ? "unknown" : r.method, error.code,
                              took.count());
    }

    /// Throws what is answered instead of a result.
    void run(const Request& r, const Method* method, SteadyClock::time_point now) {
        const RpcOptions& options = context_.options;
        const std::size_t before = out_.size_bytes();
        if (before > options.max_batch_answer_bytes)
            fail(limit_exceeded, "batch answer too large: send fewer requests at once");
        if (now - begun_ > std::chrono::milliseconds(options.max_request_ms))
            fail(timed_out, "batch took too long: send fewer requests at once");
        context_.check_stopping();
        const Verdict verdict = caller_ ? caller_->may_call(r.method) : Verdict::allowed;
        if (method == nullptr || verdict == Verdict::hidden)
            fail(method_not_found, "the method " + std::string(r.method.substr(0, 128)) +
                                       " does not exist/is not available");
        if (verdict == Verdict::needs_token)
            fail(unauthorized, "the method " + std::string(r.method) +
                                   " takes a token: Authorization: Bearer TOKEN");
        const bool heavy = is_heavy(r.method);
        const std::optional<Gate::Pass> pass = heavy ? context_.traces.enter() : std::nullopt;
        if (heavy && !pass)
            fail(limit_exceeded, "too many traces and simulations at once: at most " +
                                     std::to_string(options.max_traces) + "; try again");
        if (r.params && !r.params->is_array())
            fail(invalid_params, "params: expected an array: parameters are by position");
        const Params params(r.params);
        params.at_most(method->max_params);
        out_.field("result");
        method->run(Call{context_, params, out_, connection_});
        if (!heavy && out_.size_bytes() - before > options.max_answer_bytes)
            fail(limit_exceeded, "answer larger than " + std::to_string(options.max_answer_bytes) +
                                     " bytes; ask for less");
    }

    Context& context_;
    const MethodTable& table_;
    Connection* connection_;
    const std::optional<Caller>& caller_;
    SteadyClock::time_point begun_ = SteadyClock::now();
    JsonWriter out_;
};

std::string parse_failure(simdjson::error_code error, std::size_t max_depth) {
    JsonWriter out;
    if (error == simdjson::DEPTH_ERROR)
        write_failure(out, parse_error,
                      "parse error: nested deeper than " + std::to_string(max_depth) + " levels");
    else
        write_failure(out, parse_error,
                      std::string("parse error: ") + simdjson::error_message(error));
    return out.take();
}

}  // namespace

RpcServer::RpcServer(node::ChainReader& chain, node::TxnPool& pool, RpcOptions options)
    : context_(std::make_unique<Context>(chain, pool, std::move(options))),
      methods_(std::make_unique<MethodTable>()) {
    add_net_methods(*methods_);
    add_config_methods(*methods_);
    add_state_methods(*methods_);
    add_block_methods(*methods_);
    add_transaction_methods(*methods_);
    add_call_methods(*methods_);
    add_simulate_methods(*methods_);
    add_fee_methods(*methods_);
    add_log_methods(*methods_);
    add_filter_methods(*methods_);
    add_subscription_methods(*methods_);
    add_txpool_methods(*methods_);
    add_debug_methods(*methods_);
    add_trace_methods(*methods_);
    add_ots_methods(*methods_);
    add_fill_methods(*methods_);
    add_dev_methods(*methods_, context_->options);
    add_discovery_methods(*methods_);
    methods_->add_types(ethereum_types());
}

RpcServer::~RpcServer() = default;

void RpcServer::add_types(std::span<const TypeDoc> types) {
    methods_->add_types(types);
}

void RpcServer::add(std::string_view name, const MethodDoc& doc, RawMethod method) {
    methods_->add(name, doc, [method = std::move(method)](const Call& call) {
        std::string params = "[";
        for (std::size_t i = 0; i < call.params.size(); ++i)
            params += (i == 0 ? "" : ",") + call.params.raw(i);
        auto result = method(params + "]");
        if (!result) throw std::move(result.error());
        call.out.raw(*result);
    });
}

std::string RpcServer::dispatch(std::string& body, Connection* connection,
                                const std::optional<Caller>& caller) {
    parser& p = thread_parser(context_->options.max_depth);
    const bool padded = body.capacity() >= body.size() + simdjson::SIMDJSON_PADDING;
    Json document;
    if (const auto e = p.parse(body.data(), body.size(), !padded).get(document))
        return parse_failure(e, context_->options.max_depth);
    return Dispatcher(*context_, *methods_, connection, caller).run(document);
}

std::string RpcServer::handle(std::string& body, const std::optional<Caller>& caller) {
    return dispatch(body, nullptr, caller);
}

std::string RpcServer::handle(std::string_view body) {
    std::string copy;
    copy.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    copy = body;
    return dispatch(copy, nullptr, std::nullopt);
}

void RpcServer::interrupt() {
    context_->stopping = true;
}

void RpcServer::note_syncing() {
    context_->notifier->note_syncing();
}

MethodStats& RpcServer::stats() {
    return context_->stats;
}

}  // namespace mezz::rpc
