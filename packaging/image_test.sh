#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image_test.sh [PACKAGES]: builds the image of PACKAGES (build/package) on a bare Debian 12 and runs a chain in it; then
# runs the tarball on the same bare Debian. Needs root, buildah, mmdebstrap and a Debian mirror.
#   MEZZ_BASE_TAR: a root of Debian 12 to use instead of making one
set -euo pipefail
packages=$(realpath "${1:-$(dirname "$0")/../build/package}")
for tool in buildah mmdebstrap; do
  command -v "$tool" >/dev/null || { echo "image_test.sh: $tool is not installed" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# No user namespaces or overlays, so that it also runs inside a container.
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
images() { buildah --root "$work/storage" --runroot "$work/run" "$@"; }
inside() { timeout 120 buildah --root "$work/storage" --runroot "$work/run" run "$@"; }

base=${MEZZ_BASE_TAR:-$work/base.tar}
[ -f "$base" ] || mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$base"
container=$(images from scratch)
images add --quiet "$container" "$base" / >/dev/null
images commit --quiet "$container" docker.io/library/debian:12-slim >/dev/null
images bud --quiet --pull-never --format docker -t mezz "$packages" >/dev/null
echo "ok      the image builds"

container=$(images from --pull-never localhost/mezz)
[ "$(inside "$container" -- id -u)" = 10001 ]
echo "ok      it runs without root"
inside "$container" -- bash -euc '
  cd
  /usr/bin/mezz dev --ephemeral --proof fraud --parent-port 0 --port 0 --metrics-port 0 --console-port 0 --json > /tmp/out 2> /tmp/err &
  for i in $(seq 300); do grep -q "\"ready\"" /tmp/out && break; sleep 0.2; done
  port=$(sed -nE "s/.*\"chain\":\"http:..127.0.0.1:([0-9]+)\".*/\1/p" /tmp/out)
  [ -n "$port" ] || { cat /tmp/out /tmp/err; exit 1; }
  /usr/lib/mezz/healthcheck "$port"
  kill -TERM $!
  wait $!'
echo "ok      a chain runs in it and the health check passes"

container=$(images from --pull-never docker.io/library/debian:12-slim)
images copy --quiet "$container" "$packages"/mezz-*-linux-*.tar.gz /tmp/ >/dev/null
inside "$container" -- bash -euc 'cd /tmp; tar xzf mezz-*.tar.gz; mezz-*/bin/mezz version | grep -q "^program id 0x"'
echo "ok      the tarball runs on a bare Debian"
