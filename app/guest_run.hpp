// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Runs the program (stf.elf) on the machine that disputes are about.

#include <filesystem>

#include "node/prove/question/answer.hpp"

namespace mezz::app {

struct GuestOptions {
    std::filesystem::path elf;
    /// The only program that may run; zero: any.
    Bytes32 program_id;
};

struct GuestResult {
    int exit_code = -1;
    Bytes32 output;  ///< hash of the claim
    std::uint64_t steps = 0;
    std::uint64_t wall_ms = 0;
};

/// stf.elf that belongs to a binary: of the same build, or of the same installation. Empty where
/// there is none.
std::filesystem::path find_guest_of(const std::filesystem::path& binary);

/// stf.elf that belongs to this binary, or the one in ./build/guest.
std::filesystem::path find_guest();

/// The image is there, is one, and is the program. Fails with fatal.
node::Result<std::shared_ptr<const node::prove::Program>> load_guest(const GuestOptions& options);

/// errors: as of node::prove::answer.
node::Result<GuestResult> run_guest(std::shared_ptr<const node::prove::Program> program,
                                    const stf::Question& question, const stf::Witness& witness);

/// What an exit code of the guest says. spec: guest/README.md.
std::string describe_guest_exit(int code);

}  // namespace mezz::app
