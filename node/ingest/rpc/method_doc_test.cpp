// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What rpc.discover says of methods, and lines that say nothing.
#include "node/ingest/rpc/method_doc.hpp"

#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

/// The schema of the result of a method with this signature, or the problem.
std::string result_of(std::string_view signature) {
    const TypeDocs types{{"Hash", {"Hash", "/^0x$/", "A hash."}}};
    const auto document = openrpc_document({{"a_b", {signature, "Does."}}}, types, "1.0.0");
    if (!document) return document.error();
    simdjson::dom::parser parser;
    simdjson::dom::element value;
    if (parser.parse(*document).at_pointer("/methods/0/result/schema").get(value) !=
        simdjson::SUCCESS)
        return "no schema in " + *document;
    return simdjson::minify(value);
}

TEST(method_doc, parameters_are_counted_where_the_signature_ends_them) {
    EXPECT_EQ(parameter_count("-> any"), 0u);
    EXPECT_EQ(parameter_count("a: Hash -> any"), 1u);
    EXPECT_EQ(
        parameter_count(
            "a?: integer | {b?: integer, c: map<any>}, d: (string | null)[] -> {e: any, f: any}"),
        2u);
    EXPECT_EQ(parameter_count("a: 'x,y' | /^[,]$/, b?: any, c: any -> any"), 3u);
}

TEST(method_doc, types_become_schemas) {
    EXPECT_EQ(result_of("-> boolean"), R"({"type":"boolean"})");
    EXPECT_EQ(result_of("-> any"), "{}");
    EXPECT_EQ(result_of("-> Hash"), R"({"$ref":"#/components/schemas/Hash"})");
    EXPECT_EQ(result_of("-> Hash[][]"), R"({"type":"array","items":{"type":"array","items":)"
                                        R"({"$ref":"#/components/schemas/Hash"}}})");
    EXPECT_EQ(result_of("-> 'a' | 'b' | null"),
              R"({"anyOf":[{"type":"null"},{"type":"string","enum":["a","b"]}]})");
    EXPECT_EQ(result_of("-> (string | null)[]"),
              R"({"type":"array","items":{"anyOf":[{"type":"string"},{"type":"null"}]}})");
    EXPECT_EQ(result_of("-> map<number>"),
              R"({"type":"object","additionalProperties":{"type":"number"}})");
    EXPECT_EQ(result_of("-> {a: integer, b?: string}"),
              R"({"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},)"
              R"("required":["a"]})");
}

TEST(method_doc, lines_that_say_nothing_are_refused_by_place) {
    const auto refused = [](std::string_view signature, std::string_view why) {
        const std::string got = result_of(signature);
        EXPECT_TRUE(got.starts_with("a_b: ") && got.find(why) != std::string::npos)
            << signature << ": " << got;
    };
    refused("-> Unknown", "no type Unknown");
    refused("", "expected a name");
    refused("->", "expected a name");
    refused("a: Hash", "expected a name");
    refused("a Hash -> null", "expected :");
    refused("a: Hash, -> null", "expected a name");
    refused("-> null null", "expected the end");
    refused("-> {a: null", "expected }");
    refused("-> map<null", "expected >");
    refused("-> 'open", "expected a second '");
    refused("-> Hash[", "expected the end");
    EXPECT_FALSE(openrpc_document({{"a_b", {"-> null", ""}}}, {}, "1")) << "no summary";
    EXPECT_FALSE(openrpc_document({}, {{"T", {"T", "map<", "A type."}}}, "1"));
}

TEST_F(RpcTest, discover_lists_every_method_there_is) {
    server->add_types(std::array<TypeDoc, 1>{{{"Ready", "{ok: boolean}", "Whether."}}});
    server->add("mezz_ready", {"deep?: boolean -> Ready", "Whether the node is."},
                [](std::string_view) -> RawResult { return R"({"ok":true})"; });
    simdjson::dom::parser parser;
    const std::string text = result("rpc.discover");
    simdjson::dom::element document = parser.parse(text);
    EXPECT_EQ(std::string_view(document["openrpc"]), "1.3.2");
    std::vector<std::string> names;
    for (simdjson::dom::element method : simdjson::dom::array(document["methods"]))
        names.emplace_back(std::string_view(method["name"]));
    EXPECT_TRUE(std::ranges::is_sorted(names));
    for (const char* name : {"rpc.discover", "rpc_modules", "eth_getProof", "mezz_ready",
                             "eth_sendTransaction", "debug_getRawTransaction"})
        EXPECT_TRUE(std::ranges::find(names, name) != names.end()) << name;
    // What is listed is there: the error of a wrong parameter is another. Subscriptions are there
    // for connections that stay.
    for (const std::string& name : names)
        if (!name.ends_with("subscribe"))
            EXPECT_EQ(call(name, R"(["?","?","?","?","?","?"])").find("-32601"), std::string::npos)
                << name;
    EXPECT_EQ(std::string_view(document.at_pointer("/components/schemas/Ready/title")), "Ready");
}

}  // namespace
}  // namespace mezz::rpc::test
