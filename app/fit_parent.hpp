// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What nobody said of a new chain is chosen to fit a parent that is not ours.

#include "app/create_rollup.hpp"
#include "app/dev.hpp"

namespace mezz::app {

/// Changes options and notes it in their settings. errors: fatal, for what somebody said and what
/// cannot work there.
node::Result<void> fit_parent(DevOptions& options, const ParentFloor& floor);

}  // namespace mezz::app
