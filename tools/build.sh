#!/usr/bin/env bash
# build.sh PRESET [TARGET...]: configures once, then builds.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >/dev/null
ninja -C "build/$preset" --quiet "$@"
