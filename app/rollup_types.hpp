// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "node/ingest/rpc/method_doc.hpp"

namespace mezz::app {

/// The types that signatures of mezz_ and optimism_ name.
std::span<const rpc::TypeDoc> rollup_types();

}  // namespace mezz::app
