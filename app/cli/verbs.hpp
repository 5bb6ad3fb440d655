// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The commands of `mezz`. Each adds its flags to the command line and says what to run.

#include <functional>
#include <string>
#include <vector>

#include "app/config/config.hpp"
#include "app/dev.hpp"
#include "app/exit_code.hpp"
#include "app/network.hpp"
#include "app/node.hpp"
#include "app/talk.hpp"

namespace mezz::app {

class Verbs {
public:
    /// `run` is called when `command` was given and the command line is in order.
    void add(CLI::App* command, std::function<int()> run);
    /// Of a command that says itself, by prepare(), how it logs.
    void add_service(CLI::App* command, std::function<int()> run);
    /// What the flags of every command say. Wherever they stand, they mean the whole process.
    [[nodiscard]] Talk& talk() noexcept { return talk_; }
    /// returns: nothing when no command was given that runs something.
    [[nodiscard]] std::function<int()> given() const;

private:
    struct Verb {
        const CLI::App* command;
        std::function<int()> run;
    };
    std::vector<Verb> verbs_;
    Talk talk_;
};

void add_dev(CLI::App& root, Verbs& verbs);
void add_node(CLI::App& root, Verbs& verbs);
void add_config(CLI::App& root, Verbs& verbs);
void add_proof_verbs(CLI::App& root, Verbs& verbs);
void add_l1_verbs(CLI::App& root, Verbs& verbs);
void add_key_verbs(CLI::App& root, Verbs& verbs);
void add_dispute_verbs(CLI::App& root, Verbs& verbs);
void add_bridge_verbs(CLI::App& root, Verbs& verbs);
void add_wallet_verbs(CLI::App& root, Verbs& verbs);
/// Keeps a reference to `root`.
void add_completions(CLI::App& root, Verbs& verbs);
void add_session_verbs(CLI::App& root, Verbs& verbs);
void add_upkeep_verbs(CLI::App& root, Verbs& verbs);

/// The flags of `mezz dev` and `mezz node`, which `mezz config` knows too. Keeps references.
void add_dev_flags(CLI::App& command, DevOptions& options, std::string& data_source);
void add_node_flags(CLI::App& command, NodeOptions& options, std::string& data_source);
/// Of commands that look at a network that runs. Keeps the reference.
void add_network_flags(CLI::App& command, NetworkOptions& network);
DataSource data_source_of(std::string_view name);

/// What is said about the first word of the command line that nobody knows; "" when all are known.
std::string unknown_word(const CLI::App& root, int argc, const char* const* argv);

}  // namespace mezz::app
