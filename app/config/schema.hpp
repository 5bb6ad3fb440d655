// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The settings told to programs and people.

#include <span>
#include <string>

#include "app/config/keys.hpp"
#include "app/settings.hpp"

namespace mezz::app {

/// A JSON Schema (draft 2020-12) of mezz.toml. `defaults`: settings of `mezz dev` and `mezz node`.
std::string json_schema(std::span<const Setting> defaults);

/// "a duration from 100ms to 10s", "one of none, fraud".
std::string type_text(const Key& key);

}  // namespace mezz::app
