// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/txn_tracer.hpp"

#include "core/vm/evm/opcodes.hpp"
#include "node/ingest/rpc/tracers/four_byte_tracer.hpp"

namespace mezz::rpc {
namespace {

class StepsTracer final : public TxnTracer {
public:
    explicit StepsTracer(const trace::StructLogger::Options& options)
        : options_(options), logger_(options) {}
    evm::Observer& observer() override { return logger_; }
    [[nodiscard]] std::size_t size_bytes() const override { return logger_.size_bytes(); }
    void print(JsonWriter& out, const TracedEnd& end) override {
        const bool has_output =
            end.status == evm::Status::success || end.status == evm::Status::revert;
        print_struct_trace(out, {.gas_used = end.gas_used,
                                 .failed = end.status != evm::Status::success || !end.ran,
                                 .return_value = has_output ? end.output : ByteView{},
                                 .logs = logger_.logs(),
                                 .options = options_});
    }

private:
    trace::StructLogger::Options options_;
    trace::StructLogger logger_;
};

/// callTracer, and flatCallTracer, which is the same in another form.
class CallsTracer final : public TxnTracer {
public:
    CallsTracer(const TracerOptions& options, const TracedTxn& traced)
        : options_(options), traced_(traced), tracer_(options.calls) {}
    evm::Observer& observer() override { return tracer_; }
    [[nodiscard]] std::size_t size_bytes() const override { return tracer_.size_bytes(); }
    void print(JsonWriter& out, const TracedEnd& end) override {
        trace::CallFrame top = tracer_.finish(traced_.txn.gas_limit, end.gas_used);
        if (!end.ran) describe_unstarted(top);
        if (options_.kind == TracerKind::calls) return print_call_frame(out, top);
        const auto list = trace::flatten(std::move(top), traced_.revision, options_.flat);
        print_flat_calls(out, list, traced_.place);
    }

private:
    void describe_unstarted(trace::CallFrame& top) const {
        top.opcode = traced_.txn.to ? evm::OP_CALL : evm::OP_CREATE;
        top.from = traced_.sender;
        top.to = traced_.txn.to;
        top.value = traced_.txn.value;
        top.input = traced_.txn.data;
        top.error = "failed deposit transaction";
    }

    TracerOptions options_;
    TracedTxn traced_;
    trace::CallTracer tracer_;
};

class StateTracer final : public TxnTracer {
public:
    StateTracer(const TracerOptions& options, const TracedTxn& traced)
        : diff_(options.diff), tracer_(traced.before, options.prestate) {
        tracer_.begin(traced.txn, traced.sender, traced.coinbase);
    }
    evm::Observer& observer() override { return tracer_; }
    void print(JsonWriter& out, const TracedEnd& end) override {
        if (diff_)
            print_state_change(out, tracer_.change(end.after));
        else
            print_traced_state(out, tracer_.prestate());
    }

private:
    bool diff_;
    trace::PrestateTracer tracer_;
};

class SelectorTracer final : public TxnTracer {
public:
    explicit SelectorTracer(Revision revision) : tracer_(revision) {}
    evm::Observer& observer() override { return tracer_; }
    void print(JsonWriter& out, const TracedEnd&) override {
        out.object([&] {
            for (const auto& [name, count] : tracer_.counts())
                out.field(name).number(static_cast<std::int64_t>(count));
        });
    }

private:
    trace::FourByteTracer tracer_;
};

class NoTracer final : public TxnTracer {
public:
    evm::Observer& observer() override { return nothing_; }
    void print(JsonWriter& out, const TracedEnd&) override {
        out.object([] {});
    }

private:
    evm::Observer nothing_;
};

class MuxTracer final : public TxnTracer {
public:
    MuxTracer(const TracerOptions& options, const TracedTxn& traced) {
        for (const TracerOptions& member : options.members)
            members_.emplace_back(member.name, make_tracer(member, traced));
        all_.mux = this;
    }
    evm::Observer& observer() override { return all_; }
    [[nodiscard]] std::size_t size_bytes() const override {
        std::size_t sum = 0;
        for (const auto& m : members_) sum += m.second->size_bytes();
        return sum;
    }
    void print(JsonWriter& out, const TracedEnd& end) override {
        out.object([&] {
            for (const auto& [name, tracer] : members_) tracer->print(out.field(name), end);
        });
    }

private:
    struct All final : evm::Observer {
        MuxTracer* mux = nullptr;
        template <class Tell>
        void each(Tell&& tell) {
            for (const auto& m : mux->members_) tell(m.second->observer());
        }
        void on_step(const Step& step) override {
            each([&](evm::Observer& o) { o.on_step(step); });
        }
        void on_enter(const evm::Message& message, const Address& create_address) override {
            each([&](evm::Observer& o) { o.on_enter(message, create_address); });
        }
        void on_exit(evm::Status status, std::int64_t gas_left, ByteView output) override {
            each([&](evm::Observer& o) { o.on_exit(status, gas_left, output); });
        }
        void on_selfdestruct(const Address& contract, const Address& heir,
                             const uint256& balance) override {
            each([&](evm::Observer& o) { o.on_selfdestruct(contract, heir, balance); });
        }
    };

    std::vector<std::pair<std::string, std::unique_ptr<TxnTracer>>> members_;
    All all_;
};

}  // namespace

std::unique_ptr<TxnTracer> make_tracer(const TracerOptions& options, const TracedTxn& traced) {
    switch (options.kind) {
        case TracerKind::steps:
            return std::make_unique<StepsTracer>(options.steps);
        case TracerKind::calls:
        case TracerKind::flat_calls:
            return std::make_unique<CallsTracer>(options, traced);
        case TracerKind::prestate:
            return std::make_unique<StateTracer>(options, traced);
        case TracerKind::four_byte:
            return std::make_unique<SelectorTracer>(traced.revision);
        case TracerKind::noop:
            return std::make_unique<NoTracer>();
        case TracerKind::mux:
            return std::make_unique<MuxTracer>(options, traced);
    }
    fail(server_error, "tracer not found");
}

std::string too_large(std::size_t max_bytes) {
    return "trace is larger than " + std::to_string(max_bytes) + " bytes";
}

void Watch::on_step(const Step& step) {
    constexpr std::uint64_t STEPS_A_LOOK = 256;
    if (stops()) return;
    if (steps_++ % STEPS_A_LOOK == 0) {
        if (std::chrono::steady_clock::now() >= deadline_) problem_ = "execution timeout";
        if (tracer_.size_bytes() > max_bytes_) problem_ = too_large(max_bytes_);
        if (stopping_ != nullptr && *stopping_) problem_ = "the node is stopping";
        if (stops()) return;
    }
    inner_.on_step(step);
}

void Watch::on_enter(const evm::Message& message, const Address& create_address) {
    ran_ = true;
    ++depth_;
    inner_.on_enter(message, create_address);
}

void Watch::on_exit(evm::Status status, std::int64_t gas_left, ByteView output) {
    if (--depth_ == 0) {
        status_ = status;
        output_ = to_bytes(output);
    }
    inner_.on_exit(status, gas_left, output);
}

void Watch::on_selfdestruct(const Address& contract, const Address& heir, const uint256& balance) {
    inner_.on_selfdestruct(contract, heir, balance);
}

}  // namespace mezz::rpc
