#!/usr/bin/env bash
# Containers with a store, settings and locks of their own in the folder STORE: nothing of the machine's podman is seen or touched.
#   containers.sh STORE check           whether containers can be run at all; says why not
#   containers.sh STORE run COMMAND...  runs a command, podman or one that runs podman
#   containers.sh STORE remove          ends every container of the store and removes it, whatever state it is in
set -euo pipefail

readonly store=$1 action=$2; shift 2
export CONTAINERS_CONF=$store/containers.conf CONTAINERS_STORAGE_CONF=$store/storage.conf

# A sandbox may allow less than podman's own default, and raising a limit takes a capability.
limit() {
    local hard; hard=$(ulimit "$1")
    if [[ $hard == unlimited ]] || ((hard > 20000)); then hard=20000; fi
    echo "$hard:$hard"
}

if [[ $action != remove && ! -e $CONTAINERS_CONF ]]; then
    mkdir -p "$store"
    # runc: crun does not know control groups of both versions at once. Locks in files: those in shared memory are one set for all stores.
    cat >"$CONTAINERS_CONF" <<END
[containers]
default_ulimits = ["nofile=$(limit -Hn)", "nproc=$(limit -Hu)"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "$store/libpod"
END
    cat >"$CONTAINERS_STORAGE_CONF" <<END
[storage]
driver = "overlay"
graphroot = "$store/graph"
runroot = "$store/run"
END
fi

case $action in
check)
    # catatonit is linked statically, so it is a whole image.
    tar --dereference -C /usr/libexec/podman -c catatonit | podman import --quiet - localhost/check >/dev/null
    podman run --rm --network none --read-only --cap-drop ALL --user 10001 localhost/check /catatonit --version
    ;;
run) exec "$@" ;;
remove)
    [[ -e $CONTAINERS_CONF ]] || exit 0
    # Those that others share a network with go after the others.
    for _ in 1 2 3; do
        if podman rm --all --force --time 0 >/dev/null; then break; fi
    done
    awk -v store="$store/" 'index($5, store) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs --no-run-if-empty umount --lazy || true
    rm -rf "$store"
    ;;
*) echo "containers.sh: what is $action?" >&2; exit 2 ;;
esac
