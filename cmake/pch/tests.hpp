// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What tests take besides.

#include <gtest/gtest.h>

#include "cmake/pch/hosted.hpp"
