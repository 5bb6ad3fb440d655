// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/settings.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace mezz::app {

std::vector<Setting> settings_of(const CLI::App& command) {
    std::vector<Setting> out;
    for (const CLI::Option* option : command.get_options()) {
        if (option->get_lnames().empty() || option->get_lnames()[0] == "help") continue;
        Setting setting;
        setting.name = "--" + option->get_lnames()[0];
        setting.what = option->get_description();
        const bool is_flag = option->get_items_expected_max() == 0;
        if (option->count() > 0) {
            for (const auto& word : option->results())
                setting.value += (setting.value.empty() ? "" : " ") + word;
            // A flag that an environment variable could have set is asked for there.
            const std::string variable = option->get_envname();
            const char* set = variable.empty() ? nullptr : std::getenv(variable.c_str());
            setting.source = set != nullptr && setting.value == set ? "environment" : "flag";
        } else {
            setting.value = is_flag ? "false" : option->get_default_str();
            setting.source = "default";
        }
        const bool secret = setting.name.ends_with("key") || setting.name.contains("secret");
        if (secret && !setting.value.empty()) setting.value = "(set, not shown)";
        out.push_back(std::move(setting));
    }
    return out;
}

}  // namespace mezz::app
