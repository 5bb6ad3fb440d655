// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of state tests: refused, or executed by both interpreters to the same end.
#include "core/base/assert.hpp"
#include "tests/conformance/state_tests.hpp"

using namespace mezz;
using simdjson::dom::element;

namespace {

constexpr std::uint64_t MOST_GAS = 200'000;  // what a run can spend in the time it has

void run(const conformance::StateTest& test) {
    if (test.txn && test.txn->gas_limit > MOST_GAS) return;
    std::vector<Log> logs, fast_logs;
    const auto plain = conformance::run_natively(test, false, logs);
    ASSERT(plain == conformance::run_natively(test, true, fast_logs) && logs == fast_logs);
}

void run_posts(element test) {
    for (const auto [fork, entries] : simdjson::dom::object(test["post"]))
        for (const element post : simdjson::dom::array(entries))
            if (const auto rev = revision_from_name(fork))
                run(conformance::parse_state_test(test, post, *rev, fork));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static simdjson::dom::parser parser;
    element root;
    if (parser.parse(reinterpret_cast<const char*>(data), size).get(root) != simdjson::SUCCESS)
        return 0;
    try {
        for (const auto [name, test] : simdjson::dom::object(root)) run_posts(test);
    } catch (const conformance::Malformed&) {
    } catch (const simdjson::simdjson_error&) {
    }
    return 0;
}
