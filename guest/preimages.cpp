// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "guest/preimages.hpp"

extern "C" long guest_ecall(long a0, long a1, long a2, long number);

namespace mezz::guest {
namespace {

constexpr long ecall_set_key = 1;
constexpr long ecall_read = 2;
constexpr std::size_t leaf_bytes = 32;

struct alignas(leaf_bytes) Leaf {
    std::uint8_t bytes[leaf_bytes];
};

void set_key(const Bytes32& key) {
    Leaf leaf;
    std::memcpy(leaf.bytes, key.bytes, leaf_bytes);
    guest_ecall(reinterpret_cast<long>(&leaf), 0, 0, ecall_set_key);
}

/// The next 32 bytes of the preimage. returns: its length.
std::size_t read_leaf(Leaf* to) {
    return static_cast<std::size_t>(guest_ecall(reinterpret_cast<long>(to), 0, 0, ecall_read));
}

}  // namespace

ByteView MachinePreimages::read(const stf::PreimageKey& key) {
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
    set_key(key);
    Leaf first;
    const std::size_t size = read_leaf(&first);
    const std::size_t leaves = (size + leaf_bytes - 1) / leaf_bytes;
    // Kept until the end. Blocks of the heap are aligned less than leaves are.
    auto* block = static_cast<std::uint8_t*>(operator new((leaves + 1) * leaf_bytes));
    block += -reinterpret_cast<std::uintptr_t>(block) & (leaf_bytes - 1);
    auto* to = reinterpret_cast<Leaf*>(block);
    if (leaves > 0) *to = first;
    for (std::size_t i = 1; i < leaves; ++i) read_leaf(to + i);
    return known_[key] = {block, size};
}

Bytes32 MachinePreimages::question() {
    return Bytes32::from(read(riscv::local_key(0)));
}

std::optional<ByteView> MachinePreimages::get(const Bytes32& hash) {
    return read(riscv::keccak256_key(hash));
}

std::optional<ByteView> MachinePreimages::blob(const Bytes32& versioned_hash) {
    return read(riscv::blob_key(versioned_hash));
}

void answer(const Bytes32& result) {
    set_key(result);
}

}  // namespace mezz::guest
