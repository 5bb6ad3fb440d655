// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Asks the RPC of an imported chain what execution-apis recorded, and compares the answers.
///
/// A folder holds genesis.json, chain.rlp, headfcu.json and folders of .io files: lines ">>
/// request" and "<< answer" in turn. Answers must be equal as JSON, numbers as floating point; the
/// text of an error may differ, its code may not. A file marked speconly asks for the form of the
/// result alone, by the schemas in openrpc-src. spec: execution-apis, tests/README; hive,
/// rpc-compat.

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "node/ingest/rpc/rpc_server.hpp"
#include "tests/conformance/build_block.hpp"
#include "tests/conformance/chain_import.hpp"
#include "tests/conformance/method_schemas.hpp"
#include "tests/conformance/runners.hpp"
#include "tests/conformance/served_chain.hpp"

namespace mezz::conformance {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Removes what a client may say in its own words.
void strip_error_texts(json& mine, json& theirs) {
    if (mine.is_object() && theirs.is_object()) {
        if (mine.contains("error") && theirs.contains("error")) {
            for (json* side : {&mine, &theirs})
                if ((*side)["error"].is_object()) (*side)["error"].erase("message");
        }
        for (auto& [key, value] : mine.items())
            if (theirs.contains(key)) strip_error_texts(value, theirs[key]);
    } else if (mine.is_array() && theirs.is_array()) {
        for (std::size_t i = 0; i < std::min(mine.size(), theirs.size()); ++i)
            strip_error_texts(mine[i], theirs[i]);
    }
}

/// The first difference, as a path and both values.
std::string difference(const json& mine, const json& theirs) {
    const json patch = json::diff(theirs, mine);
    if (patch.empty()) return {};
    const json& first = patch.front();
    const json::json_pointer where(first.at("path").get<std::string>());
    const auto text = [&](const json& side) {
        try {
            return side.at(where).dump().substr(0, 200);
        } catch (const json::exception&) {
            return std::string("nothing");
        }
    };
    return where.to_string() + ": expected " + text(theirs) + ", got " + text(mine);
}

std::string compare(json mine, json theirs, const std::string& method,
                    const MethodSchemas* form_only) {
    if (form_only != nullptr && mine.contains("result"))
        return form_only->check(method, mine.at("result"));
    if (mine.contains("error") && !theirs.contains("error"))
        return "error: " + mine.at("error").dump().substr(0, 300);
    strip_error_texts(mine, theirs);
    return difference(mine, theirs);
}

struct Harness {
    rpc::RpcServer& server;
    MethodSchemas schemas;

    std::string run_file(const fs::path& path) {
        std::ifstream in(path);
        std::string line, method, answer;
        bool form_only = false;
        std::size_t exchanges = 0;
        while (std::getline(in, line)) {
            if (line.starts_with("// speconly")) form_only = true;
            if (line.starts_with(">> ")) {
                const std::string request = line.substr(3);
                method = json::parse(request).at("method");
                answer = server.handle(std::string_view(request));
            }
            if (!line.starts_with("<< ")) continue;
            if (method.empty()) return "an answer before any request";
            ++exchanges;
            std::string problem = compare(json::parse(answer), json::parse(line.substr(3)), method,
                                          form_only ? &schemas : nullptr);
            // Stricter than the files ask: what an instruction does leaves no room for taste.
            if (problem.empty() && method.starts_with("debug_trace"))
                problem =
                    compare(json::parse(answer), json::parse(line.substr(3)), method, nullptr);
            if (!problem.empty()) return problem;
        }
        return exchanges > 0 ? "" : "no exchange in the file";
    }
};

rpc::RpcOptions options_of(ServedChain& chain) {
    rpc::RpcOptions o;
    o.next_block = [&chain](std::uint64_t number) { return next_context(chain, number); };
    return o;
}

Counts run_folder(const Options& options, const fs::path& folder) {
    Counts counts;
    simdjson::dom::parser parser;
    simdjson::dom::element genesis;
    if (parser.load((folder / "genesis.json").string()).get(genesis) != simdjson::SUCCESS) {
        counts.record(folder.string(), "no genesis.json");
        return counts;
    }
    auto imported = import_chain(genesis, folder);
    if (!imported) {
        counts.record(folder.string(), imported.error());
        return counts;
    }
    ServedChain chain(**imported);
    const auto pool = make_pool(chain);
    rpc::RpcServer server(chain, *pool, options_of(chain));
    server.add("testing_buildBlockV1",
               {"parent: Hash, attributes: any, transactions?: any, extraData?: any -> any",
                "Builds a block as execution-apis says."},
               [&](std::string_view params) { return build_block(chain, *pool, params); });
    Harness harness{server, MethodSchemas(folder / "openrpc-src")};
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".io") files.push_back(entry.path());
    std::ranges::sort(files);
    for (const fs::path& file : files) {
        const std::string id = fs::relative(file, folder).string();
        if (!options.selects(id)) continue;
        try {
            counts.record(id, harness.run_file(file));
        } catch (const json::exception& e) {
            counts.record(id, std::string("not JSON: ") + e.what());
        }
    }
    return counts;
}

}  // namespace

int rpc_compat_tests(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options) {
        std::fprintf(stderr,
                     "usage: mezz-conformance rpc-compat FOLDER... [--filter S] [--json]\n");
        return 2;
    }
    Counts total;
    for (const fs::path& folder : options->paths)
        if (fs::is_directory(folder)) total.add(run_folder(*options, folder));
    return report(total, *options);
}

}  // namespace mezz::conformance
