// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Says in the log what a node has achieved since it was asked last: batches landed, claims made,
/// disputes, blocks replaced. At level debug: the console shows them, a terminal does not.

#include <optional>

#include "app/rollup_service.hpp"

namespace mezz::app {

class Milestones {
public:
    void note(const RollupStatus& now);

private:
    std::optional<RollupStatus> last_;
};

}  // namespace mezz::app
