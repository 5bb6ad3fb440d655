// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/guest_run.hpp"

#include <chrono>
#include <fstream>
#include <iterator>

#include "app/rollup_file.hpp"

namespace mezz::app {

using node::prove::Program;

std::filesystem::path find_guest_of(const std::filesystem::path& binary) {
    const auto folder = binary.parent_path();
    std::error_code error;
    // A build has PRESET/app/mezz and guest/stf.elf, what is installed bin/mezz and
    // lib/mezz/stf.elf.
    for (const auto& image :
         {folder / ".." / ".." / "guest" / "stf.elf", folder / ".." / "lib" / "mezz" / "stf.elf"})
        if (std::filesystem::is_regular_file(image, error)) return image.lexically_normal();
    return {};
}

std::filesystem::path find_guest() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error)
        if (auto image = find_guest_of(self); !image.empty()) return image;
    return "build/guest/stf.elf";
}

node::Result<std::shared_ptr<const Program>> load_guest(const GuestOptions& options) {
    std::ifstream file(options.elf, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const std::string name = "--guest " + options.elf.string();
    if (!file.is_open() || bytes.empty())
        return node::fatal(name +
                           ": no such file; build it with `cmake --preset guest && cmake --build "
                           "--preset guest` (build/guest/stf.elf), or install the package again "
                           "(lib/mezz/stf.elf beside bin/mezz)");
    const auto image =
        node::prove::load_elf({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    if (!image)
        return node::fatal(name + " is no image of a program: " +
                           std::string(node::prove::describe(image.error())));
    auto program = std::make_shared<const Program>(*image);
    if (!options.program_id.is_zero() && program->id() != options.program_id)
        return node::fatal(name + " is program " + hex_text(program->id()) +
                           ", this mezz belongs to program " + hex_text(options.program_id) +
                           "; build both from the same sources");
    return program;
}

node::Result<GuestResult> run_guest(std::shared_ptr<const Program> program,
                                    const stf::Question& question, const stf::Witness& witness) {
    const auto start = std::chrono::steady_clock::now();
    const auto answer = node::prove::answer(std::move(program), question, witness);
    if (!answer) return std::unexpected(answer.error());
    const auto took = std::chrono::steady_clock::now() - start;
    return GuestResult{answer->exit_code, answer->claim, answer->steps,
                       static_cast<std::uint64_t>(
                           std::chrono::duration_cast<std::chrono::milliseconds>(took).count())};
}

std::string describe_guest_exit(int code) {
    switch (code) {
        case 10:
            return "the witness lacks something the transition reads";
        case 11:
            return "an item of the witness is not what belongs there";
        case 12:
            return "the entries do not lead to the question's inbox accumulator";
        case 21:
            return "out of memory";
        case 22:
            return "the words behind the question's hash are no question";
        default:
            return "exit code " + std::to_string(code);
    }
}

}  // namespace mezz::app
