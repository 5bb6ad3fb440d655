// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a load consists of, and when each request of it is due.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::app {

enum class LoadOperation : std::uint8_t {
    transfers,
    erc20,
    swaps,
    call,
    estimate_gas,
    balance,
    transaction_count,
    storage,
    block_number,
    block,
    logs,
    gas_price,
    fee_history,
    chain_id,
};

/// As --mix has it: "transfers", "eth_call", …
[[nodiscard]] std::string_view name_of(LoadOperation operation);
[[nodiscard]] constexpr bool is_transaction(LoadOperation o) {
    return o <= LoadOperation::swaps;
}
/// Whether the operation needs the token that the tool deploys.
[[nodiscard]] bool needs_token(LoadOperation operation);

struct MixPart {
    LoadOperation operation;
    std::uint64_t weight = 1;
    friend bool operator==(const MixPart&, const MixPart&) = default;
};
using Mix = std::vector<MixPart>;

/// "eth_call=40,eth_getBalance=40,transfers=20"; a name alone weighs 1.
/// errors: which part is wrong, why, and the names there are.
[[nodiscard]] std::expected<Mix, std::string> parse_mix(std::string_view text);

/// The operations of a mix in turn: of any run of requests each has its share, within one.
class MixTurns {
public:
    /// requires: `mix` is not empty.
    explicit MixTurns(Mix mix);
    LoadOperation next();

private:
    Mix mix_;
    std::vector<std::int64_t> credit_;
    std::int64_t total_ = 0;
};

/// When requests are due: the n-th n/rate seconds after the start, whatever happened to the others.
class LoadSchedule {
public:
    /// requires: rate > 0. units: requests a second.
    explicit LoadSchedule(std::uint64_t rate) : rate_(rate) {}
    /// units: microseconds after the start.
    [[nodiscard]] std::uint64_t due_us(std::uint64_t n) const {
        return n / rate_ * 1'000'000 + n % rate_ * 1'000'000 / rate_;
    }

private:
    std::uint64_t rate_;
};

}  // namespace mezz::app
