#!/usr/bin/env bash
# Mezzanine: one C++ stack for every execution layer.
# SPDX-License-Identifier: Apache-2.0
#
# Shows that each gate rejects what it is there for: tiny violating files in a temporary tree.
# usage: gates_test.sh CASE     (CTest runs one case a test)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

fail() { echo "gates_test: $*"; exit 1; }

# A tree with two modules of core and one stage, correct as it stands.
mkdir -p "$tree"/core/{base,types} "$tree"/node/{ports,parent} "$tree/tools"
cp -r "$root/cmake" "$root/layers.txt" "$tree"
cp "$root/core/ALLOWED_HEADERS" "$root/core/ALLOWED_SYMBOLS" "$tree/core"
cp "$root/tools/check_symbols.sh" "$tree/tools"
echo 'int base();' > "$tree/core/base/base.hpp"
printf '#include "core/base/base.hpp"\nint base() { return 1; }\n' > "$tree/core/base/base.cpp"
printf '#include "core/base/base.hpp"\n#include <vector>\nint types() { return base(); }\n' > "$tree/core/types/types.cpp"
echo 'int parent() { return 2; }' > "$tree/node/parent/parent.cpp"
cat > "$tree/CMakeLists.txt" <<'C'
cmake_minimum_required(VERSION 3.25)
project(gates LANGUAGES CXX)
add_library(mezz_flags INTERFACE)
set(MEZZ_PCH OFF)
include(cmake/pch.cmake)
include(cmake/layers.cmake)
mezz_module(core/base)
mezz_module(core/types DEPS core/base)
C

layers_accept() { "$root/tools/check_layers.py" "$tree" || fail "a correct tree is refused"; }
layers_reject() {  # <expected words>
  local out
  if out=$("$root/tools/check_layers.py" "$tree"); then fail "accepted"; fi
  grep -qF "$1" <<< "$out" || fail "refused for another reason: $out"
}
configure() { cmake -S "$tree" -B "$tree/build" -G Ninja > "$tree/out" 2>&1; }

# Compiles core/base/base.cpp as the guest does.
compile() {
  clang++-19 --target=riscv64-unknown-elf -march=rv64im -mabi=lp64 -mcmodel=medany -O2 -std=c++23 -ffunction-sections \
    -fdata-sections -fno-exceptions -fno-rtti -fno-threadsafe-statics -nostdinc++ -isystem "$tree/cmake/libcxx_site" \
    -isystem /usr/lib/llvm-19/include/c++/v1 -isystem /usr/lib/llvm-19/lib/clang/19/include \
    -isystem /usr/lib/picolibc/riscv64-unknown-elf/include -I"$tree" -c "$tree/core/base/base.cpp" -o "$tree/base.o" \
    > "$tree/out" 2>&1
}
symbols_reject() {  # <source> <expected words>
  echo "$1" > "$tree/core/base/base.cpp"
  compile || { cat "$tree/out"; fail "does not compile"; }
  local out
  if out=$("$tree/tools/check_symbols.sh" "$tree/base.o"); then fail "accepted"; fi
  grep -qF "$2" <<< "$out" || fail "refused for another reason: $out"
}

case ${1:?usage: gates_test.sh CASE} in
  correct_tree_passes)
    layers_accept
    configure || { cat "$tree/out"; fail "a correct tree does not configure"; }
    compile && "$tree/tools/check_symbols.sh" "$tree/base.o" || fail "a correct object is refused" ;;
  illegal_arrow)
    sed -i 's|mezz_module(core/base)|mezz_module(core/base DEPS core/types)|' "$tree/CMakeLists.txt"
    if configure; then fail "accepted"; fi
    tr '\n' ' ' < "$tree/out" | tr -s ' ' | grep -q 'core/base may not depend on core/types' ||
      { cat "$tree/out"; fail "refused for another reason"; } ;;
  illegal_include_upwards)
    echo '#include "core/types/types.hpp"' >> "$tree/core/base/base.cpp"
    layers_reject 'core/base/base.cpp:3: core/base may not include core/types' ;;
  illegal_include_of_node)
    echo '#include "node/ports/kv.hpp"' >> "$tree/core/types/types.cpp"
    layers_reject 'core/types may not include node/ports' ;;
  illegal_include_between_stages)
    echo '#include "node/publish/batcher/batcher.hpp"' >> "$tree/node/parent/parent.cpp"
    layers_reject 'node/parent may not include node/publish/batcher' ;;
  longest_row_decides)
    # node/host may see only ports and core; node/host/client may see node/host as well.
    mkdir -p "$tree"/node/host/client
    echo '#include "node/host/log.hpp"' > "$tree/node/host/client/client.cpp"
    layers_accept
    echo '#include "node/parent/parent.hpp"' >> "$tree/node/host/client/client.cpp"
    layers_reject 'node/host/client may not include node/parent' ;;
  mutex_in_core)
    echo '#include <mutex>' >> "$tree/core/base/base.hpp"
    layers_reject '<mutex> is not in core/ALLOWED_HEADERS'
    printf '#include <mutex>\nstd::mutex m;\nint base() { m.lock(); return 1; }\n' > "$tree/core/base/base.cpp"
    if compile; then fail "the guest compiles a mutex"; fi ;;
  mutex_in_a_test_of_core_is_allowed)
    echo '#include <mutex>' > "$tree/core/base/base_test.cpp"
    layers_accept ;;
  throw_in_core)
    echo 'int base() { throw 1; }' > "$tree/core/base/base.cpp"
    if compile; then fail "accepted"; fi
    grep -q "cannot use 'throw'" "$tree/out" || { cat "$tree/out"; fail "refused for another reason"; } ;;
  floating_point)
    symbols_reject 'double base(double a, double b) { return a * b; }' '__muldf3' ;;
  division_of_128_bits)
    symbols_reject 'unsigned __int128 base(unsigned __int128 a, unsigned __int128 b) { return a / b; }' '__udivti3' ;;
  printf)
    symbols_reject '#include <cstdio>
int base() { return std::printf("x"); }' 'printf' ;;
  mutable_global)
    symbols_reject 'int counter; int base() { return ++counter; }' 'counter' ;;
  initialised_mutable_global)
    symbols_reject 'int counter = 7; int base() { return ++counter; }' 'counter' ;;
  static_local)
    symbols_reject 'int base() { static int calls; return ++calls; }' 'calls' ;;
  thread_local)
    symbols_reject 'thread_local int mine; int base() { return ++mine; }' 'mine' ;;
  *) fail "no such case: $1" ;;
esac
