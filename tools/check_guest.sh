#!/usr/bin/env bash
# Mezzanine: one C++ stack for every execution layer.
# SPDX-License-Identifier: Apache-2.0
#
# Checks the guest image: its bytes do not depend on where it was built, it holds only RV64IM
# instructions, core's symbols pass the gate, it is the one guest/program.json names, and it agrees
# with the native transition (when build/dev has the test).
# usage: tools/check_guest.sh [--pin]     --pin writes guest/program.json instead of comparing.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
pin=${1:-}
export CCACHE_DISABLE=1   # a cached object could hide a path in a new one
jobs=${JOBS:-$(nproc)}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

build() {  # <directory>: a copy of what the image is made of, built there
  mkdir -p "$1"
  (cd "$root" && tar -cf - CMakeLists.txt CMakePresets.json layers.txt cmake core guest) | tar -xf - -C "$1"
  (cd "$1" && cmake --preset guest && cmake --build --preset guest -- -j"$jobs") > "$1.log" 2>&1 ||
    { tail -30 "$1.log"; echo "check_guest: the build failed"; exit 1; }
}
build "$scratch/a"
build "$scratch/another/place"
elf=$scratch/a/build/guest/stf.elf
cmp "$elf" "$scratch/another/place/build/guest/stf.elf" ||
  { echo "check_guest: the image depends on the directory it is built in"; exit 1; }

# --mattr does not widen what the assembler accepts, so an instruction of another extension prints as <unknown>.
wrong=$(llvm-objdump-19 -d --no-show-raw-insn --mattr=+m "$elf" | awk '/^ *[0-9a-f]+:/ {print $2}' | sort | uniq -c |
  grep -vE ' (add|addi|addiw|addw|and|andi|auipc|beq|bge|bgeu|blt|bltu|bne|div|divu|divuw|divw|ecall|jal|jalr|lb|lbu|ld|lh|lhu|lui|lw|lwu|mul|mulh|mulhsu|mulhu|mulw|or|ori|rem|remu|remuw|remw|sb|sd|sh|sll|slli|slliw|sllw|slt|slti|sltiu|sltu|sra|srai|sraiw|sraw|srl|srli|srliw|srlw|sub|subw|sw|xor|xori|unimp|fence|ebreak|mv|li|j|jr|ret|call|tail|nop|not|neg|negw|sext.w|zext.b|seqz|snez|sltz|sgtz|beqz|bnez|blez|bgez|bltz|bgtz|bgt|ble|bgtu|bleu)$' || true)
[ -z "$wrong" ] || { echo "check_guest: instructions outside RV64IM:"; echo "$wrong"; exit 1; }

"$root/tools/check_symbols.sh" "$scratch"/a/build/guest/core/*.a

# Its names on the parent chain: hashes of the machine's first state, which the host computes.
namer=
for preset in dev release; do
  [ -n "$namer" ] || [ ! -x "$root/build/$preset/node/mezz-program" ] || namer=$root/build/$preset/node/mezz-program
done
if [ -z "$namer" ]; then
  (cd "$root" && cmake --preset release && cmake --build --preset release --target mezz-program -- -j"$jobs") > "$scratch/host.log" 2>&1 ||
    { tail -30 "$scratch/host.log"; echo "check_guest: building mezz-program failed"; exit 1; }
  namer=$root/build/release/node/mezz-program
fi
"$namer" "$elf" > "$scratch/program.json"
if [ "$pin" = --pin ]; then
  cp "$scratch/program.json" "$root/guest/program.json"
  echo "check_guest: pinned $(tr -d ' \n' < "$scratch/program.json")"
elif ! cmp -s "$scratch/program.json" "$root/guest/program.json"; then
  diff "$root/guest/program.json" "$scratch/program.json" || true
  echo "check_guest: the image is not the one guest/program.json names."
  echo "  Every proof names its program. If the change of core or guest is meant, run tools/check_guest.sh --pin,"
  echo "  commit guest/program.json with it, and say so in the commit: existing chains keep their program."
  exit 1
fi
test=$root/build/dev/tests/stf_test
if [ -x "$test" ]; then
  MEZZ_GUEST_ELF=$elf "$test" --gtest_filter='Guest*' --gtest_brief=1
else
  echo "check_guest: not run against the native transition: build/dev/tests/stf_test is missing"
fi
echo "check_guest: ok, $(stat -c %s "$elf") bytes"
