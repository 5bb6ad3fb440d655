// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/lab.hpp"

#include "app/logging.hpp"
#include "app/suggest.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

constexpr std::string_view parent_reorg = "parent-reorg";
constexpr std::string_view parent_reorg_what =
    "the parent's last 2 blocks are replaced; their transactions are ordered again";
/// The others are lies about the state.
bool is_lie(const Fault& fault) {
    return fault.name != std::string_view("censoring-sequencer");
}
/// units: milliseconds between two looks at an attack.
constexpr std::uint64_t look_ms = 300, idle_ms = 60'000;

}  // namespace

Lab::Lab(LabOptions options) : options_(std::move(options)), worker_([this] { return step(); }) {
    worker_.start();
}

Lab::~Lab() {
    stop();
}

void Lab::stop() {
    worker_.stop();
}

std::string Lab::why_not(const Fault* fault) const {
    if (fault == nullptr)
        return options_.parent != nullptr ? ""
                                          : "the parent is not the embedded one: nobody here can "
                                            "undo its blocks";
    return options_.fraud_proofs || !is_lie(*fault)
               ? ""
               : "the chain's claims are attested; start mezz dev with --proof fraud";
}

std::string Lab::to_json() {
    const std::scoped_lock lock(mutex_);
    rpc::JsonWriter out;
    const auto one = [&](std::string_view name, std::string_view what, const Fault* fault) {
        out.object([&] {
            out.field("name").string(name);
            out.field("what").string(what);
            out.field("group").string(fault == nullptr ? "parent"
                                      : is_lie(*fault) ? "proof"
                                                       : "sequencer");
            const std::string why = why_not(fault);
            out.field("available").boolean(why.empty());
            out.field("why").string(why);
        });
    };
    out.object([&] {
        out.field("faults");
        out.array([&] {
            one(parent_reorg, parent_reorg_what, nullptr);
            for (const auto& fault : all_faults()) one(fault.name, fault.what, &fault);
        });
        out.field("run");
        if (name_.empty()) return out.null();
        out.object([&] {
            out.field("name").string(name_);
            out.field("outcome").string(outcome_);
            out.field("startedMs").number(static_cast<std::int64_t>(started_ms_));
            out.field("moves").number(static_cast<std::int64_t>(moves_));
            out.field("notes");
            out.array([&] {
                for (const auto& note : notes_)
                    out.object([&] {
                        out.field("afterMs").number(static_cast<std::int64_t>(note.after_ms));
                        out.field("text").string(note.text);
                    });
            });
        });
    });
    return out.take();
}

std::string Lab::start(std::string_view name) {
    const Fault* fault = find_fault(name);
    if (fault == nullptr && name != parent_reorg) {
        std::vector<std::string> known{std::string(parent_reorg)};
        for (const auto& f : all_faults()) known.emplace_back(f.name);
        return "no fault " + std::string(name) + suggestion(std::string(name), known);
    }
    if (std::string why = why_not(fault); !why.empty()) return why;
    {
        const std::scoped_lock lock(mutex_);
        if (std::string_view(outcome_) == "running")
            return name_ + " is still being played; one at a time";
        name_ = name;
        outcome_ = "running";
        started_ms_ = clock_.now_ms();
        notes_.clear();
        moves_ = 0;
    }
    log::info("lab", "fault begins", {{"fault", name}});
    worker_.wake();
    return {};
}

void Lab::say(std::string text) {
    const std::scoped_lock lock(mutex_);
    if (!notes_.empty() && notes_.back().text == text) return;
    notes_.push_back({clock_.now_ms() - started_ms_, std::move(text)});
}

void Lab::end(const char* outcome, std::string text) {
    log::info("lab", "fault ended", {{"outcome", outcome}, {"why", text}});
    say(std::move(text));
    played_.reset();
    const std::scoped_lock lock(mutex_);
    outcome_ = outcome;
}

std::string Lab::undo_parent_blocks() {
    std::string request = R"({"jsonrpc":"2.0","id":1,"method":"mezz_reorg","params":[2]})";
    request.reserve(request.size() + host::http::body_padding);
    const std::string answer = options_.parent->rpc().handle(request);
    return answer.contains("\"error\"") ? answer : std::string();
}

std::string Lab::make(const Fault& fault) {
    auto made = PlayedFault::make(fault, options_.state, options_.guest);
    if (!made) return made.error().message;
    if (!(*made)->is_lie()) {
        Network& network = (*made)->network();
        const auto delay = network.read(network.file().contracts.system_config,
                                        node::abi::Call("forceDelaySeconds()").finish());
        if (!delay) return delay.error().message;
        if (*delay > uint256{options_.timeout_ms / 2000})
            return "a deposit may be forced in only after " + std::to_string(delay->limb[0]) +
                   " s here; start mezz dev with --force-delay 10";
    }
    played_ = std::move(*made);
    return {};
}

std::uint64_t Lab::step() {
    std::string name;
    std::uint64_t started = 0;
    {
        const std::scoped_lock lock(mutex_);
        if (std::string_view(outcome_) != "running") return idle_ms;
        name = name_;
        started = started_ms_;
    }
    if (name == parent_reorg) {
        const std::string trouble = undo_parent_blocks();
        end(trouble.empty() ? "done" : "failed", trouble.empty() ? "2 blocks replaced" : trouble);
        return idle_ms;
    }
    if (!played_) {
        if (std::string why = make(*find_fault(name)); !why.empty()) {
            end("failed", std::move(why));
            return idle_ms;
        }
    }
    const auto outcome = played_->step(clock_.now_ms());
    if (!outcome) {
        end("failed", outcome.error().message);
        return idle_ms;
    }
    say(outcome->stage);
    {
        const std::scoped_lock lock(mutex_);
        moves_ = played_->moves();
    }
    if (outcome->liar_won) {
        end("liar-won", "the lie became final");
    } else if (outcome->honest_won) {
        end("honest-won", played_->is_lie() ? "the honest claim is final, the liar's bond is gone"
                                            : "the deposit ran, and a claim of it is final");
    } else if (clock_.now_ms() > started + options_.timeout_ms) {
        end("failed", "not decided in time");
    } else {
        return look_ms;
    }
    return idle_ms;
}

}  // namespace mezz::app
