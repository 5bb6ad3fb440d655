// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any log is a withdrawal or is none; what is taken from it lies in it.

#include "core/base/assert.hpp"
#include "core/spec/chain_spec.hpp"
#include "node/host/signing/abi.hpp"
#include "node/settle/withdrawer/withdrawer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    if (size == 0) return 0;
    Log log;
    log.address = predeploy::MESSAGE_PASSER;
    // The first byte says how many topics there are; the first of them is right.
    ByteView rest{data + 1, size - 1};
    for (std::size_t i = 0; i < data[0] % 6; ++i) {
        Bytes32 topic = node::abi::topic(
            "MessagePassed(uint256,address,address,uint256,uint256,bytes,bytes32)");
        if (i > 0 && rest.size() >= 32) {
            topic = Bytes32::from(rest);
            rest = rest.subspan(32);
        }
        log.topics.push_back(topic);
    }
    log.data = to_bytes(rest);
    const auto withdrawal = node::withdrawal_of(log);
    if (!withdrawal) return 0;
    ASSERT(log.topics.size() == 4);
    ASSERT(withdrawal->data.size() <= rest.size());
    ASSERT(node::hash(*withdrawal) == node::hash(*node::withdrawal_of(log)));
    log.address[0] ^= 1;
    ASSERT(!node::withdrawal_of(log));
    return 0;
}
