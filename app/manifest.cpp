// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/manifest.hpp"

#include <simdjson.h>

#include <utility>

#include "core/codec/hex.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::app {
namespace {

using node::hex_text;
using node::Result;

constexpr std::uint64_t format_version = 1;

}  // namespace

const SnapshotFile* find(const Manifest& m, std::string_view name) {
    for (const auto& f : m.files)
        if (f.name == name) return &f;
    return nullptr;
}

/// Names are of a fixed set and the rest is hex and numbers: nothing needs escaping.
std::string to_json(const Manifest& m) {
    std::string out = "{\"format\":" + std::to_string(format_version);
    for (const auto& [key, value] : {std::pair{"createdMs", m.created_ms},
                                     {"databaseVersion", m.chain.version},
                                     {"head", m.chain.head},
                                     {"safe", m.chain.safe},
                                     {"finalized", m.chain.finalized}})
        out += ",\"" + std::string(key) + "\":" + std::to_string(value);
    out += ",\"headHash\":\"" + hex_text(m.chain.head_hash) + "\",\"genesisHash\":\"" +
           hex_text(m.chain.genesis_hash) + "\",\"identity\":\"" + hex_text(m.chain.identity) +
           "\",\"files\":[";
    for (const auto& f : m.files)
        out += (&f == m.files.data() ? "" : ",") + std::string("{\"name\":\"") + f.name +
               "\",\"bytes\":" + std::to_string(f.size_bytes) + ",\"sha256\":\"" +
               hex_text(f.sha256) + "\"}";
    return out + "]}";
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& name) {
    const auto wrong = [&](const std::string& field, const char* expected) {
        return node::fatal(name + ": " + field + ": expected " + expected);
    };
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(simdjson::padded_string(text)).get(object) != simdjson::SUCCESS)
        return node::fatal(name + ": not a JSON object");
    Manifest m;
    std::uint64_t format = 0;
    for (const auto& [key, value] : {std::pair{"format", &format},
                                     {"createdMs", &m.created_ms},
                                     {"databaseVersion", &m.chain.version},
                                     {"head", &m.chain.head},
                                     {"safe", &m.chain.safe},
                                     {"finalized", &m.chain.finalized}})
        if (object.at_key(key).get(*value) != simdjson::SUCCESS) return wrong(key, "a number");
    if (format != format_version)
        return node::fatal(name + ": format " + std::to_string(format) + ", this program reads " +
                           std::to_string(format_version) + "; use the program that wrote it");
    std::string_view hex;
    for (const auto& [key, value] :
         {std::pair{"headHash", &m.chain.head_hash}, {"genesisHash", &m.chain.genesis_hash}}) {
        const auto parsed = object.at_key(key).get(hex) == simdjson::SUCCESS
                                ? fixed_from_hex<Bytes32>(hex)
                                : std::nullopt;
        if (!parsed) return wrong(key, "32 bytes as 0x-hex");
        *value = *parsed;
    }
    const auto identity =
        object.at_key("identity").get(hex) == simdjson::SUCCESS && hex.starts_with("0x")
            ? from_hex(hex.substr(2))
            : std::nullopt;
    if (!identity) return wrong("identity", "bytes as 0x-hex");
    m.chain.identity = *identity;
    simdjson::dom::array files;
    if (object.at_key("files").get(files) != simdjson::SUCCESS) return wrong("files", "an array");
    for (const auto item : files) {
        const std::string place = "files[" + std::to_string(m.files.size()) + "]";
        SnapshotFile f;
        std::string_view file_name, sha256;
        if (item["name"].get(file_name) != simdjson::SUCCESS ||
            (file_name != chain_file && file_name != parent_file && file_name != spec_file))
            return wrong(place + ".name", "chain.mdb, parent.mdb or rollup.json");
        if (find(m, file_name) != nullptr) return wrong(place + ".name", "each file once");
        f.name = file_name;
        if (item["bytes"].get(f.size_bytes) != simdjson::SUCCESS)
            return wrong(place + ".bytes", "a number");
        const auto hash = item["sha256"].get(sha256) == simdjson::SUCCESS
                              ? fixed_from_hex<Bytes32>(sha256)
                              : std::nullopt;
        if (!hash) return wrong(place + ".sha256", "32 bytes as 0x-hex");
        f.sha256 = *hash;
        m.files.push_back(std::move(f));
    }
    if (find(m, chain_file) == nullptr) return wrong("files", "chain.mdb among them");
    return m;
}

}  // namespace mezz::app
