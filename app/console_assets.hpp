// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The console's files (console/dist), embedded in the binary.

#include <string_view>

namespace mezz::app {

struct ConsoleAsset {
    std::string_view path;  ///< as asked for: "/assets/app-5F3B.js"
    std::string_view content_type;
    std::string_view etag;  ///< quoted; a hash of the bytes
    std::string_view bytes;
    /// Its name holds a hash of its content: it may be kept for ever.
    bool immutable = false;
};

/// The file at exactly this path; nullptr: there is none. No path reaches beyond the table.
const ConsoleAsset* find_console_asset(std::string_view path);

}  // namespace mezz::app
