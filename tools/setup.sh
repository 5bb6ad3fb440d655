#!/usr/bin/env bash
# Installs the Debian packages that are missing. `run` needs those of the build, `package` those of the guest
# and the packages too, `test` all. With nothing missing it does nothing.
set -euo pipefail
build=(clang-19 lld-19 llvm-19 cmake ninja-build ccache pkg-config python3 liblmdb-dev libboost1.81-dev libsecp256k1-dev
  libzstd-dev nettle-dev libsimdjson-dev libcli11-dev libtomlplusplus-dev libspdlog-dev prometheus-cpp-dev zlib1g-dev
  # CMake looks for these when it configures, whatever is built then.
  libgtest-dev libgmock-dev libyaml-cpp-dev nlohmann-json3-dev)
package=(libc++-19-dev gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf git dpkg-dev patchelf)
test=(clang-format-19 clang-tidy-19 libclang-rt-19-dev qemu-user libvalijson-dev libbenchmark-dev chromium
  lintian man-db systemd zsh fish)
wanted=("${build[@]}")
[ "${1:-test}" = run ] || wanted+=("${package[@]}")
if [ "${1:-test}" = test ]; then
  wanted+=("${test[@]}")
  command -v npm >/dev/null || wanted+=(nodejs npm)
fi
missing=()
for name in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "Installing ${missing[*]}"
root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "Run as root, or install sudo: packages are missing: ${missing[*]}" >&2; exit 1; }
  root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${root[@]}" apt-get update -qq
"${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
