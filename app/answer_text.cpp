// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/answer_text.hpp"

#include <simdjson.h>

#include "app/amount.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

namespace dom = simdjson::dom;

std::optional<std::string> text_of(const dom::element& object, const char* field) {
    std::string_view text;
    if (object[field].get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string(text);
}

/// "0x1f": any number of digits.
std::optional<uint256> quantity_of(const dom::element& object, const char* field) {
    const auto text = text_of(object, field);
    if (!text || !text->starts_with("0x") || text->size() < 3 || text->size() > 66)
        return std::nullopt;
    std::string digits = text->substr(2);
    digits.insert(0, 64 - digits.size(), '0');
    const auto bytes = fixed_from_hex<Bytes32>(digits);
    return bytes ? std::optional(to_uint256(*bytes)) : std::nullopt;
}

/// As much as says what it is.
std::string short_data(std::string data) {
    constexpr std::size_t most = 74;  // a selector and a word
    if (data.size() <= most) return data;
    const std::size_t bytes = (data.size() - 2) / 2;
    data.resize(most);
    return data + "… (" + std::to_string(bytes) + " bytes)";
}

/// Printable words of somebody else's: no control characters.
std::string plain(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

bool append_call(std::string& out, const dom::element& call, std::size_t level) {
    constexpr std::size_t max_level = 1024;
    const auto kind = text_of(call, "type"), from = text_of(call, "from");
    const auto gas = quantity_of(call, "gasUsed");
    if (level > max_level || !kind || !from || !gas) return false;
    const std::string indent(2 * level, ' ');
    out += indent + plain(*kind) + " " + plain(level == 0 ? *from + " -> " : "") +
           plain(text_of(call, "to").value_or("(nothing)"));
    if (const auto value = quantity_of(call, "value"); value && !value->is_zero())
        out += "  " + ether_text(*value);
    out += "  " + node::decimal(*gas) + " gas";
    if (const auto input = text_of(call, "input"); input && input->size() > 2)
        out += "  " + plain(short_data(*input));
    if (const auto error = text_of(call, "error")) out += "  failed: " + plain(*error);
    if (const auto reason = text_of(call, "revertReason")) out += " (" + plain(*reason) + ")";
    out += "\n";
    dom::array inner;
    if (call["calls"].get(inner) == simdjson::SUCCESS)
        for (const dom::element below : inner)
            if (!append_call(out, below, level + 1)) return false;
    if (call["logs"].get(inner) != simdjson::SUCCESS) return true;
    for (const dom::element log : inner) {
        const auto address = text_of(log, "address"), data = text_of(log, "data");
        dom::array topics;
        if (!address || !data || log["topics"].get(topics) != simdjson::SUCCESS) return false;
        out += indent + "  log of " + plain(*address);
        for (const dom::element topic : topics) {
            std::string_view text;
            if (topic.get(text) != simdjson::SUCCESS) return false;
            out += " " + plain(std::string(text));
        }
        out += *data == "0x" ? "\n" : "  " + plain(short_data(*data)) + "\n";
    }
    return true;
}

}  // namespace

std::optional<std::string> withdrawals_text(std::string_view json) {
    dom::parser parser;
    dom::element answer;
    dom::array list;
    if (parser.parse(simdjson::padded_string(json)).get(answer) != simdjson::SUCCESS ||
        answer["withdrawals"].get(list) != simdjson::SUCCESS)
        return std::nullopt;
    std::string out;
    for (const dom::element w : list) {
        const auto transaction = text_of(w, "transaction"), hash = text_of(w, "withdrawalHash"),
                   target = text_of(w, "target"), stage = text_of(w, "stage");
        const auto value = quantity_of(w, "value");
        if (!transaction || !hash || !target || !stage || !value) return std::nullopt;
        out += plain(*stage);
        std::uint64_t eta_s = 0;
        if (w["etaSeconds"].get(eta_s) == simdjson::SUCCESS && eta_s > 0)
            out += ", goes on in " + std::to_string(eta_s) + " s";
        out += ": " + ether_text(*value) + " for " + plain(*target) + "\n  begun by    " +
               plain(*transaction) + "\n  withdrawal  " + plain(*hash) + "\n";
    }
    return out.empty() ? "no withdrawals\n" : out;
}

std::optional<std::string> call_tree_text(std::string_view json) {
    dom::parser parser;
    dom::element answer;
    if (parser.parse(simdjson::padded_string(json)).get(answer) != simdjson::SUCCESS)
        return std::nullopt;
    std::string out;
    if (!append_call(out, answer, 0)) return std::nullopt;
    return out;
}

}  // namespace mezz::app
