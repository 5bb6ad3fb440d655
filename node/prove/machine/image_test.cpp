// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/image.hpp"

#include <gtest/gtest.h>

#include "node/prove/machine/test_programs.hpp"

namespace mezz::node::prove {
namespace {

using testing::elf;
using testing::ElfSegment;

constexpr std::uint32_t READ = 4;
constexpr std::uint32_t WRITE = 2;
constexpr std::uint32_t EXECUTE = 1;

const ElfSegment TEXT{0x10000, Bytes(8, 0x13), 8, READ | EXECUTE};
const ElfSegment DATA{0x200100, Bytes(5, 0x7f), 0x5000, READ | WRITE};

Bytes valid() {
    return elf(0x10000, {TEXT, DATA});
}
/// The image of a valid file of which one byte is another.
std::expected<Image, ImageError> with(std::size_t at, std::uint8_t value) {
    Bytes file = valid();
    file[at] = value;
    return load_elf(file);
}
void expect_error(const std::expected<Image, ImageError>& image, ImageError error) {
    ASSERT_FALSE(image.has_value());
    EXPECT_EQ(image.error(), error);
}

TEST(Image, PlacesSegmentsAtTheirAddresses) {
    const auto image = load_elf(valid());
    ASSERT_TRUE(image.has_value());
    ASSERT_EQ(image->code.size(), 1u);
    ASSERT_EQ(image->data.size(), 1u);
    EXPECT_EQ(image->entry, 0x10000u);
    EXPECT_EQ(image->code[0].address, 0x10000u);
    EXPECT_EQ(image->code[0].bytes, TEXT.bytes);
    EXPECT_EQ(image->data[0].address, 0x200100u);
    EXPECT_EQ(image->data[0].bytes, DATA.bytes);
    riscv::testing::MapPreimages none;
    Machine machine(std::make_shared<const Program>(*image), none);
    EXPECT_EQ(machine.memory().load(0x200100, 8), 0x7f'7f7f'7f7fu);
    EXPECT_EQ(machine.program().word(0x10004), 0x13131313u);
    EXPECT_EQ(machine.program().word(0x10008), 0u);
    EXPECT_EQ(machine.program().word(riscv::CODE_END - 4), 0u);
}

TEST(Image, FillsMemoryToItsEnds) {
    EXPECT_TRUE(load_elf(elf(0, {{0, Bytes(4), riscv::CODE_END, EXECUTE}})).has_value());
    EXPECT_TRUE(load_elf(elf(0, {{riscv::DATA_START, Bytes(4), riscv::DATA_END - riscv::DATA_START,
                                  WRITE}}))
                    .has_value());
    // An entry may be anywhere; the first step traps there.
    EXPECT_TRUE(load_elf(elf(0xffff'ffff'ffff'ffff, {TEXT})).has_value());
}

TEST(Image, RefusesWhatIsNoProgramOfTheMachine) {
    expect_error(with(0, 0x7e), ImageError::magic);
    expect_error(with(3, 'G'), ImageError::magic);
    expect_error(with(4, 1), ImageError::file_class);
    expect_error(with(5, 2), ImageError::byte_order);
    expect_error(with(6, 0), ImageError::version);
    expect_error(with(20, 2), ImageError::version);
    expect_error(with(16, 3), ImageError::file_type);  // position-independent
    expect_error(with(16, 1), ImageError::file_type);  // an object
    expect_error(with(18, 62), ImageError::instruction_set);
    expect_error(with(48, 1), ImageError::flags);  // compressed instructions
    expect_error(with(48, 4), ImageError::flags);  // floating-point registers
    expect_error(with(52, 52), ImageError::header_size);
    expect_error(with(54, 32), ImageError::header_size);
    expect_error(with(56, 0), ImageError::no_segments);
    expect_error(with(64, 2), ImageError::needs_loader);
    expect_error(with(64, 3), ImageError::needs_loader);
}

TEST(Image, RefusesFilesThatEndEarly) {
    const Bytes file = valid();
    for (std::size_t size = 0; size < file.size(); ++size)
        expect_error(load_elf(ByteView(file).first(size)), ImageError::truncated);
    expect_error(with(39, 0x80), ImageError::truncated);          // program headers
    expect_error(with(57, 0xff), ImageError::truncated);          // too many of them
    expect_error(with(64 + 8 + 7, 0x80), ImageError::truncated);  // a segment
}

TEST(Image, RefusesSegmentsOutOfPlace) {
    const auto one = [](std::uint64_t address, std::uint64_t memory_bytes, std::uint32_t flags) {
        return load_elf(elf(0, {{address, {}, memory_bytes, flags}}));
    };
    expect_error(load_elf(elf(0, {{0x1000, Bytes(8), 7, EXECUTE}})), ImageError::segment_sizes);
    expect_error(one(riscv::CODE_END - 4, 5, EXECUTE), ImageError::code_out_of_range);
    expect_error(one(riscv::DATA_START, 4, EXECUTE), ImageError::code_out_of_range);
    expect_error(one(0x1000, 0xffff'ffff'ffff'ffff, EXECUTE), ImageError::code_out_of_range);
    expect_error(one(riscv::DATA_START - 1, 4, READ), ImageError::data_out_of_range);
    expect_error(one(0x1000, 4, READ | WRITE), ImageError::data_out_of_range);
    expect_error(one(riscv::DATA_END - 4, 5, READ), ImageError::data_out_of_range);
    expect_error(one(0xffff'ffff'ffff'f000, 0x2000, READ), ImageError::data_out_of_range);
}

TEST(Image, RefusesSegmentsThatOverlap) {
    const auto two = [](std::uint64_t a, std::uint64_t b) {
        return load_elf(elf(0, {{a, Bytes(8), 0x1000, READ}, {b, Bytes(8), 0x1000, READ}}));
    };
    EXPECT_TRUE(two(0x300000, 0x301000).has_value());
    EXPECT_TRUE(two(0x301000, 0x300000).has_value());
    expect_error(two(0x300000, 0x300fff), ImageError::overlap);
    expect_error(two(0x300fff, 0x300000), ImageError::overlap);
    expect_error(two(0x300000, 0x300000), ImageError::overlap);
}

TEST(Image, RefusesFilesThatLoadNothing) {
    expect_error(load_elf(elf(0, {{0x300000, {}, 0, READ}})), ImageError::no_segments);
    Bytes file = elf(0, {TEXT});
    file[64] = 4;  // a note
    expect_error(load_elf(file), ImageError::no_segments);
}

}  // namespace
}  // namespace mezz::node::prove
