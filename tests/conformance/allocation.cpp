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
        const auto value = found ? parse_number(*found) : uint256{};
        if (!value) throw Malformed(std::string("account: ") + key + " is no number");
        return *value;
    };
    for (const auto [address_text, account] : members) {
        const auto address = fixed_from_hex<Address>(address_text);
        if (!address) throw Malformed("'" + std::string(address_text) + "' is no address");
        std::vector<std::pair<Bytes32, uint256>> storage;
        simdjson::dom::object slots;
        if (account["storage"].get(slots) == simdjson::SUCCESS) {
            for (const auto [key_text, value] : slots) {
                const auto key = number_of(key_text);
                const auto word = parse_u256(value);
                if (!key || !word)
                    throw Malformed("slot '" + std::string(key_text) + "' is malformed");
                storage.emplace_back(to_bytes32(*key), *word);
            }
        }
        Bytes code;
        if (!read(account, "code", code, parse_bytes)) throw Malformed("code is no hex");
        state.set(*address, number(account, "nonce").limb[0], number(account, "balance"),
                  std::move(code), storage);
    }
    return state;
}

}  // namespace mezz::conformance
