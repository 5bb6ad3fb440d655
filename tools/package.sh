#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# package.sh [FOLDER]: builds mezz and the guest and puts into FOLDER (build/package) a .deb, a tarball that needs nothing
# but the C library, their checksums and a Containerfile. Equal inputs give equal bytes.
#   MEZZ_BIN, MEZZ_GUEST_ELF: package these instead of building    SOURCE_DATE_EPOCH: seconds; else of the last commit
set -euo pipefail
# What the caller names is meant from where the caller is.
for name in MEZZ_BIN MEZZ_GUEST_ELF; do
  [ -z "${!name:-}" ] || declare "$name=$(realpath -m "${!name}")"
done
out=${1:+$(realpath -m "$1")}
cd "$(dirname "$0")/.."
out=${out:-$PWD/build/package}
export LC_ALL=C.UTF-8 TZ=UTC PYTHONDONTWRITEBYTECODE=1
umask 022

if [ -z "${MEZZ_BIN:-}" ]; then
  tools/build.sh release mezz
  MEZZ_BIN=build/release/app/mezz
fi
if [ -z "${MEZZ_GUEST_ELF:-}" ]; then
  tools/build.sh guest
  MEZZ_GUEST_ELF=build/guest/stf.elf
fi
for input in "$MEZZ_BIN" "$MEZZ_GUEST_ELF"; do
  [ -f "$input" ] || { echo "package.sh: $input: no such file" >&2; exit 1; }
done
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

version=$(sed -nE 's/^project\(mezzanine VERSION ([0-9.]+) .*/\1/p' CMakeLists.txt)
[ -n "$version" ] || { echo "package.sh: CMakeLists.txt: no version in project(mezzanine VERSION ...)" >&2; exit 1; }
for other in "$("$MEZZ_BIN" version | sed -n '1s/^mezz //p')" "$(sed -nE '1s/^mezz \((.*)\) .*/\1/p' packaging/debian/changelog)"; do
  [ "$other" = "$version" ] || {
    echo "package.sh: CMakeLists.txt says version $version, the binary or packaging/debian/changelog $other" >&2
    exit 1
  }
done
arch=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What both packages hold, as below /usr.
usr=$work/usr
install -D -m 755 "$MEZZ_BIN" "$usr/bin/mezz"
llvm-strip-19 --strip-all "$usr/bin/mezz"
# The image is what its program id names: it is not stripped.
install -D -m 644 "$MEZZ_GUEST_ELF" "$usr/lib/mezz/stf.elf"
install -m 755 packaging/healthcheck.sh "$usr/lib/mezz/healthcheck"
mkdir -p "$usr/share/man/man1"
python3 packaging/man_page.py "$MEZZ_BIN" "$version" "$(date -d "@$SOURCE_DATE_EPOCH" +%F)" | gzip -9n > "$usr/share/man/man1/mezz.1.gz"
for place in bash:bash-completion/completions/mezz zsh:zsh/vendor-completions/_mezz fish:fish/vendor_completions.d/mezz.fish; do
  file=$usr/share/${place#*:}
  mkdir -p "$(dirname "$file")"
  python3 packaging/completions.py "$MEZZ_BIN" "${place%%:*}" > "$file"
done
mkdir -p "$usr/share/doc/mezz"
install -m 644 README.md CAVEATS.md docs/how-to/install.md "$usr/share/doc/mezz/"

# same_time FOLDER: what is in it has the time of the sources.
same_time() { find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +; }

make_deb() {
  local root=$work/deb
  mkdir -p "$root/DEBIAN"
  cp -a "$usr" "$root/usr"
  install -D -m 644 packaging/mezz@.service "$root/lib/systemd/system/mezz@.service"
  install -D -m 644 packaging/verifier.env "$root/etc/mezz/verifier.env"
  install -m 644 packaging/debian/copyright "$root/usr/share/doc/mezz/copyright"
  gzip -9n < packaging/debian/changelog > "$root/usr/share/doc/mezz/changelog.gz"
  install -D -m 644 packaging/debian/lintian-overrides "$root/usr/share/lintian/overrides/mezz"

  # dpkg-shlibdeps wants the control file of a source package.
  local source=$work/source
  mkdir -p "$source/debian/mezz/DEBIAN" "$source/debian/mezz/usr/bin"
  cp "$usr/bin/mezz" "$source/debian/mezz/usr/bin/"
  printf 'Source: mezz\n\nPackage: mezz\nArchitecture: any\n' > "$source/debian/control"
  local depends
  depends=$(cd "$source" && dpkg-shlibdeps -O debian/mezz/usr/bin/mezz | sed -n 's/^shlibs:Depends=//p')
  [ -n "$depends" ] || { echo "package.sh: dpkg-shlibdeps names no dependency" >&2; exit 1; }
  # Sizes of files, not of disk blocks, which differ between file systems.
  local size
  size=$(find "$root/usr" "$root/lib" "$root/etc" -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
  sed -e "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@SIZE@/$size/; s/@DEPENDS@/$depends/" \
    packaging/debian/control.in > "$root/DEBIAN/control"
  echo /etc/mezz/verifier.env > "$root/DEBIAN/conffiles"
  (cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
  install -m 755 packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm "$root/DEBIAN/"
  same_time "$root"
  # One thread: the compressor's blocks depend on their number.
  dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$root" "$out/mezz_${version}_$arch.deb" >/dev/null
}

make_tarball() {
  local name=mezz-$version-linux-$arch
  local tree=$work/$name
  cp -a "$usr" "$tree"
  install -m 644 LICENSE "$tree/LICENSE"
  install -D -m 644 packaging/mezz@.service "$tree/share/doc/mezz/mezz@.service"
  install -m 644 packaging/verifier.env "$tree/share/doc/mezz/verifier.env"
  # The libraries that a bare system lacks, with their licences; those of glibc belong to the system.
  local library owner
  while read -r library; do
    case $(basename "$library") in libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | ld-linux*) continue ;; esac
    install -m 644 "$(readlink -f "$library")" "$tree/lib/mezz/$(basename "$library")"
    owner=$(dpkg -S "$(readlink -f "$library")" 2>/dev/null || dpkg -S "$library" 2>/dev/null || dpkg -S "/usr$library")
    owner=${owner%%:*}
    install -D -m 644 "/usr/share/doc/$owner/copyright" "$tree/share/doc/mezz/licences/$owner"
  done < <(ldd "$usr/bin/mezz" | sed -nE 's/.* => (\/[^ ]+) .*/\1/p' | sort)
  # RPATH, not RUNPATH: the libraries find each other by it too.
  patchelf --force-rpath --set-rpath '$ORIGIN/../lib/mezz' "$tree/bin/mezz"
  same_time "$tree"
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu --mtime="@$SOURCE_DATE_EPOCH" -cf - "$name" |
    gzip -9n > "$out/$name.tar.gz"
}

mkdir -p "$out"
rm -f "$out"/mezz_*.deb "$out"/mezz-*-linux-*.tar.gz "$out/Containerfile" "$out/SHA256SUMS"
make_deb
make_tarball
sed -e "s/@VERSION@/$version/g; s/@ARCH@/$arch/g" packaging/Containerfile > "$out/Containerfile"
(cd "$out" && sha256sum -- *.deb *.tar.gz Containerfile > SHA256SUMS && cat SHA256SUMS)
