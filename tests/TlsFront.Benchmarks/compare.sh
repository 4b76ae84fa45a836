#!/usr/bin/env bash
# TlsFront beside HAProxy, nginx and hitch: one table of work per CPU second, on this machine. About an hour; with --quick half of one.
#
#   compare.sh [--quick] [--only ROW]... [--with COLUMN]... [--no-aot]
#
# HAPROXY=/path/to/haproxy compares another build of it. As root on Debian it installs what it lacks. Nothing it starts outlives it, all
# of it listens on 127.0.0.1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en LC_ALL=C.UTF-8
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1   # nothing stays behind that would share the cores

readonly output=artifacts/compare
readonly packages=(haproxy nginx-light libnginx-mod-stream libnginx-mod-mail hitch dovecot-imapd wrk openssl clang zlib1g-dev)

fail() { echo "compare.sh: $1" >&2; exit 1; }

# Debian's packages start their services on installation; a benchmark must not leave any behind.
install_packages() {
    local policy=/usr/sbin/policy-rc.d own=0 code=0
    if [[ ! -e $policy ]]; then
        own=1; printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod +x "$policy"
    fi
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@"; } >&2 || code=$?
    ((own)) && rm -f "$policy"
    return "$code"
}

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
    done
}

aot=1 arguments=()
for argument in "$@"; do
    case $argument in
        --no-aot) aot=0 ;;
        -h|--help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit ;;
        *) arguments+=("$argument") ;;
    esac
done

[[ $(uname -s) == Linux ]] || fail "it needs Linux"
command -v dotnet >/dev/null || fail "it needs the .NET 10 SDK (https://dot.net)"
if command -v dpkg-query >/dev/null && ((EUID == 0)); then
    mapfile -t lacking < <(missing_packages)
    if ((${#lacking[@]} > 0)); then install_packages "${lacking[@]}" || fail "cannot install ${lacking[*]}"; fi
fi
for program in "${HAPROXY:-haproxy}" nginx hitch dovecot wrk taskset openssl; do
    command -v "$program" >/dev/null || fail "it needs $program (on Debian, as root, it installs what it lacks)"
done

# 9000 sessions have two descriptors each in a proxy.
ulimit -n "$(ulimit -Hn)"

publish() {
    dotnet publish src/TlsFront -c Release -o "$output/$1" -v q "${@:2}" >&2 || fail "the $1 publish failed"
    arguments+=("--$1" "$PWD/$output/$1")
}
publish jit -p:PublishAot=false
if ((aot)); then
    case $(uname -m) in aarch64) machine=arm64 ;; *) machine=x64 ;; esac
    publish aot -r "linux-$machine"
fi
dotnet build tests/TlsFront.Benchmarks -c Release -v q >&2 || fail "the build failed"

# Readable by the users that proxies change to; gone with this script.
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/tlsfront-compare.XXXXXX")
export TMPDIR
chmod 755 "$TMPDIR"

# A process group of its own, so that whatever happens all of it ends with this script.
set -m
dotnet "$PWD/tests/TlsFront.Benchmarks/bin/Release/net10.0/TlsFront.Benchmarks.dll" compare "${arguments[@]}" &
readonly group=$!
set +m
stop() {
    if kill -TERM -- "-$group" 2>/dev/null; then sleep 1; kill -KILL -- "-$group" 2>/dev/null || true; fi
    rm -rf "$TMPDIR"
}
trap stop EXIT
trap 'exit 130' INT TERM
wait "$group"
