// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What services take besides: threads, files, JSON.

#include <simdjson.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <sstream>
#include <system_error>
#include <thread>

#include "cmake/pch/standard.hpp"
