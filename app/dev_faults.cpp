// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dev_faults.hpp"

#include <simdjson.h>

#include "app/suggest.hpp"

namespace mezz::app {

void add_fault_methods(rpc::RpcServer& server, DevFaults& faults) {
    server.add(
        "mezz_setFault",
        {"fault: 'skipped-deposits' | 'censored-deposits' | 'withheld-blobs', on: boolean -> null",
         "Makes the network misbehave on purpose, or ends that (development)."},
        [&faults](std::string_view params) -> rpc::RawResult {
            const auto refuse = [](std::string message) {
                return std::unexpected(rpc::RpcError{-32602, std::move(message), {}});
            };
            simdjson::dom::parser parser;
            simdjson::dom::element given;
            std::string_view name;
            bool on = false;
            if (parser.parse(params.data(), params.size()).get(given) != simdjson::SUCCESS ||
                given.at(0).get(name) != simdjson::SUCCESS)
                return refuse("params[0]: expected the name of a fault");
            if (given.at(1).get(on) != simdjson::SUCCESS)
                return refuse("params[1]: expected true or false");
            const std::pair<std::string_view, std::atomic<bool>*> known[] = {
                {"skipped-deposits", &faults.skipped_deposits},
                {"censored-deposits", &faults.censored_deposits},
                {"withheld-blobs", &faults.withheld_blobs}};
            for (const auto& [known_name, fault] : known) {
                if (known_name != name) continue;
                fault->store(on);
                return "null";
            }
            std::vector<std::string> names;
            for (const auto& [known_name, fault] : known) names.emplace_back(known_name);
            return refuse("params[0]: no fault " + std::string(name) + suggestion(name, names));
        });
}

}  // namespace mezz::app
