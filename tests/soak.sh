#!/usr/bin/env bash
# The gateway under mixed load for minutes, with reloads: bulk with hashes at both ends, SMTP, IMAP, and 50 connections a second that
# come and go in every way there is. Fails if memory, descriptors or OpenSSL objects grow.
#
#   soak.sh [--minutes N] [--engine native|managed] [--upgrade-every SECONDS]
#
# Ten minutes, the native engine and no upgrades if not told otherwise. With upgrades, 2000 idle IMAP sessions and 20 that fetch live through all of
# them. It soaks what is shipped, the Native AOT binary, where a C compiler can make it.
# Everything it starts listens on 127.0.0.1 and ends with it. Last line: "passed" or "failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en LC_ALL=C.UTF-8
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1   # nothing stays behind that would share the cores

readonly output=artifacts/soak

fail() { echo "soak.sh: $1" >&2; echo failed; exit 1; }

case ${1-} in -h|--help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit ;; esac
[[ $(uname -s) == Linux ]] || fail "it needs Linux"
command -v dotnet >/dev/null || fail "it needs the .NET 10 SDK (https://dot.net)"

if command -v clang >/dev/null; then
    case $(uname -m) in aarch64) machine=arm64 ;; *) machine=x64 ;; esac
    publish=(-r "linux-$machine")
else
    echo "clang is missing: the framework-dependent build is soaked instead of the Native AOT binary" >&2
    publish=(-p:PublishAot=false)
fi
rm -rf "$output"
dotnet publish src/TlsFront -c Release -o "$output" -v q "${publish[@]}" >&2 || fail "the publish failed"
dotnet build tests/TlsFront.Benchmarks -c Release -v q >&2 || fail "the build failed"

# A process group of its own, so that whatever happens all of it ends with this script.
set -m
dotnet "$PWD/tests/TlsFront.Benchmarks/bin/Release/net10.0/TlsFront.Benchmarks.dll" soak --publish "$PWD/$output" "$@" &
readonly group=$!
set +m
stop() {
    if kill -TERM -- "-$group" 2>/dev/null; then sleep 1; kill -KILL -- "-$group" 2>/dev/null || true; fi
}
trap stop EXIT
trap 'exit 130' INT TERM
wait "$group"
