// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/requests.hpp"

#include "core/crypto/sha256.hpp"

namespace mezz::exec {
namespace {

/// keccak256("DepositEvent(bytes,bytes,bytes,bytes,bytes)").
constexpr Bytes32 DEPOSIT_EVENT =
    hex<Bytes32>("0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5");

/// Five byte strings, ABI-encoded: pubkey, credentials, amount, signature, index.
struct Part {
    std::size_t offset;
    std::size_t bytes;
};
constexpr Part PARTS[] = {{160, 48}, {256, 32}, {320, 8}, {384, 96}, {512, 8}};
constexpr std::size_t EVENT_BYTES = 576;

/// returns: false when the event is not laid out as the deposit contract does.
bool append_deposit(Bytes& out, ByteView data) {
    if (data.size() != EVENT_BYTES) return false;
    std::size_t head = 0;
    for (const Part& part : PARTS) {
        if (load_be256(data.data() + head) != uint256{part.offset} ||
            load_be256(data.data() + part.offset) != uint256{part.bytes})
            return false;
        append(out, data.subspan(part.offset + 32, part.bytes));
        head += 32;
    }
    return true;
}

}  // namespace

std::expected<Bytes, BlockError> deposit_requests(const Address& deposit_contract,
                                                  std::span<const Receipt> receipts) {
    Bytes out;
    for (const Receipt& receipt : receipts)
        for (const Log& log : receipt.logs) {
            if (log.address != deposit_contract || log.topics.empty() ||
                log.topics[0] != DEPOSIT_EVENT)
                continue;
            if (!append_deposit(out, log.data))
                return std::unexpected(BlockError::INVALID_DEPOSIT_EVENT_LAYOUT);
        }
    return out;
}

Bytes32 requests_hash(std::span<const Requests> requests) {
    Bytes hashes;
    for (const Requests& r : requests) {
        if (r.data.empty()) continue;
        Bytes typed{r.type};
        append(typed, r.data);
        append(hashes, crypto::sha256(typed));
    }
    return crypto::sha256(hashes);
}

}  // namespace mezz::exec
