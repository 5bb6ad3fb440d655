// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What methods take and give, stated in one line beside each registration, and the OpenRPC
/// document made of these lines.
///
///     signature  = [fields] "->" type
///     fields     = name ["?"] ":" type {"," name ["?"] ":" type}        "?": may be left out
///     type       = part {"|" part}
///     part       = atom {"[]"}
///     atom       = Name | 'literal' | /pattern/ | "{" fields "}" | "map<" type ">" | "(" type ")"
///
/// Names are boolean, integer, number, string, null, any, or types of the table. Quantities are
/// strings of hex everywhere but where a type says integer.
///
/// spec: OpenRPC 1.3.2; JSON Schema draft 7.

#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace mezz::rpc {

/// Both are literals: the table keeps views.
struct MethodDoc {
    std::string_view signature;   ///< "address: Address, block?: BlockId -> Quantity"
    std::string_view summary;     ///< one sentence, units included
    bool takes_anything = false;  ///< what is refused whatever its parameters are
};

struct TypeDoc {
    std::string_view name;
    std::string_view type;
    std::string_view summary;
};

using MethodDocs = std::map<std::string, MethodDoc, std::less<>>;
using TypeDocs = std::map<std::string, TypeDoc, std::less<>>;

/// How many parameters a signature has, those that may be left out included.
[[nodiscard]] std::size_t parameter_count(std::string_view signature);

/// The types of eth_, debug_, txpool_, net_ and web3_.
std::span<const TypeDoc> ethereum_types();

/// The document: methods and types in the order of their names.
/// errors: a line that is no signature, or a name that is no type, and where.
std::expected<std::string, std::string> openrpc_document(const MethodDocs& methods,
                                                         const TypeDocs& types,
                                                         std::string_view version);

}  // namespace mezz::rpc
