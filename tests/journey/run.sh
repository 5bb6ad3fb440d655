#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the pinned clients and drives build/dev/app/mezz (or $MEZZ_BIN) with them; the journey proves its blocks
# with build/guest/stf.elf (or $MEZZ_GUEST_ELF).
#   run.sh [file.test.mjs ...]    MEZZ_KILLS: rounds of kill -9 (5)    MEZZ_REPLAY: requests of the replay (2000)
#   MEZZ_JOURNEY_JOBS: files at a time (2)    MEZZ_JOURNEY_TMP: where state and logs go
set -euo pipefail
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
[ $# -gt 0 ] || set -- journey.test.mjs prove.test.mjs clients.test.mjs hardhat.test.mjs flows.test.mjs replay.test.mjs reference.test.mjs config.test.mjs cli.test.mjs terminal.test.mjs l3.test.mjs dev_methods.test.mjs node.test.mjs settlement.test.mjs l1.test.mjs bad_input.test.mjs limits.test.mjs load.test.mjs operations.test.mjs faults.test.mjs fraud.test.mjs docs.test.mjs
# Two files at a time, each with networks of its own, which mostly wait for clocks; the reporter ends with the counts.
exec node --test --test-concurrency="${MEZZ_JOURNEY_JOBS:-2}" --test-reporter=spec "$@"
