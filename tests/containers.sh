#!/usr/bin/env bash
# The Debian package on a Debian with systemd, and the container image beside Postfix and Dovecot, in containers that are made of Debian's packages here.
# As root on Debian; installs podman and mmdebstrap if they lack. Five minutes on two quiet cores. TLSFRONT_BINARY names a published binary, otherwise one is made.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en LC_ALL=C.UTF-8

fail() { echo "containers.sh: $1" >&2; exit 1; }
((EUID == 0)) || fail "it needs root: systemd runs in a privileged container"
if ! command -v podman mmdebstrap runc >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq -y --no-install-recommends install podman buildah runc catatonit netavark mmdebstrap >/dev/null || fail "podman, runc and mmdebstrap are missing"
fi

if [[ -z ${TLSFRONT_BINARY:-} ]]; then
    dotnet publish src/TlsFront -c Release --use-current-runtime -o artifacts/containers -v q
    export TLSFRONT_BINARY=$PWD/artifacts/containers/tlsfront
fi
dotnet test tests/TlsFront.DeployTests -c Release --filter FullyQualifiedName~TlsFront.DeployTests.Containers
