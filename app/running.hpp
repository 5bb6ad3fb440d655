// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a service's process does once it runs: says where it stands, until somebody stops it.

#include "app/rollup_service.hpp"

namespace mezz::app {

/// From now on SIGINT and SIGTERM end run_until_stopped, early ones too.
void stop_on_signals();
/// Waits for a signal, printing what changes. returns: the exit code.
int run_until_stopped(RollupService& service, bool json);

}  // namespace mezz::app
