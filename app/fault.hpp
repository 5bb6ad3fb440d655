// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz fault NAME`: plays one attack against a running development network, with its well-known
/// keys, and waits until the honest side has won.

#include <filesystem>
#include <span>
#include <string>

#include "app/attacker.hpp"
#include "app/censorship.hpp"

namespace mezz::app {

/// An attack by name, with what it shows.
struct Fault {
    const char* name;
    const char* what;
    Attack attack;
};
std::span<const Fault> all_faults();
/// returns: nullptr when there is none of that name.
const Fault* find_fault(std::string_view name);

/// An attack under way. Owned by one thread.
class PlayedFault {
public:
    /// errors: fatal when the directory is not that of a network the attack can be played on.
    static node::Result<std::unique_ptr<PlayedFault>> make(const Fault& fault,
                                                           const std::filesystem::path& state,
                                                           const std::filesystem::path& guest);
    /// errors: what stays wrong for a while; until then the last outcome is told again.
    node::Result<Attacker::Outcome> step(std::uint64_t now_ms);
    [[nodiscard]] std::uint64_t moves() const noexcept;
    /// Somebody claims what is wrong, and has a bond to lose.
    [[nodiscard]] bool is_lie() const noexcept { return attacker_ != nullptr; }
    /// Of an attack that is no lie.
    [[nodiscard]] Network& network() noexcept { return *network_; }

private:
    PlayedFault() = default;
    std::unique_ptr<Network> network_;
    std::unique_ptr<Attacker> attacker_;
    std::unique_ptr<Censorship> censorship_;
    Attacker::Outcome last_{"connecting", false, false};
    std::uint64_t failing_since_ms_ = 0;
};

struct FaultOptions {
    std::string name;
    std::filesystem::path state;  ///< of `mezz dev`
    std::filesystem::path guest;  ///< stf.elf; empty: the one of this build
    std::uint64_t timeout_seconds = 600;
    bool json = false;
};

/// returns: 0 only if every honest claim became final and every liar lost its bond.
int run_fault(const FaultOptions& options);
/// Prints the attacks there are.
int list_faults(bool json);

}  // namespace mezz::app
