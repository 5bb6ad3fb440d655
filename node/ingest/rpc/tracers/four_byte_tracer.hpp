// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Which functions a transaction calls, by selector and size of their arguments: geth's
/// 4byteTracer.

#include <map>
#include <string>

#include "core/vm/evm/evm.hpp"

namespace mezz::trace {

class FourByteTracer final : public evm::Observer {
public:
    /// `revision` says which addresses are precompiles: calls of those do not count.
    explicit FourByteTracer(Revision revision) : revision_(revision) {}

    void on_step(const Step& step) override;
    void on_enter(const evm::Message& message, const Address& create_address) override;

    /// "0x<selector>-<bytes of arguments>" to the number of calls.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const noexcept {
        return counts_;
    }

private:
    Revision revision_;
    Address target_;  ///< what the latest call instruction named.
    std::map<std::string, std::uint64_t> counts_;
};

}  // namespace mezz::trace
