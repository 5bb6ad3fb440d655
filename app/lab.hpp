// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The console's lab: plays the attacks of `mezz fault` against the network of this `mezz dev`,
/// one at a time, and undoes blocks of its embedded parent. Never made by other commands.

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>

#include "app/fault.hpp"
#include "app/parent_service.hpp"
#include "app/worker.hpp"

namespace mezz::app {

struct LabOptions {
    std::filesystem::path state;  ///< of this network: rollup.json and outputs.json
    std::filesystem::path guest;  ///< stf.elf; empty: the one of this build
    bool fraud_proofs = false;
    ParentService* parent = nullptr;  ///< the embedded one, which outlives the lab; or none
    std::uint64_t timeout_ms = 600'000;
};

/// Thread-safe.
class Lab {
public:
    explicit Lab(LabOptions options);
    ~Lab();
    /// What can be played, what cannot and why, and how the latest attack goes.
    [[nodiscard]] std::string to_json();
    /// returns: "", or why it was not started.
    std::string start(std::string_view name);
    void stop();

private:
    struct Note {
        std::uint64_t after_ms = 0;
        std::string text;
    };
    std::uint64_t step();
    void say(std::string text);
    void end(const char* outcome, std::string text);
    std::string undo_parent_blocks();
    /// returns: "", or why it cannot be played after all.
    std::string make(const Fault& fault);
    [[nodiscard]] std::string why_not(const Fault* fault) const;

    LabOptions options_;
    host::SystemClock clock_;
    std::mutex mutex_;  ///< guards the rest, except played_
    std::string name_;
    const char* outcome_ = "";  ///< "", "running", "honest-won", "liar-won", "failed", "done"
    std::uint64_t started_ms_ = 0;
    std::vector<Note> notes_;
    std::uint64_t moves_ = 0;
    std::unique_ptr<PlayedFault> played_;  ///< worker thread only
    Worker worker_;
};

}  // namespace mezz::app
