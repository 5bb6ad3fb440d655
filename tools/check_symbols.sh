#!/usr/bin/env bash
# Mezzanine: one C++ stack for every execution layer.
# SPDX-License-Identifier: Apache-2.0
#
# The link gate of core: what the given archives or objects leave undefined together must be in
# core/ALLOWED_SYMBOLS (floating point, 128-bit division, printf, exceptions and locks are not), and
# no object may have a variable that can be written or belongs to a thread.
# usage: tools/check_symbols.sh build/guest/core/*.a
set -euo pipefail
list=$(dirname "$0")/../core/ALLOWED_SYMBOLS
[ $# -gt 0 ] || { echo "check_symbols: no archives given; build the guest preset first"; exit 2; }
nm=$(command -v llvm-nm-19 || command -v llvm-nm || command -v nm)
readelf=$(command -v llvm-readelf-19 || command -v llvm-readelf || command -v readelf)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$nm" -u "$@" | awk 'NF >= 2 && $(NF-1) ~ /^[Uw]$/ {print $NF}' | LC_ALL=C sort -u > "$scratch/wanted"
"$nm" --defined-only "$@" | awk 'NF == 3 {print $3}' | cat - "$list" | LC_ALL=C sort -u > "$scratch/there"
bad=0
while read -r symbol; do
  echo "check_symbols: undefined, and not in core/ALLOWED_SYMBOLS: $symbol ($(c++filt "$symbol"))"
  bad=1
done < <(LC_ALL=C comm -23 "$scratch/wanted" "$scratch/there")
# Sections that are allocated and writable (WA) hold variables, whatever their symbols look like.
sections=$("$readelf" -SW "$@" | sed -n 's/^ *\[ *[0-9]*\] //p' |
  awk '$1 ~ /^\./ { size = $5; flags = $7; if (flags ~ /W/ && flags ~ /A/ && size !~ /^0+$/) print $1 }' | sort -u | tr '\n' ' ')
if [ -n "$sections" ]; then
  echo "check_symbols: writable or thread-local globals in $sections:"
  "$nm" -C --defined-only "$@" | awk '$2 ~ /^[dDbBsSgG]$/ {print "  " $3}' | sort -u
  bad=1
fi
exit $bad
