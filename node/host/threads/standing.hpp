// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How a thread stands to others that want the same processor. Linux keeps all of it by
/// thread; threads made by it inherit it. None of it takes a privilege, and where the kernel
/// knows it not or refuses, the thread is merely less polite or less prompt.

namespace mezz::host {

/// Stands back behind threads of a lower niceness. `niceness`: 0 to 19, as of nice(1).
void stand_back(int niceness);
/// The same for another thread of the process. `id`: as of gettid(2).
void stand_back(int niceness, int id);

/// For a thread that works briefly and often: it is let in soon, and asked to leave as soon.
/// From Linux 6.12 on.
void take_short_turns();

}  // namespace mezz::host
