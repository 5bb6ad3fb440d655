// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Transactions of every type the stack speaks: 0-4 and the rollup deposit 0x7e.
///
/// One plain struct holds the union of all fields; `type` says which of them mean something.
/// Decoding is strict: a decoded transaction encodes back to the same bytes.
/// spec: EIP-155, EIP-2718, EIP-2930, EIP-1559, EIP-4844, EIP-7702; deposits: OP Stack specs,
/// "Deposits", "The Deposited Transaction Type".

#include <expected>
#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"
#include "core/codec/rlp.hpp"

namespace mezz {

enum class TxType : std::uint8_t {
    legacy = 0,
    access_list = 1,
    dynamic_fee = 2,
    blob = 3,
    set_code = 4,
    deposit = 0x7e,
};

struct AccessEntry {
    Address address;
    std::vector<Bytes32> storage_keys;
    friend bool operator==(const AccessEntry&, const AccessEntry&) = default;
};

/// spec: EIP-7702, "Set code transaction".
struct Authorization {
    uint256 chain_id;
    Address address;
    std::uint64_t nonce = 0;
    std::uint64_t y_parity = 0;
    uint256 r;
    uint256 s;
    friend bool operator==(const Authorization&, const Authorization&) = default;
};

struct Transaction {
    TxType type = TxType::legacy;
    /// None only for legacy transactions signed before EIP-155, and for deposits.
    std::optional<std::uint64_t> chain_id;
    std::uint64_t nonce = 0;
    /// units: wei a gas. A gasPrice (types 0 and 1) sets both.
    uint256 max_priority_fee_per_gas;
    uint256 max_fee_per_gas;
    std::uint64_t gas_limit = 0;
    std::optional<Address> to;
    uint256 value;
    Bytes data;
    std::vector<AccessEntry> access_list;
    uint256 max_fee_per_blob_gas;
    std::vector<Bytes32> blob_hashes;
    std::vector<Authorization> authorizations;
    bool odd_y = false;
    uint256 r;
    uint256 s;

    // Deposits only.
    Bytes32 source_hash;
    Address from;
    uint256 mint;
    bool is_system = false;

    friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// Appends the canonical (EIP-2718) encoding: the form that is hashed and put into blocks.
void encode(Bytes& out, const Transaction& txn);
Bytes encode(const Transaction& txn);

enum class TxDecodeError : std::uint8_t {
    empty,            ///< no bytes
    unknown_type,     ///< a type byte this stack does not know
    malformed_rlp,    ///< not the canonical RLP of that type
    bad_signature_v,  ///< v or yParity out of range
};

/// Decodes the canonical encoding; exactly all bytes are used.
std::expected<Transaction, TxDecodeError> decode_transaction(ByteView bytes);

/// keccak256 of the canonical encoding.
Bytes32 hash(const Transaction& txn);
/// The hash the sender signed. requires: not a deposit.
Bytes32 signing_hash(const Transaction& txn);
/// The hash an EIP-7702 authority signed: keccak(0x05 || rlp([chain_id, address, nonce])).
Bytes32 signing_hash(const Authorization& authorization);

/// Recovers the sender with core's portable curve code; a deposit carries it.
/// returns: none when the signature is invalid or s is above half the group order (EIP-2).
std::optional<Address> recover_sender(const Transaction& txn);

/// The address a CREATE at this nonce makes. spec: Yellow Paper §7 (83).
Address create_address(const Address& sender, std::uint64_t nonce);

}  // namespace mezz
