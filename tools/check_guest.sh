#!/usr/bin/env bash
# Mezzanine: one C++ stack for every execution layer.
# SPDX-License-Identifier: Apache-2.0
#
# Checks the guest image: its bytes do not depend on where it was built, it holds only RV64IM
# instructions, core's symbols pass the gate, it is the one guest/program_id names, and it agrees
# with the native transition (when build/dev has the test).
# usage: tools/check_guest.sh [--pin]     --pin writes guest/program_id instead of comparing.
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

id=0x$(sha256sum "$elf" | cut -d" " -f1)
if [ "$pin" = --pin ]; then
  echo "$id" > "$root/guest/program_id"
  echo "check_guest: pinned $id"
elif [ "$id" != "$(cat "$root/guest/program_id")" ]; then
  echo "check_guest: the image is $id, but guest/program_id says $(cat "$root/guest/program_id")."
  echo "  Every proof names its program. If the change of core or guest is meant, run tools/check_guest.sh --pin,"
  echo "  commit guest/program_id with it, and say so in the commit: existing chains keep their program."
  exit 1
fi
test=$root/build/dev/tests/stf_test
if [ -x "$test" ] && command -v qemu-riscv64 > /dev/null; then
  MEZZ_GUEST_ELF=$elf "$test" --gtest_filter='Guest*' --gtest_brief=1
else
  echo "check_guest: not run against the native transition: build/dev/tests/stf_test or qemu-riscv64 is missing"
fi
echo "check_guest: ok, program $id, $(stat -c %s "$elf") bytes"
