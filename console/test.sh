#!/usr/bin/env bash
# Installs the pinned tools and checks the console: generated code, types, and dist being what the sources build to. The page itself is
# tested in a browser: tests/console.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
node tools/methods.mjs --check
node tools/selectors.mjs --check
node_modules/.bin/tsc --noEmit
node tools/build.mjs --check
