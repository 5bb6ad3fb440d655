// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "guest/runtime.hpp"

#include <bit>
#include <cstdlib>
#include <new>

#include "core/base/assert.hpp"

namespace {

constexpr long ecall_exit = 93;

}  // namespace

extern "C" {
extern char guest_heap_start[];
extern char guest_heap_end[];
long guest_ecall(long a0, long a1, long a2, long number);

[[noreturn]] void guest_exit(int code) {
    for (;;) guest_ecall(code, 0, 0, ecall_exit);
}
void abort() {
    guest_exit(mezz::guest::exit_bug);
}
[[noreturn]] void __cxa_pure_virtual() {
    guest_exit(mezz::guest::exit_bug);
}
}

namespace mezz {
void assert_failed(const char*, const char*, int) noexcept {
    guest_exit(guest::exit_bug);
}
}  // namespace mezz

// The one function of libc++ that its headers leave undefined here.
_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char*, ...) {
    guest_exit(mezz::guest::exit_bug);
}
_LIBCPP_END_NAMESPACE_STD

namespace {

// Memory is carved off one end of the heap and never returned to it; freed blocks wait in a list of
// their size class, a power of two. Sized delete names the class, so single objects need no header;
// arrays are deleted without their size, so one stands before them. A frame of the EVM frees its
// stack that way, and a block makes any number of frames.
char* heap_next = guest_heap_start;

struct FreeBlock {
    FreeBlock* next;
};
constexpr unsigned smallest_class = 4;  // 16 bytes, the alignment of every block
FreeBlock* free_blocks[64];
constexpr std::size_t array_header_bytes = 16;  // keeps what follows aligned

unsigned class_of(std::size_t size) noexcept {
    return size <= 16 ? smallest_class
                      : static_cast<unsigned>(64 - std::countl_zero(std::uint64_t{size} - 1));
}

void* allocate(std::size_t size) noexcept {
    const unsigned c = class_of(size);
    if (c > 40) guest_exit(mezz::guest::exit_out_of_memory);
    if (FreeBlock* block = free_blocks[c]) {
        free_blocks[c] = block->next;
        return block;
    }
    const std::size_t bytes = std::size_t{1} << c;
    if (bytes > static_cast<std::size_t>(guest_heap_end - heap_next))
        guest_exit(mezz::guest::exit_out_of_memory);
    char* out = heap_next;
    heap_next += bytes;
    return out;
}

void release(void* p, std::size_t size) noexcept {
    if (p == nullptr) return;
    const unsigned c = class_of(size);
    auto* block = static_cast<FreeBlock*>(p);
    block->next = free_blocks[c];
    free_blocks[c] = block;
}

}  // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    if (size > std::size_t{1} << 40) guest_exit(mezz::guest::exit_out_of_memory);
    auto* header = static_cast<std::size_t*>(allocate(size + array_header_bytes));
    *header = size + array_header_bytes;
    return header + array_header_bytes / sizeof(std::size_t);
}
void operator delete(void* p, std::size_t size) noexcept {
    release(p, size);
}
void operator delete[](void* p) noexcept {
    if (p == nullptr) return;
    auto* header = static_cast<std::size_t*>(p) - array_header_bytes / sizeof(std::size_t);
    release(header, *header);
}
void operator delete[](void* p, std::size_t) noexcept {
    operator delete[](p);
}
