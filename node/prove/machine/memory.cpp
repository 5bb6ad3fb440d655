// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/memory.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/base/assert.hpp"

namespace mezz::node::prove {
namespace {

alignas(64) constexpr std::uint8_t ZERO_PAGE[PAGE_BYTES]{};

/// Zeros that the system hands out when they are first touched: most pages of a memory never are.
template <class T>
T* zero_table() {
    auto* const table = static_cast<T*>(std::calloc(PAGES, sizeof(T)));
    ASSERT(table != nullptr);
    return table;
}

std::uint32_t page_of(std::uint64_t address) noexcept {
    return static_cast<std::uint32_t>(address >> PAGE_BITS);
}

}  // namespace

void Memory::Free::operator()(void* p) const noexcept {
    std::free(p);
}

Memory::Memory(const MemoryTree& content)
    : reads_(zero_table<const std::uint8_t*>()), writes_(zero_table<std::uint8_t*>()) {
    restore(content);
}

const std::uint8_t* Memory::readable(std::uint64_t address) noexcept {
    const std::uint8_t*& page = reads_[page_of(address)];
    if (page == nullptr) page = ZERO_PAGE;
    return page + address % PAGE_BYTES;
}

std::uint8_t* Memory::writable(std::uint64_t address) {
    const std::uint32_t index = page_of(address);
    if (writes_[index] == nullptr) {
        auto copy = std::make_shared<Page>();
        if (reads_[index] != nullptr) std::memcpy(copy->bytes, reads_[index], PAGE_BYTES);
        reads_[index] = writes_[index] = copy->bytes;
        written_.push_back({index, std::move(copy)});
    }
    return writes_[index] + address % PAGE_BYTES;
}

const MemoryTree& Memory::commit() {
    Unhashed unhashed;
    commit(unhashed);
    unhashed.hash();
    return committed_;
}

const MemoryTree& Memory::commit(Unhashed& unhashed) {
    for (const auto& change : written_) writes_[change.page] = nullptr;
    std::ranges::sort(written_, {}, &MemoryTree::Change::page);
    committed_ = committed_.with(written_, unhashed);
    written_.clear();
    return committed_;
}

void Memory::restore(const MemoryTree& version) {
    for (const auto& change : written_) {
        const Page* const before = committed_.page(change.page);
        reads_[change.page] = before != nullptr ? before->bytes : nullptr;
        writes_[change.page] = nullptr;
    }
    written_.clear();
    committed_.differences(version, [this](std::uint32_t index, Page*, Page* now) {
        reads_[index] = now != nullptr ? now->bytes : nullptr;
    });
    committed_ = version;
}

MemoryTree memory_of(std::span<const std::pair<std::uint64_t, ByteView>> bytes_by_address) {
    Memory memory{MemoryTree{}};
    for (const auto& [address, bytes] : bytes_by_address)
        for (std::size_t i = 0; i < bytes.size(); ++i) memory.store(address + i, 1, bytes[i]);
    return memory.commit();
}

}  // namespace mezz::node::prove
