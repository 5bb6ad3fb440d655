// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/console_assets.hpp"

#include "app/embedded.hpp"

namespace mezz::app {
namespace {

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
// Made by cmake/console.cmake: an array of bytes for each file, and the table `assets`.
#include "app/console_assets.inc"
#pragma clang diagnostic pop

}  // namespace

const ConsoleAsset* find_console_asset(std::string_view path) {
    for (const auto& asset : assets)
        if (asset.path == path) return &asset;
    return nullptr;
}

}  // namespace mezz::app
