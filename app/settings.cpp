// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/settings.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "app/config/keys.hpp"

namespace mezz::app {

std::vector<Setting> settings_of(const CLI::App& command,
                                 const std::map<std::string, std::string>& sources) {
    std::vector<Setting> out;
    for (const CLI::Option* option : command.get_options()) {
        if (option->get_lnames().empty() || option->get_lnames()[0] == "help") continue;
        Setting setting;
        setting.name = "--" + option->get_lnames()[0];
        setting.what = option->get_description();
        if (const Key* key = key_of_flag(setting.name)) setting.key = key->name;
        if (option->count() > 0) {
            for (const auto& word : option->results())
                setting.value += (setting.value.empty() ? "" : ",") + word;
            // A flag that an environment variable could have set is asked for there.
            const std::string variable = option->get_envname();
            const char* set = variable.empty() ? nullptr : std::getenv(variable.c_str());
            setting.source = set != nullptr && setting.value == set ? "environment" : "flag";
            if (const auto at = sources.find(setting.name); at != sources.end())
                setting.source = at->second;
        } else {
            setting.value = option->get_default_str();
            if (setting.value.empty() && option->get_items_expected_max() == 0)
                setting.value = "false";
            // Lists are written as "[a,b]" there.
            if (setting.value.starts_with('[') && setting.value.ends_with(']'))
                setting.value = setting.value.substr(1, setting.value.size() - 2);
            setting.source = "default";
        }
        const bool secret = setting.name.ends_with("key") || setting.name.contains("secret");
        if (secret && !setting.value.empty()) setting.value = "(set, not shown)";
        out.push_back(std::move(setting));
    }
    return out;
}

}  // namespace mezz::app
