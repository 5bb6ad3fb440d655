// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/recorded_traces.hpp"

#include <algorithm>
#include <fstream>

#include "tests/conformance/allocation.hpp"

namespace mezz::conformance {

using simdjson::dom::element;

RecordedTraces::RecordedTraces(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.path().filename().string().starts_with("debug_trace")) continue;
        for (const auto& file : std::filesystem::directory_iterator(entry.path()))
            if (file.path().extension() == ".io") files.push_back(file.path());
    }
    std::ranges::sort(files);
    for (const auto& file : files) read(file);
}

void RecordedTraces::read(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::string request, answer;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(">> ")) request = line.substr(3);
        if (line.starts_with("<< ")) answer = line.substr(3);
    }
    simdjson::dom::parser parser, other;
    element asked, result;
    if (other.parse(answer)["result"].get(result) != simdjson::SUCCESS) return;
    if (parser.parse(request).get(asked) != simdjson::SUCCESS) return;
    Recorded r;
    r.id = path.parent_path().filename().string() + "::" + path.stem().string();
    r.expected = simdjson::minify(result);
    const std::string_view method = text_field(asked, "method");
    r.whole_block = method != "debug_traceTransaction";
    if (method == "debug_traceBlockByNumber")
        r.number = parse_quantity(asked["params"].at(0));
    else
        r.hash = parse_fixed<Bytes32>(asked["params"].at(0));
    element config;
    if (asked["params"].at(1).get(config) == simdjson::SUCCESS)
        r.tracer =
            rpc::read_trace_options(rpc::Value(config, nullptr, "params[1]"), rpc::RpcOptions{})
                .tracer;
    if (r.whole_block) r.got = "[";
    recorded_.push_back(std::move(r));
}

evm::Observer* RecordedTraces::begin(const Header& header, const Transaction& txn) {
    wanted_.clear();
    const Bytes32 block_hash = hash(header), txn_hash = hash(txn);
    rpc::TracerOptions all;
    all.kind = rpc::TracerKind::mux;
    for (Recorded& r : recorded_) {
        const bool wanted =
            r.number == header.number || r.hash == (r.whole_block ? block_hash : txn_hash);
        if (!wanted) continue;
        rpc::TracerOptions own = r.tracer;
        own.name = std::to_string(wanted_.size());
        all.members.push_back(std::move(own));
        wanted_.push_back(&r);
    }
    if (wanted_.empty()) return nullptr;
    txn_ = txn;
    // The state and the revision are of no interest to a list of steps.
    tracer_ = rpc::make_tracer(all, {.before = nothing_,
                                     .txn = txn_,
                                     .sender = {},
                                     .coinbase = header.coinbase,
                                     .revision = Revision::osaka,
                                     .place = std::nullopt});
    watch_ = std::make_unique<rpc::Watch>(*tracer_, std::chrono::hours(1), std::size_t{1} << 30);
    return watch_.get();
}

void RecordedTraces::end(std::uint64_t gas_used) {
    if (wanted_.empty()) return;
    rpc::JsonWriter out;
    tracer_->print(out, {.after = nothing_,
                         .gas_used = gas_used,
                         .status = watch_->status(),
                         .output = watch_->output(),
                         .ran = watch_->ran()});
    simdjson::dom::parser parser;
    const std::string text = out.take();
    const element answers = parser.parse(text);
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        const std::string answer = simdjson::minify(answers[std::to_string(i)]);
        std::string& got = wanted_[i]->got;
        if (!wanted_[i]->whole_block) {
            got = answer;
            continue;
        }
        if (got.size() > 1) got += ',';
        got += R"({"txHash":")" + hex_text(hash(txn_)) + R"(","result":)" + answer + "}";
    }
}

void RecordedTraces::judge(Counts& counts) const {
    for (const Recorded& r : recorded_) {
        const std::string got = r.whole_block ? r.got + "]" : r.got;
        const auto differs = std::ranges::mismatch(r.expected, got);
        const auto at = differs.in1 - r.expected.begin();
        const auto around = [&](const std::string& s) {
            const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(at - 80, 0));
            return from < s.size() ? s.substr(from, 200) : std::string("(its end)");
        };
        counts.record(r.id, r.expected == got
                                ? ""
                                : "expected " + around(r.expected) + "\n  got      " + around(got));
    }
}

}  // namespace mezz::conformance
