#!/usr/bin/env bash
# build.sh FOLDER: fills FOLDER with the servers of Kubernetes and kubectl, built from Debian's source package
# with Debian's Go, since nobody packages the servers as binaries. Does nothing when they are there; about six minutes on two cores otherwise.
# Needs root, apt, golang-go and dpkg-dev.
set -euo pipefail

readonly folder=$1
readonly programs=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl)
mkdir -p "$(dirname "$folder")"
exec 8>"$folder.lock"
flock 8
[[ -e $folder/.complete ]] && exit
work=$folder.work
readonly work source=$work/go/src/k8s.io/kubernetes

if [[ ! -e $work/.fetched ]]; then
    rm -rf "$work"
    mkdir -p "$work"/apt/{lists/partial,archives/partial} "$work/fetched" "$(dirname "$source")"
    . /etc/os-release
    # From where the machine itself gets its packages, with lists of our own: the machine's sources stay as they are.
    mirror=$(find /etc/apt/sources.list /etc/apt/sources.list.d -type f -exec cat {} + 2>/dev/null |
        sed -nE 's/^URIs: *([^ ]*debian[^ ]*).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]*debian[^ ]*) .*/\2/p' | sed -n 1p) || true
    [[ -n $mirror ]] || { echo "build.sh: no Debian mirror among apt's sources" >&2; exit 1; }
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $VERSION_CODENAME main" >"$work/apt/sources.list"
    options=(-qq -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$work/apt/lists"
        -o Dir::Cache="$work/apt" -o Acquire::Languages=none -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update
    (cd "$work/fetched" && apt-get "${options[@]}" --download-only source kubernetes)
    touch "$work/.fetched"
fi

if [[ ! -e $source/.unpacked ]]; then
    rm -rf "$source"
    dpkg-source --no-check -x "$work"/fetched/*.dsc "$source" >&2
    touch "$source/.unpacked"
fi
cd "$source"
version=$(dpkg-parsechangelog -S Version | sed -E 's/.*really//; s/[+~-].*//')
# The package's own way: no modules, everything vendored.
export GO111MODULE=off GOPROXY=off CGO_ENABLED=0 GOPATH=$work/go GOCACHE=$work/cache GOFLAGS=

# The one generated file that is not in the source.
if [[ ! -e pkg/generated/openapi/zz_generated.openapi.go ]]; then
    go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
    inputs=$(grep -rl --include='*.go' '+k8s:openapi-gen=' staging/src/k8s.io pkg cmd |
        grep -vE 'sample-apiserver|code-generator|_test.go|zz_generated|testdata|/test/' | xargs -n 1 dirname |
        sed 's#^staging/src/#vendor/#; s#^#k8s.io/kubernetes/#' | LC_ALL=C sort -u | paste -sd,)
    "$work/openapi-gen" --logtostderr -i "$inputs" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
        -h hack/boilerplate/boilerplate.generatego.txt -r "$work/violations" 2>"$work/openapi.log" || { tail "$work/openapi.log" >&2; exit 1; }
fi

mkdir -p "$folder"
for program in "${programs[@]}"; do
    # Without the libraries of the clouds, which are half of the work; and with a version, or the servers call themselves v0.0.0-master.
    go build -trimpath -tags providerless -ldflags "-s -w -X k8s.io/kubernetes/vendor/k8s.io/component-base/version.gitVersion=v$version" -o "$folder/$program" "./cmd/$program"
    echo "$program $version, after $SECONDS s" >&2
done
cd /
rm -rf "$work"
touch "$folder/.complete"
