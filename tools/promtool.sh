#!/usr/bin/env bash
# Prints the path of promtool: the installed one, or that of Debian's package, unpacked under build/ and not installed,
# since the package would also start a server.
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v promtool; then exit 0; fi
to="$PWD/build/promtool"
if [ ! -x "$to/usr/bin/promtool" ]; then
  mkdir -p "$to"
  (cd "$to" && apt-get download -qq prometheus >/dev/null && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb) >&2
fi
echo "$to/usr/bin/promtool"
