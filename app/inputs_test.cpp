// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What the command reads from people: files, flags, requests.
#include <gtest/gtest.h>

#include "app/blob_request.hpp"
#include "app/deployment_file.hpp"
#include "app/manifest.hpp"
#include "app/rollup_file.hpp"
#include "app/suggest.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

TEST(suggest, names_the_nearest_word) {
    const std::vector<std::string> known{"--port", "--parent-port", "--parent", "--state"};
    EXPECT_EQ(nearest("--prot", known), "--port");
    EXPECT_EQ(nearest("--parentport", known), "--parent-port");
    EXPECT_EQ(nearest("--stat", known), "--state");
    EXPECT_EQ(nearest("--verbose", known), "");
    EXPECT_EQ(nearest("", known), "");
    EXPECT_EQ(nearest(std::string(100'000, 'p'), known), "");
    EXPECT_EQ(suggestion("--prot", known), "; did you mean --port?");
    EXPECT_EQ(suggestion("--verbose", known), "");
}

TEST(blob_request, reads_block_and_hashes) {
    const std::string h(64, 'a');
    const auto all = parse_blob_request("/eth/v1/beacon/blobs/12");
    ASSERT_TRUE(all);
    EXPECT_EQ(all->number, 12u);
    EXPECT_TRUE(all->versioned_hashes.empty());
    EXPECT_EQ(parse_blob_request("/x/head")->block, BlobRequest::Block::head);
    EXPECT_EQ(parse_blob_request("/x/finalized?a=b")->block, BlobRequest::Block::finalized);
    const auto some = parse_blob_request("/x/1?versioned_hashes=0x" + h + ",0x" + h +
                                         "&other=1&versioned_hashes=0x" + h);
    ASSERT_TRUE(some);
    EXPECT_EQ(some->versioned_hashes.size(), 3u);
}

TEST(blob_request, names_what_is_wrong) {
    for (const char* target :
         {"", "/", "/x/", "/x/0x1", "/x/-1", "/x/1a", "/x/99999999999999999999", "/x/1%20"})
        EXPECT_NE(parse_blob_request(target).error().find("block ID"), std::string::npos) << target;
    for (const char* query : {"versioned_hashes=1", "versioned_hashes=0x12", "versioned_hashes=,"})
        EXPECT_NE(parse_blob_request(std::string("/x/1?") + query).error().find("versioned_hashes"),
                  std::string::npos)
            << query;
}

RollupFile sample() {
    RollupFile f;
    f.parent_chain_id = 31337;
    f.block_time_ms = 250;
    f.spec.chain_id = 42069;
    f.spec.gas_limit = 30'000'000;
    node::GenesisAccount account;
    account.address[19] = 7;
    account.balance = uint256{5};
    account.storage.emplace_back(Bytes32{}, uint256{9});
    f.genesis = {account};
    f.spec.genesis_state_root = node::genesis_state_root(f.genesis);
    return f;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(rollup_file, reads_what_it_writes) {
    const std::string text = to_json(sample());
    const auto read = parse_rollup_file(text, "rollup.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), text);
}

TEST(rollup_file, names_the_field) {
    const std::string good = to_json(sample());
    const auto refused = [&](std::string_view from, std::string_view to, std::string_view why) {
        const auto read = parse_rollup_file(replaced(good, from, to), "rollup.json");
        ASSERT_FALSE(read) << to;
        EXPECT_EQ(read.error().handling, node::Handling::fatal);
        EXPECT_NE(read.error().message.find("rollup.json: "), std::string::npos);
        EXPECT_NE(read.error().message.find(why), std::string::npos) << read.error().message;
    };
    refused("\"format\": 1", "\"format\": 2", "field \"format\" is not 1");
    refused("\"blockTimeMs\"", "\"blockTimeMS\"",
            "field \"blockTimeMS\" is not known; did you mean blockTimeMs?");
    refused("\"portal\"", "\"portall\"", "field \"portall\" is not known; did you mean portal?");
    refused("\"nonce\"", "\"once\"", "field \"once\" is not known; did you mean nonce?");
    refused("\"key\"", "\"kez\"", "did you mean key?");
    refused("\"chainId\": 42069", "\"chainId\": 1", "field \"chainId\" is not that of \"spec\"");
    refused("\"inbox\": \"0x00", "\"inbox\": \"0x", "has 19 bytes, expected 20");
    refused("\"balance\": \"0x0", "\"balance\": \"0x1", "does not hash to the state root");
    refused("\"genesis\": [", "\"genesis\": 5, \"contracts\": [", "\"genesis\"");
    refused("{", "", "rollup.json: ");
    EXPECT_FALSE(parse_rollup_file("", "rollup.json"));
    EXPECT_FALSE(parse_rollup_file("[]", "rollup.json"));
    EXPECT_FALSE(parse_rollup_file("5", "rollup.json"));
}

TEST(manifest, reads_what_it_writes_and_names_what_is_wrong) {
    Manifest m;
    m.created_ms = 5;
    m.chain = {2, 7, 6, 5, Bytes32{}, Bytes32{}, Bytes{1, 2}};
    m.files = {{"chain.mdb", 10, Bytes32{}}};
    const std::string text = to_json(m);
    const auto read = parse_manifest(text, "m");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), text);
    const auto wrong = [&](std::string_view from, std::string_view to) {
        std::string changed = text;
        changed.replace(changed.find(from), from.size(), to);
        const auto parsed = parse_manifest(changed, "m");
        return parsed ? "taken" : parsed.error().message;
    };
    EXPECT_EQ(wrong("\"head\":7", "\"head\":-7"), "m: head: expected a number");
    EXPECT_EQ(wrong("chain.mdb", "../chain.mdb"),
              "m: files[0].name: expected chain.mdb, parent.mdb or rollup.json");
    EXPECT_EQ(wrong("chain.mdb", "parent.mdb"), "m: files: expected chain.mdb among them");
    EXPECT_EQ(wrong("0x0102", "0x010"), "m: identity: expected bytes as 0x-hex");
    EXPECT_EQ(wrong("\"format\":1", "\"format\":2"),
              "m: format 2, this program reads 1; use the program that wrote it");
    EXPECT_EQ(parse_manifest("[]", "m").error().message, "m: not a JSON object");
}

Deployment deployment() {
    Deployment d;
    d.settings.parent_chain_id = 31337;
    d.settings.chain_id = 42069;
    d.settings.fraud_proofs = true;
    d.settings.deployer[0] = 9;
    d.settings.funded = {Address{}, d.settings.deployer};
    d.first_nonce = 5;
    d.parent_block = 70;
    d.program_id = "0x" + std::string(64, 'a');
    return d;
}

TEST(deployment_file, reads_what_it_writes) {
    const auto read = parse_deployment(to_json(deployment()), "deployment.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, deployment());
}

TEST(deployment_file, names_the_field) {
    const std::string good = to_json(deployment());
    const auto refused = [&](std::string_view from, std::string_view to, std::string_view why) {
        const auto read = parse_deployment(replaced(good, from, to), "deployment.json");
        ASSERT_FALSE(read) << to;
        EXPECT_EQ(read.error().handling, node::Handling::fatal);
        EXPECT_NE(read.error().message.find("deployment.json: "), std::string::npos);
        EXPECT_NE(read.error().message.find(why), std::string::npos) << read.error().message;
    };
    refused("\"format\": 1", "\"format\": 2", "field \"format\" is not 1");
    refused("\"firstNonce\": 5", "\"firstNonce\": -5", "\"firstNonce\" is missing or not a number");
    refused("\"fraud\"", "\"zk\"", "field \"proof\" is not none or fraud");
    refused("\"batcher\"", "\"bacher\"", "did you mean batcher?");
    refused("\"deployer\": \"0x09", "\"deployer\": \"0x", "has 19 bytes, expected 20");
    refused("\"funded\": [", "\"funded\": [5, ", "something else than addresses");
    refused("{", "", "no JSON");
    EXPECT_FALSE(parse_deployment("", "deployment.json"));
    EXPECT_FALSE(parse_deployment("[]", "deployment.json"));
}

TEST(deployment_file, names_the_setting_that_differs) {
    const RollupSettings there = deployment().settings;
    RollupSettings here = there;
    here.genesis_timestamp = 1;
    EXPECT_EQ(difference(there, here), std::nullopt);
    here.chain_id = 8;
    EXPECT_EQ(difference(there, here), "--chain-id is 42069 there, 8 here");
    here = there;
    here.fraud_proofs = false;
    EXPECT_EQ(difference(there, here), "--proof is fraud there, none here");
    here = there;
    here.guardian[19] = 1;
    EXPECT_EQ(difference(there, here), "--guardian is 0x" + std::string(40, '0') + " there, 0x" +
                                           std::string(39, '0') + "1 here");
    here = there;
    here.funded.pop_back();
    EXPECT_EQ(difference(there, here), "the number of funded accounts is 2 there, 1 here");
}

}  // namespace
}  // namespace mezz::app
