// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/allocation.hpp"

#include "core/codec/hex.hpp"

namespace mezz::conformance {

MemoryView parse_allocation(simdjson::dom::element accounts) {
    MemoryView state;
    simdjson::dom::object members;
    if (accounts.get(members) != simdjson::SUCCESS) return state;
    const auto number = [](simdjson::dom::element account, const char* key) {
        const auto found = field(account, key);
        return found ? parse_number(*found).value_or(uint256{}) : uint256{};
    };
    for (const auto [address_text, account] : members) {
        const auto address = fixed_from_hex<Address>(address_text);
        if (!address) continue;
        std::vector<std::pair<Bytes32, uint256>> storage;
        simdjson::dom::object slots;
        if (account["storage"].get(slots) == simdjson::SUCCESS) {
            for (const auto [key_text, value] : slots) {
                std::string key(key_text.substr(2));
                key.insert(0, 64 - key.size(), '0');
                storage.emplace_back(*fixed_from_hex<Bytes32>(key),
                                     parse_u256(value).value_or(uint256{}));
            }
        }
        const auto code = field(account, "code");
        state.set(*address, number(account, "nonce").limb[0], number(account, "balance"),
                  code ? parse_bytes(*code).value_or(Bytes{}) : Bytes{}, storage);
    }
    return state;
}

}  // namespace mezz::conformance
