// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/config/schema.hpp"

#include <algorithm>

#include "app/config/presets.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

using rpc::JsonWriter;

void type_of(JsonWriter& out, const Key& key) {
    switch (key.kind) {
        case KeyKind::number:
            out.field("type").string("integer");
            out.field("minimum").number(static_cast<std::int64_t>(key.least));
            out.field("maximum").number(static_cast<std::int64_t>(key.most));
            return;
        case KeyKind::flag:
            out.field("type").string("boolean");
            return;
        case KeyKind::duration:
            out.field("type").string("string");
            out.field("pattern").string("^[0-9]+(ms|s|m|h|d)$");
            return;
        case KeyKind::size:
            out.field("type").array([&] {
                out.string("integer");
                out.string("string");
            });
            out.field("pattern").string("^[0-9]+(B|KiB|MiB|GiB|TiB)?$");
            return;
        case KeyKind::list:
            out.field("type").string("array");
            out.field("items").object([&] { out.field("type").string("string"); });
            return;
        case KeyKind::choice:
            out.field("enum").array([&] {
                for (const auto choice : key.choices) out.string(choice);
            });
            return;
        case KeyKind::text:
        case KeyKind::path:
        case KeyKind::secret:
            out.field("type").string("string");
            return;
    }
}

void property(JsonWriter& out, const Key& key, std::span<const Setting> defaults) {
    out.field(key.name.substr(key.name.find('.') + 1)).object([&] {
        type_of(out, key);
        std::string text(key.what);
        // Every range is checked; a pattern cannot say one.
        if (key.kind == KeyKind::duration || key.kind == KeyKind::size)
            text += "; " + type_text(key);
        const auto at = std::ranges::find(defaults, key.name, &Setting::key);
        if (at != defaults.end() && !at->value.empty() && key.kind != KeyKind::secret)
            text += ". Default: " + file_text(key, at->value);
        out.field("description").string(text);
    });
}

}  // namespace

std::string type_text(const Key& key) {
    const auto range = [&] {
        return " from " + file_text(key, std::to_string(key.least)) + " to " +
               file_text(key, std::to_string(key.most));
    };
    switch (key.kind) {
        case KeyKind::number:
            return "a whole number" + range();
        case KeyKind::flag:
            return "true or false";
        case KeyKind::duration:
            return "a duration" + range();
        case KeyKind::size:
            return "a size" + range();
        case KeyKind::list:
            return "a list of texts";
        case KeyKind::path:
            return "the name of a file";
        case KeyKind::text:
            return "a text";
        case KeyKind::secret:
            return "a text that is never shown";
        case KeyKind::choice:
            break;
    }
    std::string all;
    for (const auto choice : key.choices)
        all += (all.empty() ? "one of " : ", ") + std::string(choice);
    return all;
}

std::string json_schema(std::span<const Setting> defaults) {
    JsonWriter out;
    out.object([&] {
        out.field("$schema").string("https://json-schema.org/draft/2020-12/schema");
        out.field("title").string("mezz.toml");
        out.field("type").string("object");
        out.field("additionalProperties").boolean(false);
        out.field("properties").object([&] {
            out.field("preset").object([&] {
                out.field("enum").array([&] {
                    for (const auto& preset : all_presets()) out.string(preset.name);
                });
                out.field("description").string("A known system whose settings are meant");
            });
            const auto keys = all_keys();
            for (auto first = keys.begin(); first != keys.end();) {
                const auto section = section_of(*first);
                const auto last = std::find_if(
                    first, keys.end(), [&](const Key& key) { return section_of(key) != section; });
                out.field(section).object([&] {
                    out.field("type").string("object");
                    out.field("additionalProperties").boolean(false);
                    out.field("properties").object([&] {
                        for (; first != last; ++first) property(out, *first, defaults);
                    });
                });
            }
        });
    });
    return out.take();
}

}  // namespace mezz::app
