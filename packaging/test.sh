#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the packages twice, compares them, installs them into folders and runs what they hold. Ends with the count.
#   MEZZ_BIN, MEZZ_GUEST_ELF: package these instead of building
set -uo pipefail
cd "$(dirname "$0")/.."
export PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# check NAME COMMAND...: passes if the command does; else what it wrote is shown.
check() {
  local name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "FAILED  $name"
    tail -40 "$work/log" | sed 's/^/        /'
  fi
}
# refuses NAME TEXT COMMAND...: passes if the command fails and says TEXT.
refuses() {
  local name=$1 text=$2
  shift 2
  check "$name" bash -c '! "${@:2}" >"$0" 2>&1 && { cat "$0"; grep -qF -- "$1" "$0"; }' "$work/refused" "$text" "$@"
}

if ! tools/package.sh "$work/first" >"$work/log" 2>&1; then
  cat "$work/log"
  echo "FAILED  tools/package.sh"
  echo "0 passed, 1 failed"
  exit 1
fi
deb=$(echo "$work"/first/mezz_*.deb)
tarball=$(echo "$work"/first/mezz-*.tar.gz)
tree=$work/deb
dpkg-deb -x "$deb" "$tree"
mezz=$tree/usr/bin/mezz
share=$tree/usr/share

# ------------------------------------------------------------------------------------------------- reproducible

# Other times, masks, languages and folders of the build must not show.
again() {
  cp "${MEZZ_BIN:-build/release/app/mezz}" "$work/mezz-copy" && cp "${MEZZ_GUEST_ELF:-build/guest/stf.elf}" "$work/stf-copy" || return 1
  (umask 077 && sleep 1.1 && cd / && TZ=Asia/Tokyo LC_ALL=C HOME=/nonexistent MEZZ_BIN=$work/mezz-copy MEZZ_GUEST_ELF=$work/stf-copy \
    "$OLDPWD/tools/package.sh" "$work/second")
}
check "packages are made again" again
check "the same bytes in two runs" diff -r "$work/first" "$work/second"
check "SHA256SUMS fits" bash -c 'cd "$1" && sha256sum --strict -c SHA256SUMS' - "$work/first"
check "another commit's time gives other bytes" bash -c 'SOURCE_DATE_EPOCH=1000000000 MEZZ_BIN=$2/mezz-copy MEZZ_GUEST_ELF=$2/stf-copy tools/package.sh "$2/third" && ! cmp -s "$1" "$2"/third/mezz_*.deb' - "$deb" "$work"
refuses "a binary that is missing is named" "/nonexistent/mezz: no such file" env MEZZ_BIN=/nonexistent/mezz tools/package.sh "$work/none"

# ---------------------------------------------------------------------------------------------------- the package

root=$work/root
mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers}
in_root=(dpkg --root="$root" --force-script-chrootless --log=/dev/null)
: > "$root/var/lib/dpkg/status"
refuses "dpkg wants the libraries" "dependency problems" "${in_root[@]}" --install "$deb"
# With what this system has installed, by name and version.
cp /var/lib/dpkg/status "$root/var/lib/dpkg/status"
check "dpkg installs it into a root" "${in_root[@]}" --install "$deb"
check "dpkg verifies its files" bash -c 'out=$("$@") && [ -z "$out" ]' - dpkg --root="$root" --verify mezz
check "dpkg knows its configuration" bash -c '[[ $(dpkg-query --admindir="$1/var/lib/dpkg" -W -f "\${Conffiles}" mezz) == *"/etc/mezz/verifier.env "* ]]' - "$root"
check "nothing is enabled" bash -c '[ -f "$1/lib/systemd/system/mezz@.service" ] && [ -z "$(find "$1" -name "*.wants" -o -type l -name "mezz*")" ]' - "$root"
check "nothing is set-user-id or writable by others" bash -c '[ -z "$(find "$1" ! -type l -perm /6022)" ]' - "$tree"
check "remove keeps the configuration" bash -c '"${@:2}" --remove mezz && [ -f "$1/etc/mezz/verifier.env" ] && [ ! -e "$1/usr/bin/mezz" ]' - "$root" "${in_root[@]}"
check "purge leaves nothing" bash -c '"${@:2}" --purge mezz && [ -z "$(find "$1" -name "*mezz*" -not -path "*/dpkg/*")" ]' - "$root" "${in_root[@]}"
check "lintian" lintian --allow-root --no-cfg --fail-on error,warning "$deb"

# -------------------------------------------------------------------------------------------------------- service

# The unit names /usr/bin/mezz, which need not be installed here.
mkdir "$work/unit"
sed "s#/usr/bin/mezz#$mezz#; s#/usr/share#$share#" packaging/mezz@.service > "$work/unit/mezz@.service"
export MANPATH=$share/man
# A key that systemd does not know is a warning only: no output is what counts.
check "systemd-analyze verify" bash -c 'out=$(systemd-analyze verify "$1" 2>&1) && [ -z "$out" ] || { echo "$out"; exit 1; }' - "$work/unit/mezz@verifier.service"
mkdir "$work/broken"
sed "s#/usr/bin/mezz#$work/no-such-program#" packaging/mezz@.service > "$work/broken/mezz@.service"
refuses "systemd-analyze verify sees a missing program" "no-such-program is not executable" systemd-analyze verify --man=no "$work/broken/mezz@verifier.service"
check "exposure of at most 1.5" systemd-analyze security --offline=yes --threshold=15 "$work/unit/mezz@.service"
echo "        $(systemd-analyze security --offline=yes --no-pager "$work/unit/mezz@.service" 2>/dev/null | sed -n 's/.*Overall/Overall/p')"

# Every option of the unit's command line exists, and the settings make a whole one: it fails for its parent alone.
service_command() {
  set -a
  . packaging/verifier.env
  STATE_DIRECTORY=$work/service-state MEZZ_SPEC=$work/no-rollup.json
  local line
  line=$(sed -n 's/^ExecStart=//p' packaging/mezz@.service)
  line=${line#/usr/bin/mezz}
  eval "\"$mezz\" $line"
}
refuses "the service's command line is read by mezz" "no-rollup.json" bash -c "$(declare -f service_command); work='$work' mezz='$mezz'; service_command"

# ------------------------------------------------------------------------------------------- manual and completions

# commands_below WORD...: every command, one a line, as its help lists them.
commands_below() {
  echo "$*"
  local name
  for name in $("$mezz" "$@" --help | sed -n '/^Subcommands:/,$p' | sed -nE 's/^  ([a-z0-9-]+) .*/\1/p'); do
    commands_below "$@" "$name"
  done
}
flags_of() { "$mezz" "$@" --help | grep -aoE '^  (-[a-z],)?--[a-z-]+(,--[a-z-]+)?' | grep -oE -- '--[a-z-]+' | grep -vx -- --help; }
mapfile -t commands < <(commands_below)

check "the manual renders without a warning" bash -c 'out=$(man --warnings -l "$1" 2>&1 >"$2") && [ -z "$out" ] && [ -s "$2" ]' - "$share/man/man1/mezz.1.gz" "$work/manual"
# grep reads to its end in pipes: what writes to one that stopped early counts as failed.
# Options of every command stand once, under OPTIONS.
manual_is_whole() {
  local command flag everywhere
  mapfile -t everywhere < <(flags_of)
  for flag in "${everywhere[@]}"; do
    awk '$0 == "OPTIONS" { on = 1; next } /^[^ ]/ { on = 0 } on' "$work/manual" |
      grep -E -- "(^|[ ,])$flag([ ,]|$)" >/dev/null || { echo "OPTIONS: no $flag"; return 1; }
  done
  [ ${#commands[@]} -gt 8 ] || return 1
  for command in "${commands[@]:1}"; do
    grep -qxF "   mezz $command" "$work/manual" || { echo "no section mezz $command"; return 1; }
    for flag in $(flags_of $command); do
      [[ " ${everywhere[*]} " != *" $flag "* ]] || continue
      awk -v head="   mezz $command" '$0 == head { on = 1; next } /^   ?[^ ]/ { on = 0 } on' "$work/manual" |
        grep -E -- "(^|[ ,])$flag([ ,]|$)" >/dev/null || { echo "mezz $command: no $flag"; return 1; }
    done
  done
}
check "the manual has every command and option" manual_is_whole

# X_complete TEXT: what shell X offers after TEXT, one a line. What bash and fish say besides is kept in `complaints`.
bash_complete() {
  bash --norc -c 'source "$1"; read -ra COMP_WORDS <<< "$2"; [[ $2 == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _mezz; printf "%s\n" "${COMPREPLY[@]}"' - "$share/bash-completion/completions/mezz" "$1" 2>>"$work/complaints"
}
fish_complete() {
  HOME=$work fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$share/fish/vendor_completions.d/mezz.fish" "$1" 2>>"$work/complaints" | cut -f1
}
zsh_complete() { HOME=$work timeout 60 packaging/zsh_complete.zsh "$share/zsh/vendor-completions" "$1" | tr -s ' \r' '\n'; }

offers_everything() {
  local complete=$1 command flag offered
  for command in "${commands[@]}"; do
    offered=$("$complete" "mezz ${command:+$command }--")
    for flag in $(flags_of $command); do
      grep -qx -- "$flag" <<< "$offered" || { echo "mezz $command: $flag is not offered:" "$offered"; return 1; }
    done
  done
}
# offers COMPLETE TEXT WANTED UNWANTED
offers() {
  local offered
  offered=$("$1" "$2")
  echo "$offered"
  grep -qx -- "$3" <<< "$offered" && ! grep -qx -- "$4" <<< "$offered"
}
for shell in bash zsh fish; do
  case $shell in
    bash) file=$share/bash-completion/completions/mezz ;;
    zsh) file=$share/zsh/vendor-completions/_mezz ;;
    fish) file=$share/fish/vendor_completions.d/mezz.fish ;;
  esac
  check "$shell reads the completion" "$shell" -n "$file"
  check "$shell offers commands" offers ${shell}_complete "mezz " inspect diff
  check "$shell offers commands below one" offers ${shell}_complete "mezz bench " load inspect
  check "$shell offers values" offers ${shell}_complete "mezz node --role " verifier blobs
  check "$shell is not led astray by values" offers ${shell}_complete "mezz node --role verifier --d" --da --dispute-clock
done
check "bash offers every option" offers_everything bash_complete
check "fish offers every option" offers_everything fish_complete
check "neither complains while it completes" bash -c 'cat "$1"; [ -e "$1" ] && [ ! -s "$1" ]' - "$work/complaints"
zsh_names_everything() {
  local command flag
  for command in "${commands[@]}"; do
    for flag in $(flags_of $command); do
      [[ " ${everywhere[*]} " != *" $flag "* ]] || continue
      awk -v head="_mezz${command:+_${command//[ -]/_}}() {" '$0 == head { on = 1 } /^}/ { on = 0 } on' "$share/zsh/vendor-completions/_mezz" |
        grep -F -- ")$flag[" >/dev/null || { echo "mezz $command: no $flag"; return 1; }
    done
  done
}
check "zsh knows every option" zsh_names_everything
printf '#!/bin/sh\nprintf "what\\nUsage: mezz\\n\\nOptions:\\n --odd\\n"\n' > "$work/odd"
chmod +x "$work/odd"
refuses "help of an unknown form is refused" "mezz --help, line 5" packaging/completions.py "$work/odd" bash

# ------------------------------------------------------------------------------------------------- tarball and image

mkdir "$work/some where"
tar -C "$work/some where" -xzf "$tarball"
moved=$(echo "$work/some where"/mezz-*)
own_libraries() {
  local outside
  outside=$(ldd "$moved/bin/mezz" | sed -nE 's/.* => ([^(]+) \(.*/\1/p' | grep -v "^$work" | grep -vE '/(libc|libm|libpthread|libdl|librt)\.so\.')
  ldd "$moved/bin/mezz"
  [ -z "$outside" ] && ! ldd "$moved/bin/mezz" | grep -q "not found"
}
check "the tarball brings its libraries" own_libraries
check "each library has its licence" bash -c 'set -- "$1"/lib/mezz/*.so.* "$1"/share/doc/mezz/licences/*; [ $# -gt 2 ] && [ $(($# % 2)) -eq 0 ]' - "$moved"
check "the Containerfile keeps the rules (not built: no base image here)" packaging/check_containerfile.py "$work/first/Containerfile" "$tree"
sed 's/^USER .*/USER root/' "$work/first/Containerfile" > "$work/first/Containerfile.root"
refuses "an image that runs as root is refused" "USER root" packaging/check_containerfile.py "$work/first/Containerfile.root" "$tree"

# ------------------------------------------------------------------------------------------------------------ smoke

check "what the .deb installs runs a chain" packaging/smoke.py "$mezz" "$tree/usr/lib/mezz/healthcheck"
check "what the tarball unpacks runs a chain" packaging/smoke.py "$moved/bin/mezz" "$moved/lib/mezz/healthcheck"
mv "$tree/usr/lib/mezz/stf.elf" "$work/"
refuses "without its guest image it says where that belongs" "lib/mezz/stf.elf" env -C "$work" HOME="$work" timeout 60 "$mezz" dev --ephemeral --proof fraud \
  --parent-port 0 --port 0 --metrics-port 0 --console-port 0

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
