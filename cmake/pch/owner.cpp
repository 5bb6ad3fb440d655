// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

// Empty: a precompiled header belongs to a target with a source.
