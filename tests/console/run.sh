#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the pinned packages and drives the console of build/dev/app/mezz (or $MEZZ_BIN) in Chromium.
#   run.sh [file.test.mjs ...]    MEZZ_CHROMIUM: the browser    MEZZ_CONSOLE_SHOTS: where screenshots go (build/console)
set -euo pipefail
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
(cd ../journey && npm ci --ignore-scripts --no-audit --no-fund)
[ $# -gt 0 ] || set -- console.test.mjs dispute.test.mjs server.test.mjs
exec node --test --test-concurrency=1 --test-reporter=spec "$@"
