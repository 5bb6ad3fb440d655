// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The schemas of results as execution-apis states them, in YAML files of methods and of
/// components.

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace mezz::conformance {

class MethodSchemas {
public:
    /// Reads every YAML file below `folder` that holds methods or schemas.
    /// errors: throws std::runtime_error that names a file which is no YAML.
    explicit MethodSchemas(const std::filesystem::path& folder);

    /// returns: what is wrong with a result; empty when it is as the schema says.
    std::string check(const std::string& method, const nlohmann::json& result) const;

private:
    nlohmann::json components_ = nlohmann::json::object();
    std::map<std::string, nlohmann::json> results_;  ///< by method
};

}  // namespace mezz::conformance
