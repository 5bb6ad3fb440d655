// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/publish/batcher/inbox_errors.hpp"

#include <string>
#include <vector>

#include "core/codec/hex.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

struct Known {
    std::string_view signature;
    std::string_view remedy;
};
constexpr Known errors[] = {
    {"NotBatcher()", "SystemConfig names another batcher; use its key or let the owner change it"},
    {"CallerHasCode()", "the batcher's account has code; use a plain account"},
    {"WrongIndex(uint64,uint64)", "another entry came first; the batch is made again"},
    {"OriginMismatch(uint64,bytes32)", "the origin is too old or was reorganised away"},
    {"OriginBackwards(uint64,uint64)", "the origin lies before that of the entry before"},
    {"CursorOutOfRange(uint64,uint64,uint64)",
     "the deposit queue differs from what the blocks consumed; waiting for the sequencer"},
    {"TooManyQueueItems(uint64,uint64)",
     "the blocks of one entry consume more of the deposit queue than an entry may; report this"},
    {"OverdueForcedTransaction(uint64)",
     "a queued transaction is overdue and the blocks leave it out; the sequencer must include it, "
     "or anybody may force it with `mezz force-include`"},
    {"BlobCountMismatch()", "openings and blobs do not match; report this"},
    {"InvalidOpening(uint256)", "an opening is wrong; report this"},
};

std::string_view name_of(std::string_view signature) {
    return signature.substr(0, signature.find('('));
}

}  // namespace

std::string_view inbox_error_name(std::string_view message) {
    for (const auto& error : errors) {
        std::vector<char> digits;
        append_hex(digits, abi::selector(error.signature));
        const std::string selector = "0x" + std::string(digits.begin(), digits.end());
        if (message.find(selector) != std::string_view::npos ||
            message.find(name_of(error.signature)) != std::string_view::npos)
            return name_of(error.signature);
    }
    return {};
}

std::string_view inbox_error_remedy(std::string_view name) {
    for (const auto& error : errors)
        if (name_of(error.signature) == name) return error.remedy;
    return "check the inbox address and that its contracts are these";
}

}  // namespace mezz::node
