// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs official RLP tests. `out` is an encoding; `in` is what it encodes, or VALID, or INVALID.

#include "core/codec/hex.hpp"
#include "core/codec/rlp.hpp"
#include "tests/conformance/runners.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

/// Big-endian bytes of a decimal number of any size.
Bytes big_endian(std::string_view decimal) {
    Bytes out;
    for (const char digit : decimal) {
        unsigned carry = static_cast<unsigned>(digit - '0');
        for (auto byte = out.rbegin(); byte != out.rend(); ++byte) {
            carry += *byte * 10u;
            *byte = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        if (carry != 0) out.insert(out.begin(), static_cast<std::uint8_t>(carry));
    }
    return out;
}

void encode_value(Bytes& out, element value) {
    std::string_view text;
    std::uint64_t number = 0;
    simdjson::dom::array list;
    if (value.get(text) == simdjson::SUCCESS) {
        if (text.starts_with('#'))
            rlp::append(out, big_endian(text.substr(1)));
        else
            rlp::append(out, Bytes(text.begin(), text.end()));
    } else if (value.get(number) == simdjson::SUCCESS) {
        rlp::append(out, number);
    } else if (value.get(list) == simdjson::SUCCESS) {
        const rlp::List items(out);
        for (const element item : list) encode_value(out, item);
    }
}

/// Reads one item and writes it again.
void copy_item(rlp::Reader& in, Bytes& out) {
    if (!in.next_is_list()) return rlp::append(out, in.string());
    rlp::Reader nested = in.list();
    {
        const rlp::List items(out);
        while (!nested.at_end()) copy_item(nested, out);
    }
    in.take(nested);
}

std::string run_case(element test) {
    const auto encoded = parse_bytes(test["out"]);
    if (!encoded) return "malformed out";
    rlp::Reader reader(*encoded);
    Bytes again;
    copy_item(reader, again);
    const bool valid = reader.finish() == rlp::Error::none;
    std::string_view in;
    (void)test["in"].get(in);
    if (in == "INVALID") return valid ? "accepted" : "";
    if (!valid) return "rejected";
    if (again != *encoded) return "encodes back to " + hex_text(again);
    if (in == "VALID") return {};
    Bytes made;
    encode_value(made, test["in"]);
    return made == *encoded ? "" : "encodes to " + hex_text(made);
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    simdjson::dom::object tests;
    if (root.get(tests) != simdjson::SUCCESS)
        return counts.skip(path.stem().string(), "not an RLP test");
    for (const auto [name, test] : tests) {
        const std::string id = path.stem().string() + "::" + std::string(name);
        if (options.selects(id)) counts.record(id, run_case(test));
    }
}

}  // namespace

int rlp_tests(int argc, char** argv) {
    return run_command(argc, argv, "rlp-tests", run_file);
}

}  // namespace mezz::conformance
