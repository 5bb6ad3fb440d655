// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/method_schemas.hpp"

#include <yaml-cpp/yaml.h>

#include <stdexcept>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace mezz::conformance {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

/// A quoted scalar is text; a plain one is what it looks like.
json scalar(const YAML::Node& node) {
    if (node.Tag() == "!") return node.Scalar();
    if (bool b = false; YAML::convert<bool>::decode(node, b)) return b;
    if (std::int64_t i = 0; YAML::convert<std::int64_t>::decode(node, i)) return i;
    if (double d = 0; YAML::convert<double>::decode(node, d)) return d;
    return node.Scalar();
}

json to_json(const YAML::Node& node) {
    if (node.IsScalar()) return scalar(node);
    json out;
    if (node.IsSequence()) {
        out = json::array();
        for (const auto& item : node) out.push_back(to_json(item));
    } else if (node.IsMap()) {
        out = json::object();
        for (const auto& member : node)
            out[member.first.as<std::string>()] = to_json(member.second);
    }
    return out;
}

}  // namespace

MethodSchemas::MethodSchemas(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".yaml") continue;
        json file;
        try {
            file = to_json(YAML::LoadFile(entry.path().string()));
        } catch (const YAML::Exception& e) {
            throw std::runtime_error(entry.path().string() + ": " + e.what());
        }
        if (file.is_object() && entry.path().parent_path().filename() == "schemas")
            components_.update(file);
        if (file.is_array())
            for (const json& method : file)
                if (method.contains("result"))
                    results_[method.at("name")] = method.at("result").at("schema");
    }
}

std::string MethodSchemas::check(const std::string& method, const json& result) const {
    const auto found = results_.find(method);
    if (found == results_.end()) return "no schema of " + method;
    json document = found->second;
    document["components"]["schemas"] = components_;
    valijson::Schema schema;
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(NlohmannJsonAdapter(document), schema);
    valijson::Validator validator;
    valijson::ValidationResults problems;
    if (validator.validate(schema, NlohmannJsonAdapter(result), &problems)) return {};
    std::string out;
    valijson::ValidationResults::Error error;
    while (problems.popError(error)) {
        for (const std::string& part : error.context) out += part;
        out += " " + error.description + " ";
    }
    return out.substr(0, 500);
}

}  // namespace mezz::conformance
