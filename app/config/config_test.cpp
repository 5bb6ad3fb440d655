// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/config/config.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "app/cli/verbs.hpp"
#include "app/config/presets.hpp"

namespace mezz::app {
namespace {

/// `mezz dev` with a mezz.toml, variables, and a command line of --set and flags.
class ConfigTest : public testing::Test {
protected:
    ConfigTest() : command_("", "dev") { add_dev_flags(command_, dev_, data_source_); }
    ~ConfigTest() override { std::filesystem::remove(file_); }

    void write(std::string_view text) {
        file_ = std::filesystem::temp_directory_path() /
                ("mezz-config-" + std::to_string(getpid()) + ".toml");
        std::ofstream(file_) << text;
    }
    /// returns: "" or the error, with the file as FILE.
    std::string read(const std::string& preset = {}, const std::vector<std::string>& sets = {},
                     const std::vector<std::string>& environment = {},
                     const std::string& flags = {}) {
        command_.parse(flags);
        const auto config = read_config({preset, file_, sets}, environment);
        if (!config) return shortened(config.error().message);
        auto settings = apply(*config, command_);
        if (!settings) return shortened(settings.error().message);
        settings_ = std::move(*settings);
        const auto works = check_combinations(settings_);
        return works ? std::string() : shortened(works.error().message);
    }
    [[nodiscard]] std::string source(std::string_view key) const {
        for (const auto& setting : settings_)
            if (setting.key == key) return shortened(setting.source);
        return "no such key";
    }

    CLI::App command_;
    DevOptions dev_;
    std::string data_source_ = "blobs";
    std::vector<Setting> settings_;
    std::filesystem::path file_;

private:
    [[nodiscard]] std::string shortened(std::string text) const {
        const std::string name = file_.string();
        for (auto at = text.find(name); !name.empty() && at != std::string::npos;
             at = text.find(name))
            text.replace(at, name.size(), "FILE");
        return text;
    }
};

TEST_F(ConfigTest, each_layer_is_stronger_than_those_below) {
    write("[chain]\nblock_time = \"3s\"\nid = 3\nforce_delay = \"3s\"\n[proof]\nclock = \"30s\"\n");
    ASSERT_EQ(read("optimism", {"chain.force_delay=6s"},
                   {"MEZZ_CHAIN__ID=5", "MEZZ_CHAIN__FORCE_DELAY=5s", "PATH=/bin", "MEZZ_BIN=x"},
                   "--proof fraud --dispute-clock 7"),
              "");
    EXPECT_EQ(dev_.parent_block_time_ms, 12'000u);
    EXPECT_EQ(source("parent.block_time"), "preset optimism");
    EXPECT_EQ(dev_.block_time_ms, 3'000u);
    EXPECT_EQ(source("chain.block_time"), "FILE:2");
    EXPECT_EQ(dev_.chain_id, 5u);
    EXPECT_EQ(source("chain.id"), "MEZZ_CHAIN__ID");
    EXPECT_EQ(dev_.force_delay_seconds, 6u);
    EXPECT_EQ(source("chain.force_delay"), "flag");
    EXPECT_EQ(dev_.dispute_clock_seconds, 7u);
    EXPECT_EQ(source("proof.clock"), "flag");
    EXPECT_EQ(dev_.port, 9545u);
    EXPECT_EQ(source("rpc.port"), "default");
}

TEST_F(ConfigTest, a_file_names_its_preset) {
    write("preset = \"arbitrum\"\n");
    ASSERT_EQ(read(), "");
    EXPECT_EQ(dev_.block_time_ms, 250u);
    EXPECT_EQ(source("chain.block_time"), "preset arbitrum");
}

TEST_F(ConfigTest, values_of_every_kind_arrive) {
    write(
        "[state]\nephemeral = true\nindex_appearances = false\n[console]\nenabled = false\n"
        "[rpc]\ncors = [\"https://a.example\", \"https://b.example\"]\nhost = \"::1\"\n"
        "[limits]\nbody = \"2MiB\"\nanswer = 4096\n[da]\nkind = \"calldata\"\n");
    ASSERT_EQ(read(), "");
    EXPECT_TRUE(dev_.ephemeral);
    EXPECT_FALSE(dev_.index_appearances);
    EXPECT_TRUE(dev_.no_console);
    EXPECT_EQ(dev_.listener.origins,
              (std::vector<std::string>{"https://a.example", "https://b.example"}));
    EXPECT_EQ(dev_.listener.host, "::1");
    EXPECT_EQ(dev_.listener.max_body_bytes, 2u << 20);
    EXPECT_EQ(dev_.listener.max_answer_bytes, 4096u);
    EXPECT_EQ(data_source_, "calldata");
}

TEST_F(ConfigTest, unknown_keys_are_named_with_their_line) {
    write("[chain]\nid = 7\nblok_time = \"1s\"\n");
    EXPECT_EQ(read(), "FILE:3: chain.blok_time is not known; did you mean chain.block_time?");
}
TEST_F(ConfigTest, unknown_sections_are_refused) {
    write("[sequencer]\n");
    EXPECT_EQ(read(), "FILE:1: sequencer is not known; `mezz config show` lists all");
}
TEST_F(ConfigTest, unknown_variables_are_refused) {
    EXPECT_EQ(read("", {}, {"MEZZ_CHAIN__BLOCKTIME=1s"}),
              "MEZZ_CHAIN__BLOCKTIME: chain.blocktime is not known; did you mean "
              "chain.block_time?");
}
TEST_F(ConfigTest, unknown_sets_are_refused) {
    EXPECT_EQ(read("", {"rpc.prot=1"}), "--set: rpc.prot is not known; did you mean rpc.port?");
    EXPECT_EQ(read("", {"rpc.port"}), "--set rpc.port: expected KEY=VALUE, as chain.block_time=2s");
}
TEST_F(ConfigTest, unknown_presets_are_refused) {
    EXPECT_EQ(read("optimsm"),
              "no preset optimsm; did you mean optimism? (arbitrum, dev, l3, optimism)");
}
TEST_F(ConfigTest, a_missing_file_is_named) {
    file_ = "/no/such/mezz.toml";
    EXPECT_EQ(read(), "FILE: No such file or directory");
}
TEST_F(ConfigTest, wrong_types_are_refused) {
    write("[chain]\nid = \"7\"\n");
    EXPECT_EQ(read(), "FILE:2: chain.id: expected a whole number");
    write("[chain]\nblock_time = 7\n");
    EXPECT_EQ(read(), "FILE:2: chain.block_time: expected a duration in quotes, as \"1s\"");
    write("[rpc]\ncors = \"*\"\n");
    EXPECT_EQ(read(), "FILE:2: rpc.cors: expected a list of texts, as [\"a\", \"b\"]");
    write("[state]\nephemeral = 1\n");
    EXPECT_EQ(read(), "FILE:2: state.ephemeral: expected true or false");
}
TEST_F(ConfigTest, what_the_flag_refuses_is_named_by_key) {
    write("[rpc]\n\nhost = \"localhost\"\n");
    EXPECT_TRUE(read().starts_with("FILE:3: rpc.host: 'localhost' is no IP address"));
}
TEST_F(ConfigTest, a_key_of_another_command_is_refused) {
    write("[node]\nrole = \"verifier\"\n");
    EXPECT_EQ(read(), "FILE:2: node.role: mezz dev has no such setting");
}
TEST_F(ConfigTest, a_flag_and_its_set_are_one_too_many) {
    EXPECT_EQ(read("", {"chain.id=1"}, {}, "--chain-id 2"),
              "--set chain.id and --chain-id: give one of them");
}

TEST_F(ConfigTest, two_on_one_port_are_refused_with_the_nearest_free) {
    EXPECT_EQ(read("", {"console.port=9545"}),
              "rpc.port = 9545 (default) and console.port = 9545 (flag): a port serves one of "
              "them; the nearest that works is console.port = 9546");
}
TEST_F(ConfigTest, a_clock_without_disputes_is_refused) {
    EXPECT_EQ(read("", {}, {"MEZZ_PROOF__CLOCK=9s"}),
              "proof.clock = 9s (MEZZ_PROOF__CLOCK) and proof.kind = none (default): attested "
              "claims have no dispute that a clock could decide; the nearest that works is "
              "proof.kind = fraud");
}
TEST_F(ConfigTest, the_embedded_parents_settings_are_of_no_other) {
    EXPECT_TRUE(read("", {"parent.url=http://127.0.0.1:1"}, {}, "--parent-block-time 500")
                    .starts_with("parent.block_time = 500ms (flag) and parent.url = "));
}
TEST_F(ConfigTest, any_port_of_the_embedded_parent_is_no_wish) {
    EXPECT_EQ(read("", {"parent.url=http://127.0.0.1:1"}, {}, "--parent-port 0"), "");
}
TEST_F(ConfigTest, blobs_of_the_embedded_parent_are_its_own) {
    EXPECT_TRUE(read("", {"parent.blobs=http://127.0.0.1:1"})
                    .starts_with("parent.blobs = http://127.0.0.1:1 (flag) and parent.url = "));
}
TEST_F(ConfigTest, no_console_has_no_port) {
    EXPECT_TRUE(read("", {"console.port=8081", "console.enabled=false"})
                    .starts_with("console.port = 8081 (flag) and console.enabled = false (flag)"));
}

/// Every preset is in order, says what it is, and gives way to what a person says.
class PresetTest : public ConfigTest, public testing::WithParamInterface<Preset> {};
TEST_P(PresetTest, is_valid) {
    EXPECT_EQ(read(std::string(GetParam().name)), "");
    EXPECT_FALSE(summary(GetParam()).empty());
    EXPECT_TRUE(GetParam().text.contains("must be shown for it to count") ||
                GetParam().name == "dev");
    EXPECT_TRUE(source("state.dir").starts_with("preset "));
}
INSTANTIATE_TEST_SUITE_P(presets, PresetTest, testing::ValuesIn(all_presets()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace mezz::app
