// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// From bytes to calls to bytes: JSON-RPC 2.0 framing. spec: JSON-RPC 2.0 §4-6.
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
    std::optional<Json> params;
    std::string_view method;
    bool valid = false;
};

Request read(Json json) {
    Request r;
    simdjson::dom::object object;
    if (json.get(object) != simdjson::SUCCESS) return r;
    bool ok = true, named = false;
    for (auto [key, value] : object) {
        if (key == "id") {
            r.id = value;
        } else if (key == "method") {
            named = value.get(r.method) == simdjson::SUCCESS;
        } else if (key == "params") {
            if (value.is_array())
                r.params = value;
            else if (!value.is_null())
                ok = false;
        } else if (key == "jsonrpc") {
            std::string_view version;
            ok = ok && value.get(version) == simdjson::SUCCESS && version == "2.0";
        }
    }
    if (r.id && (r.id->is_object() || r.id->is_array() || r.id->is_bool())) {
        r.id.reset();
        ok = false;
    }
    r.valid = ok && named;
    return r;
}

class Dispatcher {
public:
    Dispatcher(Context& context, const MethodTable& table, Connection* connection)
        : context_(context), table_(table), connection_(connection) {}

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
        RpcError error;
        try {
            if (before.size > context_.options.max_batch_answer_bytes)
                fail(limit_exceeded, "batch answer too large: send fewer requests at once");
            const auto found = table_.methods.find(r.method);
            if (found == table_.methods.end())
                fail(method_not_found, "the method " + std::string(r.method.substr(0, 128)) +
                                           " does not exist/is not available");
            const Params params(r.params);
            out_.field("result");
            found->second(Call{context_, params, out_, connection_});
            return;
        } catch (RpcError& e) {
            error = std::move(e);
        } catch (const std::exception& e) {
            error = {internal_error, std::string("internal error: ") + e.what(), {}};
        }
        out_.rewind(before);
        write_error(out_, error);
    }

    Context& context_;
    const MethodTable& table_;
    Connection* connection_;
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

std::string RpcServer::dispatch(std::string& body, Connection* connection) {
    parser& p = thread_parser(context_->options.max_depth);
    const bool padded = body.capacity() >= body.size() + simdjson::SIMDJSON_PADDING;
    Json document;
    if (const auto e = p.parse(body.data(), body.size(), !padded).get(document))
        return parse_failure(e, context_->options.max_depth);
    return Dispatcher(*context_, *methods_, connection).run(document);
}

std::string RpcServer::handle(std::string& body) {
    return dispatch(body, nullptr);
}

std::string RpcServer::handle(std::string_view body) {
    std::string copy;
    copy.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    copy = body;
    return dispatch(copy, nullptr);
}

}  // namespace mezz::rpc
