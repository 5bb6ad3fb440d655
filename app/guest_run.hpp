// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Runs the guest (stf.elf) under qemu-riscv64, as a prover's machine would.

#include <filesystem>

#include "core/base/bytes.hpp"
#include "node/ports/result.hpp"

namespace mezz::app {

struct GuestOptions {
    std::filesystem::path elf;
    std::string qemu = "qemu-riscv64";  ///< a path, or a name on the PATH
    /// The only image that may run; zero: any.
    Bytes32 program_id;
};

struct GuestResult {
    int exit_code = -1;
    Bytes output;
    std::uint64_t wall_ms = 0;
};

/// The image and the emulator are there, and the image is the program. Fails with fatal.
node::Result<void> check_guest(const GuestOptions& options);

/// requires: check_guest passed. `input` is the file the guest reads.
/// errors: fatal when it cannot be started or is killed by a signal.
node::Result<GuestResult> run_guest(const GuestOptions& options,
                                    const std::filesystem::path& input);

/// What an exit code of the guest says. spec: guest/README.md.
std::string describe_guest_exit(int code);

}  // namespace mezz::app
