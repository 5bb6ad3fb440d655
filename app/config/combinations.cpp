// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What cannot work together is refused before anything starts.
#include <algorithm>
#include <array>

#include "app/config/config.hpp"

namespace mezz::app {
namespace {

using node::fatal;
using node::Result;

/// The settings by key, and who said what.
class View {
public:
    explicit View(std::span<const Setting> settings) : settings_(settings) {}
    [[nodiscard]] const Setting* find(std::string_view key) const {
        const auto at = std::ranges::find(settings_, key, &Setting::key);
        return at == settings_.end() ? nullptr : &*at;
    }
    [[nodiscard]] std::string value(std::string_view key) const {
        const Setting* setting = find(key);
        return setting == nullptr ? std::string() : setting->value;
    }
    /// A person said so; a default or a preset gives way.
    [[nodiscard]] bool said(std::string_view key) const {
        const Setting* setting = find(key);
        return setting != nullptr && setting->source != "default" &&
               !setting->source.starts_with("preset ");
    }
    /// "rpc.port = 9545 (flag)"
    [[nodiscard]] std::string told(std::string_view key) const {
        const Setting* setting = find(key);
        const Key* known = find_key(key);
        return std::string(key) + " = " + file_text(*known, setting->value) + " (" +
               setting->source + ")";
    }

private:
    std::span<const Setting> settings_;
};

std::unexpected<node::Error> refuse(const View& view, std::string_view a, std::string_view b,
                                    const std::string& why) {
    return fatal(view.told(a) + " and " + view.told(b) + ": " + why);
}

Result<void> check_parent(const View& view) {
    const bool own = view.value("parent.url").empty();
    if (view.find("parent.port") == nullptr) return {};
    for (const auto* key : {"parent.port", "parent.block_time"})
        // Any port is no wish.
        if (!own && view.said(key) && view.value(key) != "0")
            return refuse(view, key, "parent.url",
                          "the embedded parent's setting, but another chain is the parent; "
                          "leave out " +
                              std::string(key));
    if (own && view.said("parent.blobs"))
        return refuse(view, "parent.blobs", "parent.url",
                      "the embedded parent serves its own blobs; give parent.url too, or leave "
                      "out parent.blobs");
    return {};
}

Result<void> check_proof(const View& view) {
    if (view.find("proof.kind") == nullptr) return {};
    if (view.value("proof.kind") == "none" && view.said("proof.clock"))
        return refuse(view, "proof.clock", "proof.kind",
                      "attested claims have no dispute that a clock could decide; the nearest "
                      "that works is proof.kind = fraud");
    return {};
}

Result<void> check_console(const View& view) {
    if (view.find("console.enabled") != nullptr && view.value("console.enabled") == "true" &&
        view.said("console.enabled") && view.said("console.port"))
        return refuse(view, "console.port", "console.enabled",
                      "a console that is not served has no port; leave out one of them");
    return {};
}

Result<void> check_ports(const View& view) {
    constexpr std::array ports{"parent.port", "rpc.port", "rpc.admin_port", "console.port",
                               "metrics.port"};
    const auto number = [&](const char* key) { return view.value(key); };
    const auto is_used = [&](const char* key) {
        const std::string text = number(key);
        if (text.empty() || text == "0") return false;
        if (key == std::string_view("parent.port")) return view.value("parent.url").empty();
        return key != std::string_view("console.port") || number("console.enabled") != "true";
    };
    for (std::size_t i = 0; i < ports.size(); ++i)
        for (std::size_t j = i + 1; j < ports.size(); ++j) {
            if (!is_used(ports[i]) || !is_used(ports[j]) || number(ports[i]) != number(ports[j]))
                continue;
            const auto is_taken = [&](const std::string& port) {
                return std::ranges::any_of(
                    ports, [&](const char* key) { return is_used(key) && number(key) == port; });
            };
            unsigned long free = std::stoul(number(ports[j]));
            while (is_taken(std::to_string(free))) free = free < 65'535 ? free + 1 : 1'024;
            return refuse(view, ports[i], ports[j],
                          "a port serves one of them; the nearest that works is " +
                              std::string(ports[j]) + " = " + std::to_string(free));
        }
    return {};
}

}  // namespace

Result<void> check_combinations(std::span<const Setting> settings) {
    const View view(settings);
    for (const auto check : {check_parent, check_proof, check_console, check_ports})
        if (auto works = check(view); !works) return works;
    return {};
}

}  // namespace mezz::app
