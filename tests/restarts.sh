#!/usr/bin/env bash
# Three Postfix and three Dovecot behind the gateway, one of each killed and started again every 30 seconds, while half of 40 clients
# hand in messages and half stay logged in to read. Fails if a message that was acknowledged is not delivered or is handed in twice, if a session
# ends whose server was left alone, or if a new connection gets no server.
#
#   restarts.sh [--minutes N] [--clients N] [--engine native|managed]
#
# Twenty minutes and the native engine if not told otherwise. It runs what is shipped, the Native AOT binary, where a C compiler can make it.
# Needs root, Postfix and Dovecot, as the system tests do. Everything it starts listens on 127.0.0.1 and ends with it. Last line: "passed" or "failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en LC_ALL=C.UTF-8
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1   # nothing stays behind that would share the cores

readonly output=artifacts/restarts
minutes=20 clients=40 engine=native

fail() { echo "restarts.sh: $1" >&2; echo failed; exit 1; }

while (($# > 0)); do
    case $1 in
        --minutes) minutes=${2-}; shift ;;
        --clients) clients=${2-}; shift ;;
        --engine) engine=${2-}; shift ;;
        -h|--help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit ;;
        *) fail "unknown option $1" ;;
    esac
    shift || fail "an option lacks its value"
done
[[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || fail "--minutes takes a number"
[[ $clients =~ ^[0-9]+$ ]] || fail "--clients takes a number"
[[ $engine == native || $engine == managed ]] || fail "--engine takes native or managed"
[[ $(uname -s) == Linux ]] || fail "it needs Linux"
((EUID == 0)) || fail "it needs root: Postfix and Dovecot start as root"
for command in dotnet postfix dovecot doveadm python3; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "$command" >/dev/null || fail "it needs $command"
done

if command -v clang >/dev/null; then
    case $(uname -m) in aarch64) machine=arm64 ;; *) machine=x64 ;; esac
    rm -rf "$output"
    dotnet publish src/TlsFront -c Release -o "$output" -v q -r "linux-$machine" >&2 || fail "the publish failed"
    export TLSFRONT_BINARY=$PWD/$output/tlsfront
else
    echo "clang is missing: the framework-dependent build runs instead of the Native AOT binary" >&2
fi
dotnet build tests/TlsFront.SystemTests -c Release -v q >&2 || fail "the build failed"

report=$(mktemp)
trap 'rm -f "$report"' EXIT
export TLSFRONT__ENGINE=$engine TLSFRONT_RESTARTS_MINUTES=$minutes TLSFRONT_RESTARTS_CLIENTS=$clients TLSFRONT_RESTARTS_REPORT=$report
if dotnet test tests/TlsFront.SystemTests -c Release --no-build --filter FullyQualifiedName~TlsFront.SystemTests.Faults.RestartsTests \
    --logger "console;verbosity=minimal" >&2; then
    result=passed
else
    result=failed
fi
echo "$engine engine"
cat "$report"
echo "$result"
[[ $result == passed ]]
