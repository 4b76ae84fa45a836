#!/usr/bin/env bash
# Coverage-guided fuzzing of everything that reads what strangers write.
#   tests/fuzz.sh [--time T] [--minimise] [--no-build] [TARGET...]
# T is the time for each target (30s, 20m, 8h; 30s unless told); all targets unless named, as many at once as there are processors.
# Targets: clienthello proxy smtp imap pop3 sieve starttls heldlogin lookup yaml records import hellofile.
# --minimise replaces tests/TlsFront.Fuzzing/Corpus/TARGET by the least inputs that reach what was reached.
# What breaks something is shown as a C# literal, kept in artifacts/fuzzing/findings, and makes the exit code 1.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en LC_ALL=C.UTF-8
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

readonly corpus=$PWD/tests/TlsFront.Fuzzing/Corpus findings=$PWD/artifacts/fuzzing/findings
time=30s minimise=() targets=() build=1
while (($# > 0)); do
    case $1 in
        --time) time=${2-}; shift ;;
        --minimise) minimise=(minimise) ;;
        --no-build) build=0 ;;
        -*) sed -n '2,7s/^# *//p' "tests/fuzz.sh" >&2; exit 2 ;;
        *) targets+=("$1") ;;
    esac
    shift
done
((${#targets[@]} > 0)) || targets=(clienthello proxy smtp imap pop3 sieve starttls heldlogin lookup yaml records import hellofile)

if [[ ! $time =~ ^([0-9]+)([smh]?)$ ]]; then
    echo "--time takes a number of seconds, or one with s, m or h" >&2; exit 2
fi
declare -A units=([s]=1 [m]=60 [h]=3600)
readonly seconds=$((BASH_REMATCH[1] * units[${BASH_REMATCH[2]:-s}]))

if ((build)); then
    dotnet build tests/TlsFront.Fuzzing --configuration Release --verbosity quiet || exit 1
fi

# A copy is instrumented: what the tests and the benchmarks run stays as the compiler made it.
copy=$(mktemp -d "${TMPDIR:-/tmp}/tlsfront-fuzzing.XXXXXX") || exit 1
trap 'rm -rf "$copy"' EXIT
trap 'kill $(jobs -p) 2>/dev/null; exit 1' INT TERM
cp -r tests/TlsFront.Fuzzing/bin/Release/net10.0/. "$copy" || exit 1
dotnet tool restore >/dev/null || exit 1
dotnet sharpfuzz "$copy/tlsfront.dll" TlsFront.Protocols TlsFront.ProxyProtocol TlsFront.Tls TlsFront.Configuration TlsFront.Backends TlsFront.Routing TlsFront.Transport.Native.Records TlsFront.Handover TlsFront.Compatibility || exit 1
dotnet sharpfuzz "$copy/YamlDotNet.dll" YamlDotNet.Core || exit 1
# The models of servers, too: what a server is brought to do leads further, as what the gateway does.
dotnet sharpfuzz "$copy/TlsFront.Fuzzing.dll" TlsFront.Fuzzing.Targets.CanaryTarget TlsFront.Fuzzing.Models || exit 1

# fuzz TARGET SECONDS FINDINGS [minimise]: from an empty folder of its own, because settings name files.
fuzz() {
    (mkdir -p "$copy/empty" && cd "$copy/empty" && exec dotnet "$copy/TlsFront.Fuzzing.dll" "$1" "$2" "$corpus/$1" "$3" "${@:4}")
}

# A harness that misses the bug in its own canary would find nothing elsewhere either.
if fuzz canary 60 "$copy/canary" first >"$copy/canary.log" || ! grep -q '^canary: error: NotEqualException' "$copy/canary.log"; then
    echo "canary: error: the seeded bug is not found"; cat "$copy/canary.log"; exit 1
fi

# As many at a time as there are processors: each is one thread.
failed=0
declare -A running=()
finish_one() {
    local process code
    wait -n -p process "${!running[@]}"; code=$?
    if ((code > 1)); then echo "${running[$process]}: error: ended with $code; its last input is in $findings/${running[$process]}.last"; fi
    unset "running[$process]"
    failed=$((failed | code))
}
for target in "${targets[@]}"; do
    if ((${#running[@]} >= $(nproc))); then finish_one; fi
    fuzz "$target" "$seconds" "$findings" "${minimise[@]}" &
    running[$!]=$target
done
while ((${#running[@]} > 0)); do finish_one; done
exit $((failed > 0))
