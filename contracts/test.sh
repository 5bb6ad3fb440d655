#!/usr/bin/env bash
# Installs the pinned tools and tests the contracts: artefacts up to date, unit, fuzz and invariant tests, gas figures.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
node tools/build_artefacts.mjs --check
# The binary itself: the wrapper package @foundry-rs/forge names platforms that were never published, and `npm ci`
# refuses any lock file of it.
forge=$(echo node_modules/@foundry-rs/forge-*/bin/forge)
"$forge" test --no-match-contract '^Gas'
# To accept new figures: run these with FORGE_SNAPSHOT_CHECK=false.
export FORGE_SNAPSHOT_CHECK="${FORGE_SNAPSHOT_CHECK:-true}"
"$forge" test --isolate --match-contract '^Gas(OfSteps|OfDisputes)?Test$'
"$forge" test --match-contract '^GasOfBlobsTest$'
