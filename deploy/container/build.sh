#!/usr/bin/env bash
# Builds the container image: build.sh [--binary FILE] [ARGUMENT...]; the arguments go to "podman build" (or BUILDER, such as docker):
#   deploy/container/build.sh --build-arg BASE=docker.io/library/debian:13-slim --tag tlsfront:0.1.0
# Without --binary it publishes one first. The image holds it and the list of what it is made of (CycloneDX).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here root=$here/../..
context=$(mktemp -d); trap 'rm -rf "$context"' EXIT

if [[ ${1:-} == --binary ]]; then
    install -D -m 755 "$2" "$context/bin/tlsfront"; shift 2
else
    dotnet publish "$root/src/TlsFront" --configuration Release --use-current-runtime --output "$context/bin"
fi
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
(cd "$root" && dotnet tool restore && dotnet tool run dotnet-CycloneDX src/TlsFront/TlsFront.csproj \
    --output "$context" --filename sbom.cdx.json --output-format Json --disable-package-restore --set-name tlsfront --set-version "$version") >"$context/sbom.log" ||
    { cat "$context/sbom.log" >&2; exit 1; }
cp "$here/Containerfile" "$context"
"${BUILDER:-podman}" build --file "$context/Containerfile" \
    --build-arg "VERSION=$version" --build-arg "REVISION=$(git -C "$root" rev-parse HEAD 2>/dev/null || echo unknown)" "$@" "$context"
