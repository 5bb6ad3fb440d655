// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/transaction_faults.hpp"

#include <optional>

#include "core/base/uint256.hpp"
#include "core/crypto/secp256k1.hpp"

namespace mezz::conformance {
namespace {

using Faults = std::set<std::string>;

struct Item {
    bool is_list = false;
    bool fits = false;            ///< its bytes are there.
    bool long_size = false;       ///< the size was written longer than needed.
    bool size_has_zeros = false;  ///< the size starts with a zero byte.
    ByteView payload;
};

/// Takes one item off `rest`, however badly it is written.
Item take(ByteView& rest) {
    Item out;
    if (rest.empty()) return out;
    const std::uint8_t first = rest[0];
    if (first < 0x80) {
        out.fits = true;
        out.payload = rest.first(1);
        rest = rest.subspan(1);
        return out;
    }
    out.is_list = first >= 0xc0;
    std::size_t head = 1;
    std::uint64_t size = first - (out.is_list ? 0xc0u : 0x80u);
    if (size > 55) {
        const std::size_t width = size - 55;
        if (rest.size() < 1 + width) return out;
        size = 0;
        for (std::size_t i = 0; i < width; ++i) size = size << 8 | rest[1 + i];
        out.size_has_zeros = rest[1] == 0;
        out.long_size = size < 56;
        head += width;
    }
    if (size > rest.size() - head) {
        rest = {};
        return out;
    }
    out.fits = true;
    out.payload = rest.subspan(head, size);
    if (!out.is_list && size == 1 && out.payload[0] < 0x80) out.long_size = true;
    rest = rest.subspan(head + size);
    return out;
}

struct Field {
    const char* name;      ///< in RLP_INVALID_<name>.
    const char* zeros;     ///< in RLP_LEADING_ZEROS_<zeros>; null: any bytes are fine.
    std::size_t most;      ///< bytes.
    const char* overflow;  ///< the fault of a longer value.
};
constexpr Field NONCE{"NONCE", "NONCE", 8, "NONCE_OVERFLOW"};
constexpr Field PRIORITY{"PRIORITY_FEE", "PRIORITY_FEE", 32, "PRIORITY_OVERFLOW"};
constexpr Field MAX_FEE{"BASEFEE", "BASEFEE", 32, "GASPRICE_OVERFLOW"};
constexpr Field GAS_PRICE{"GASPRICE", "GASPRICE", 32, "GASPRICE_OVERFLOW"};
constexpr Field GAS_LIMIT{"GASLIMIT", "GASLIMIT", 8, "GASLIMIT_OVERFLOW"};
constexpr Field VALUE{"VALUE", "VALUE", 32, "VALUE_OVERFLOW"};
constexpr Field DATA{"DATA", nullptr, ~std::size_t{0}, ""};
constexpr Field V{"SIGNATURE_V", "V", 8, "INVALID_SIGNATURE_VRS"};
constexpr Field R{"SIGNATURE_R", "R", 32, "INVALID_SIGNATURE_VRS"};
constexpr Field S{"SIGNATURE_S", "S", 32, "INVALID_SIGNATURE_VRS"};

void judge(const Item& item, const Field& field, Faults& out) {
    if (item.is_list) out.insert(std::string("RLP_INVALID_") + field.name);
    const std::string zeros = field.zeros != nullptr ? field.zeros : field.name;
    if (item.long_size || item.size_has_zeros) out.insert("RLP_LEADING_ZEROS_" + zeros + "_SIZE");
    if (field.zeros != nullptr && !item.payload.empty() && item.payload[0] == 0)
        out.insert("RLP_LEADING_ZEROS_" + zeros);
    if (item.payload.size() > field.most) out.insert(field.overflow);
}

void judge_to(const Item& item, Faults& out) {
    if (item.is_list) out.insert("RLP_INVALID_TO");
    if (item.payload.empty()) return;
    if (item.payload.size() < 20) out.insert("ADDRESS_TOO_SHORT");
    if (item.payload.size() > 20) out.insert("ADDRESS_TOO_LONG");
}

void judge_access_list(ByteView rest, Faults& out) {
    const auto length = [&](const Item& item, std::size_t right, const char* what) {
        const std::string name = std::string("RLP_INVALID_ACCESS_LIST_") + what;
        if (item.payload.size() < right) out.insert(name + "_TOO_SHORT");
        if (item.payload.size() > right) out.insert(name + "_TOO_LONG");
    };
    while (!rest.empty()) {
        ByteView entry = take(rest).payload;
        length(take(entry), 20, "ADDRESS");
        ByteView keys = take(entry).payload;
        while (!keys.empty()) length(take(keys), 32, "STORAGE");
    }
}

uint256 number(const Item& item) {
    return item.payload.size() > 32 ? ~uint256{} : from_be(item.payload);
}

void judge_signature(bool legacy, const Item& v, const Item& r, const Item& s, Revision rev,
                     Faults& out) {
    judge(v, V, out);
    judge(r, R, out);
    judge(s, S, out);
    const uint256 recovery = number(v);
    const bool plain =
        legacy ? recovery == uint256{27} || recovery == uint256{28} : recovery < uint256{2};
    const bool has_chain_id = legacy && (recovery == uint256{37} || recovery == uint256{38});
    if (!plain && !has_chain_id) {
        out.insert("INVALID_SIGNATURE_VRS");
        if (rev >= Revision::spurious_dragon) out.insert("INVALID_CHAINID");
    }
    for (const uint256& value : {number(r), number(s)})
        if (value.is_zero() || value >= crypto::SECP256K1_ORDER)
            out.insert("INVALID_SIGNATURE_VRS");
}

void judge_fields(unsigned type, std::span<const Item> items, Revision rev, Faults& out) {
    std::size_t i = type == 0 ? 0 : 1;  // typed ones start with the chain id
    judge(items[i++], NONCE, out);
    if (type >= 2) judge(items[i++], PRIORITY, out);
    judge(items[i++], type >= 2 ? MAX_FEE : GAS_PRICE, out);
    judge(items[i++], GAS_LIMIT, out);
    judge_to(items[i++], out);
    judge(items[i++], VALUE, out);
    judge(items[i++], DATA, out);
    if (type != 0) judge_access_list(items[i++].payload, out);
    judge_signature(type == 0, items[i], items[i + 1], items[i + 2], rev, out);
}

}  // namespace

std::set<std::string> transaction_faults(ByteView bytes, Revision rev) {
    Faults out;
    if (bytes.empty()) return {"RLP_ERROR_EOF"};
    unsigned type = 0;
    if (bytes[0] < 0xc0) {
        type = bytes[0];
        constexpr Revision SINCE[] = {Revision::berlin, Revision::london, Revision::cancun,
                                      Revision::prague};
        if (type == 0 || type > 4 || rev < SINCE[type - 1]) out.insert("TYPE_NOT_SUPPORTED");
        if (bytes[0] >= 0x80) {
            ByteView rest = bytes;
            if (!take(rest).fits) out.insert("RLP_ERROR_EOF");
            out.insert("RLP_INVALID_HEADER");
            return out;
        }
        bytes = bytes.subspan(1);
    }
    ByteView rest = bytes;
    const Item whole = take(rest);
    if (whole.size_has_zeros) out.insert("RLP_ERROR_SIZE_LEADING_ZEROS");
    if (!whole.fits || !rest.empty()) out.insert("RLP_ERROR_SIZE");
    std::vector<Item> items;
    for (ByteView payload = whole.payload; !payload.empty();) {
        items.push_back(take(payload));
        if (!items.back().fits) out.insert("RLP_ERROR_SIZE");
    }
    // Only the types of which there are malformed vectors have their fields judged.
    constexpr std::size_t FIELDS[] = {9, 11, 12};
    if (type > 2) return out;
    if (items.size() < FIELDS[type]) out.insert("RLP_TOO_FEW_ELEMENTS");
    if (items.size() > FIELDS[type]) out.insert("RLP_TOO_MANY_ELEMENTS");
    if (items.size() >= FIELDS[type]) judge_fields(type, items, rev, out);
    return out;
}

}  // namespace mezz::conformance
