// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Runs a guest image and counts its instructions exactly: RV64IM, one hart, the three ecalls of
/// guest/runtime.hpp and the mark of guest/bench.cpp. A measuring tool beside qemu-riscv64, which
/// counts nothing; both must give the same output.
///
/// Everything that the images must not do ends the run as a fault: an instruction outside RV64IM or
/// outside the code, an unaligned access, one outside the memory of the image.
/// spec: RISC-V Unprivileged ISA 20191213, chapters 2, 5 and 7.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace mezz::bench {

struct MachineRun {
    int exit_code = -1;
    std::string fault;  ///< why it did not exit; empty when it did
    Bytes output;
    std::uint64_t instructions = 0;
    std::vector<std::uint64_t> marks;  ///< instructions executed before each mark
};

class Machine {
public:
    /// requires: `elf` is a static RV64 image. errors: ends the process with a message otherwise.
    explicit Machine(ByteView elf);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Runs from the entry in fresh memory. Stops with a fault after `most` instructions.
    [[nodiscard]] MachineRun run(ByteView input, std::uint64_t most = 1ull << 40) const;

    /// Defined in machine.cpp.
    struct Instruction;

private:
    struct Segment {
        std::uint64_t address = 0;
        std::uint64_t size_bytes = 0;  ///< in memory; what the file does not have is zero
        Bytes bytes;
    };
    std::vector<Segment> segments_;
    std::vector<Instruction> code_;
    std::uint64_t code_start_ = 0;
    std::uint64_t entry_ = 0;
    std::uint64_t data_start_ = 0;
    std::uint64_t data_end_ = 0;
};

}  // namespace mezz::bench
