#!/usr/bin/env bash
# The whole suite. Runs in a fresh clone, from any directory, with CI=true or without.
# On Debian and Ubuntu, as root, it installs what it lacks; elsewhere it names what it could not run and why.
# Last line: "N passed, N failed, N skipped". Exit code 1 only for failures.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en LC_ALL=C.UTF-8
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1   # nothing stays behind when the script ends

readonly configuration=Release
passed=0 failed=0 skipped=0
results=$(mktemp -d "${TMPDIR:-/tmp}/tlsfront-tests.XXXXXX") || exit 1
chmod 755 "$results"

finish() {
    # Whatever became of the tests, no container outlives them.
    tests/TlsFront.DeployTests/Scripts/containers.sh "$results/containers" remove >/dev/null 2>&1
    # Once more and last, because whoever looks at a long log looks at its end.
    tail -n 20 "$results/failures" 2>/dev/null | cut -c 1-300
    rm -rf "$results"
    if ((failed > 0)); then echo FAILED; else echo OK; fi
    echo "$passed passed, $failed failed, $skipped skipped"
    exit $((failed > 0))
}
trap finish EXIT
trap 'failed=$((failed + 1)); echo "interrupted"; exit 1' INT TERM

title() { printf '%-46s' "$1"; }

# skip NAME REASON: a suite that cannot run here counts as one.
skip() {
    title "$1"; echo "skipped: $2"
    skipped=$((skipped + 1))
}

# check NAME COMMAND...: a step that counts as one test. Its output is shown only when it fails.
check() {
    local name=$1 log="$results/check.log" from=$SECONDS
    shift
    title "$name"
    if "$@" >"$log" 2>&1 </dev/null; then
        passed=$((passed + 1)); echo "ok ($((SECONDS - from)) s)"
    else
        failed=$((failed + 1)); echo "FAILED"
        echo "failed: $name" >>"$results/failures"
        grep -E '(error|warning) |: error|: warning' "$log" | sort -u | head -n 20 | sed 's/^/    /' | grep . || tail -n 40 "$log" | sed 's/^/    /'
        return 1
    fi
}

# tests NAME PROJECT [ARGUMENT...]: one test project, counted test by test.
tests() {
    local name=$1 project=$2 from=$SECONDS code counters
    shift 2
    local folder; folder=$(mktemp -d "$results/XXXXXX")
    title "$name"
    # Mail daemons, which are not root, keep their files in the temporary folder; whatever a crashed run leaves there goes with ours.
    TMPDIR=$results dotnet test "$project" --configuration "$configuration" --no-build --results-directory "$folder" \
        --logger "trx;LogFileName=results.trx" --logger "console;verbosity=minimal" --blame-hang-timeout 10m --blame-hang-dump-type none "$@" >"$folder/console.log" 2>&1 </dev/null
    code=$?
    counters=$(grep -o '<Counters [^>]*' "$folder/results.trx" 2>/dev/null | head -n 1)
    local total run good bad
    total=$(counter total "$counters") run=$(counter executed "$counters")
    good=$(counter passed "$counters") bad=$(counter failed "$counters")
    # A run that crashed, hung up or found nothing has no failed test to show, yet it failed.
    if ((code != 0 && bad == 0)) || ((total == 0)); then bad=$((bad + 1)); fi
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - run))
    echo "$good passed, $bad failed, $((total - run)) skipped ($((SECONDS - from)) s)"
    if ((bad > 0)); then
        # Each failed test and the first two lines of its message.
        awk '/^  Failed /{ if (test) print test; test = substr($0, 10) } more-- > 0 { sub(/^ +/, ""); test = test " | " $0 }
            /^  Error Message:/{ more = 2 } END{ print test ? test : "no test, but the run of them" }' "$folder/console.log" |
            sed "s/^/failed: $name: /" >>"$results/failures"
        sed -n '/^  Failed /,$p' "$folder/console.log" | grep . | sed 's/^/  /' | head -n 200 | grep . || tail -n 60 "$folder/console.log" | sed 's/^/    /'
    fi
}

counter() {
    local value; value=$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2")
    echo "${value:-0}"
}

# Debian's packages start their services on installation; a test run must not leave any behind.
install_packages() {
    local policy=/usr/sbin/policy-rc.d own=0 code
    if [[ ! -e $policy ]]; then
        own=1; printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod +x "$policy"
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq -y --no-install-recommends install "$@"; code=$?
    ((own)) && rm -f "$policy"
    return "$code"
}

missing_packages() {
    local package
    for package in "$@"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
    done
}

# lacking COMMAND...: the commands that are not there, also looked for where Debian keeps daemons.
lacking() {
    local command
    for command in "$@"; do
        PATH="$PATH:/usr/sbin:/sbin" command -v "$command" >/dev/null || printf '%s ' "$command"
    done
}

system=$(uname -s)
packages=(postfix dovecot-imapd dovecot-pop3d dovecot-managesieved dovecot-sieve haproxy nginx libnginx-mod-stream libnginx-mod-mail rspamd spamassassin swaks msmtp mutt libnet-ssleay-perl curl openssl python3 ca-certificates clang zlib1g-dev prometheus
    pebble certbot lego systemd podman buildah runc catatonit netavark mmdebstrap docker-registry gnutls-bin libnss3-tools libsqlite3-0 postgresql fail2ban)
# Another than Debian's will do: its npm alone brings some hundred packages.
[[ -z $(lacking node npm) ]] || packages+=(nodejs npm)
[[ -z $(lacking java) ]] || packages+=(default-jdk-headless)
[[ -z $(lacking go) ]] || packages+=(golang-go)
# Ubuntu has no such package, and apt installs all of them or none.
if [[ -n $(lacking chromium) ]] && grep -qs '^ID=debian' /etc/os-release; then packages+=(chromium); fi
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null && ((EUID == 0)); then
    mapfile -t lacking < <(missing_packages "${packages[@]}")
    if ((${#lacking[@]} > 0)); then
        title "Packages: ${lacking[*]}"
        if install_packages "${lacking[@]}" >"$results/apt.log" 2>&1 </dev/null; then
            echo installed
        else
            echo "not installed"; tail -n 5 "$results/apt.log" | sed 's/^/    /'
        fi
    fi
fi

without=$(lacking dotnet)
if [[ -n $without ]]; then
    title "SDK"; echo "FAILED: the .NET 10 SDK is not installed"
    failed=1; exit 1
fi

# The lock files name the runtime identifier that the Native AOT compiler was restored for; elsewhere there is nothing to compare with.
if [[ $system-$(uname -m) == Linux-x86_64 ]]; then
    check "Restore (locked)" dotnet restore --locked-mode || exit 1
else
    check "Restore" dotnet restore -p:RestoreLockedMode=false || exit 1
fi
check "Build (warnings are errors)" dotnet build --configuration "$configuration" --no-restore || exit 1
check "Format" dotnet format --no-restore --verify-no-changes
tests "Unit and functional tests" tests/TlsFront.Tests

# Elsewhere the shell may be one that cannot wait for whichever ends first.
if [[ $system != Linux ]]; then
    skip "Fuzzing" "this script fuzzes on Linux only"
else
    check "Fuzzing (30 s for each target)" tests/fuzz.sh --no-build --time 30s
fi

# What a warning of the AOT compiler means is a feature that breaks at run time, so none is tolerated.
publish() {
    dotnet publish src/TlsFront --configuration "$configuration" --use-current-runtime --output "$results/publish" | tee "$results/publish.log" || return 1
    ! grep -qE ': warning |warning (IL|NETSDK|NU|MSB)[0-9]+' "$results/publish.log"
}

binary=
without=$(lacking clang)
if [[ $system != Linux ]]; then
    skip "Native AOT publish" "this script publishes on Linux only"
elif [[ -n $without ]]; then
    skip "Native AOT publish" "lacks $without"
elif check "Native AOT publish (no warnings)" publish; then
    binary=$results/publish/tlsfront
fi

without=$(lacking postfix dovecot doveadm haproxy nginx rspamd rspamc spamassassin curl swaks msmtp mutt openssl python3 pebble pebble-challtestsrv certbot fail2ban-server pg_ctlcluster mount
    lego systemd-socket-activate apt-get dpkg-deb)
if [[ $system != Linux ]]; then
    obstacle="needs Linux"
elif [[ -n $without ]]; then
    obstacle="lacks $without"
elif ((EUID != 0)); then
    obstacle="needs root: Postfix and Dovecot start as root"
else
    obstacle=
fi

without=$(lacking node npm promtool)
if [[ $system-$(uname -m) != Linux-x86_64 ]]; then
    skip "Chart, alerts, dashboards" "Helm's binary is for Linux on x86-64"
elif [[ -n $without ]]; then
    skip "Chart, alerts, dashboards" "lacks $without"
else
    tests "Chart, alerts, dashboards" tests/TlsFront.DeployTests --filter 'FullyQualifiedName!~.DeployTests.Live.&FullyQualifiedName!~.DeployTests.Containers.&FullyQualifiedName!~.DeployTests.Page.'
fi

without=$(lacking node npm chromium)
if [[ $system != Linux ]]; then
    skip "Live page in Chromium" "needs Linux"
elif [[ -n $without ]]; then
    skip "Live page in Chromium" "lacks $without"
else
    tests "Live page in Chromium" tests/TlsFront.DeployTests --filter FullyQualifiedName~.DeployTests.Page.
fi

# What is asked of the real process under real mail traffic, by a real Prometheus and a collector.
without=$(lacking node npm promtool prometheus)
if [[ -n $obstacle ]]; then
    skip "Prometheus and OTLP under traffic" "$obstacle"
elif [[ -n $without ]]; then
    skip "Prometheus and OTLP under traffic" "lacks $without"
else
    TLSFRONT_BINARY=$binary tests "Prometheus and OTLP under traffic" tests/TlsFront.DeployTests --filter 'FullyQualifiedName~.DeployTests.Live.&FullyQualifiedName!~.PostQuantumTests'
fi

without=$(lacking mmdebstrap)
if [[ -n $obstacle ]]; then
    skip "OpenSSL of Debian 13" "$obstacle"
elif [[ -n $without ]]; then
    skip "OpenSSL of Debian 13" "lacks $without"
elif [[ -z $binary ]]; then
    skip "OpenSSL of Debian 13" "there is no AOT binary"
elif [[ $(uname -m) != x86_64 ]]; then
    skip "OpenSSL of Debian 13" "its libraries are taken for x86-64"
else
    TLSFRONT_BINARY=$binary tests "OpenSSL of Debian 13" tests/TlsFront.DeployTests --filter FullyQualifiedName~.PostQuantumTests
fi

# Containers need more of the kernel than most sandboxes give, so it is asked.
containers() { tests/TlsFront.DeployTests/Scripts/containers.sh "$results/containers" "$@"; }
without=$(lacking podman buildah runc mmdebstrap docker-registry)
if [[ -n $obstacle ]]; then
    skip "Container image and Debian package" "$obstacle"
elif [[ -n $without ]]; then
    skip "Container image and Debian package" "lacks $without"
elif [[ -z $binary ]]; then
    skip "Container image and Debian package" "there is no AOT binary"
elif ! containers check >"$results/containers.log" 2>&1; then
    skip "Container image and Debian package" "podman cannot run a container here: $(tail -n 1 "$results/containers.log")"
else
    TLSFRONT_BINARY=$binary TLSFRONT_CONTAINERS=$results/containers \
        tests "Container image and Debian package" tests/TlsFront.DeployTests --filter FullyQualifiedName~.DeployTests.Containers.
fi

# Servers that cannot be installed beside these are unpacked from Debian's packages, once for both runs.
if [[ -z $obstacle ]]; then
    check "OpenSMTPD, Exim and Cyrus from Debian" tests/TlsFront.SystemTests/Scripts/debian_root.sh /var/cache/tlsfront-tests/debian
fi

# Both engines, and what is shipped as well: the Native AOT binary. Tests of the native engine run only with it.
if [[ -n $obstacle ]]; then
    skip "System tests" "$obstacle"
else
    TLSFRONT__ENGINE=managed tests "System tests, managed engine" tests/TlsFront.SystemTests --filter "Duration!=Long&Engine!=Native"
fi
without=$(lacking curl openssl)
if [[ -z $binary ]]; then
    skip "System tests, native engine, AOT binary" "there is no AOT binary"
elif [[ -z $obstacle ]]; then
    TLSFRONT__ENGINE=native TLSFRONT_BINARY=$binary tests "System tests, native engine, AOT binary" tests/TlsFront.SystemTests --filter 'Duration!=Long&FullyQualifiedName!~.Tls.Interop.'
    without=$(lacking gnutls-cli tstclnt strsclnt certutil java go node)
    if [[ -n $without ]]; then
        skip "TLS clients of others, AOT binary" "lacks $without"
    else
        TLSFRONT__ENGINE=native TLSFRONT_BINARY=$binary tests "TLS clients of others, AOT binary" tests/TlsFront.SystemTests --filter FullyQualifiedName~.Tls.Interop.
    fi
elif [[ -z $without ]]; then
    # The demo brings its own mail server and needs no root.
    TLSFRONT_BINARY=$binary tests "Demo on the AOT binary" tests/TlsFront.SystemTests --filter "FullyQualifiedName~TlsFront.SystemTests.Demo.DemoTests"
else
    skip "Demo on the AOT binary" "lacks $without"
fi
