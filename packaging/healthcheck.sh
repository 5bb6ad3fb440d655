#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# healthcheck [PORT...]: exits with 0 if a mezz on one of the loopback ports answers eth_chainId, else with 1.
# Without ports: those of `mezz dev` and `mezz node`. Needs nothing but bash, so that it works in a small container.
set -u
[ $# -gt 0 ] || set -- 9545 9645
body='{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}'

answers() {
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
        "${#body}" "$body" >&3
    local line
    while IFS= read -r -t 3 line <&3 || [ -n "$line" ]; do
        [[ $line == *'"result":"0x'* ]] && return 0
        [[ $line == *'"error"'* ]] && return 1
    done
    return 1
}

for port in "$@"; do
    [[ $port =~ ^[0-9]{1,5}$ ]] || { echo "healthcheck: $port is no port" >&2; exit 2; }
    (answers "$port") 2>/dev/null && exit 0
done
echo "healthcheck: no answer to eth_chainId on port $*" >&2
exit 1
