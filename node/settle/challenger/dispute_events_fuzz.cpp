// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Whatever a parent says about proposals and disputes, nothing breaks: extra data of a game, and
/// events with any topics and data.

#include "node/host/signing/abi.hpp"
#include "node/settle/challenger/dispute_book.hpp"
#include "node/settle/challenger/proposals.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    ByteView rest(data, size);
    if (const auto proposal = node::decode_extra_data(rest))
        if (proposal->first_block() > proposal->last_block) __builtin_trap();
    static const Bytes32 kinds[] = {
        node::abi::topic("DisputeOpened(bytes32,bytes32,uint64,bytes32)"),
        node::abi::topic("ProposalLinked(bytes32,address,uint256,bytes32)"),
        node::abi::topic("ProposalSettled(bytes32,address,uint256,bool)"),
        node::abi::topic("EdgeAdded(bytes32,bytes32,uint8,uint8)"),
        node::abi::topic("EdgeOpened(bytes32,bytes32,bytes32[])"),
        node::abi::topic("RootAdded(bytes32,bytes32,bytes32,address)"),
        node::abi::topic("RootConfirmed(bytes32,bytes32,bytes32)"),
        node::abi::topic("StartProven(bytes32,bytes32,bytes32)"),
        node::abi::topic("StepProven(bytes32,bytes32)"),
    };
    node::DisputeBook book;
    while (rest.size() > 4) {
        Log log;
        log.topics.push_back(kinds[rest[0] % std::size(kinds)]);
        for (int i = 0; i < rest[1] % 4; ++i) {
            Bytes32 topic;
            topic[31] = rest[2] % 8;
            log.topics.push_back(topic);
        }
        const std::size_t bytes = std::min<std::size_t>(rest[3], rest.size() - 4);
        log.data = to_bytes(rest.subspan(4, bytes));
        rest = rest.subspan(4 + bytes);
        book.take(log);
    }
    std::size_t found = 0;
    for (const auto& [id, dispute] : book.disputes())
        found += book.place(id).nodes.size() + dispute.links.size();
    return found == ~std::size_t{0} ? 1 : 0;
}
