#!/usr/bin/env bash
# node.sh PROGRAMS WORK COMMAND...: a cluster of one node, with Postfix and Dovecot beside it, for as long as COMMAND runs.
# PROGRAMS is what build.sh filled, WORK an empty folder. To be run as root in network, mount and PID namespaces of its own (see run.sh), with which everything
# of it ends: processes, mounts, interfaces, packet filter. COMMAND gets KUBECONFIG, and kubectl on its PATH.
set -euo pipefail

readonly programs=$1 work=$2
shift 2
readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly address=10.99.9.1 services=10.96.0.0/16 pods=10.244.0.0/16
export PATH=$programs:/usr/sbin:/sbin:$PATH KUBECONFIG=$work/kubeconfig
mkdir -p "$work"/{etcd,pki,containerd,cni,kubelet,log,var-log,var-cni,manifests}

# What the servers write outside of WORK ends with the namespace.
mount --make-rshared /
mount -t tmpfs tmpfs /run
mkdir -p /var/lib/cni
mount --bind "$work/var-cni" /var/lib/cni
mount --bind "$work/var-log" /var/log

ip link set lo up
# The node's address: kubelet takes none of loopback. A bridge without ports, since a kernel may lack "dummy".
ip link add tfnode type bridge
ip addr add "$address/32" dev tfnode
ip link set tfnode up
# Addresses of services lead nowhere until the packet filter changes them, but there must be a route to get that far.
ip route add default dev tfnode
sysctl -q -w net.ipv4.ip_forward=1

# start NAME COMMAND...
start() {
    local name=$1
    shift
    "$@" >"$work/log/$name.log" 2>&1 </dev/null &
}

# until_true SECONDS WHAT COMMAND...
until_true() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS >= deadline)); then
            echo "node.sh: $what failed; the logs' ends:" >&2
            tail -n 15 "$work"/log/*.log >&2
            exit 1
        fi
        sleep 0.2
    done
}

# Debian has no CoreDNS: names of services come from a file that the test writes, and there are no others. For the node as well, where questions that
# nobody answers would take their time.
mkdir "$work/hosts"
start dns dnsmasq --no-daemon --user=root --conf-file=/dev/null --no-resolv --no-hosts --hostsdir="$work/hosts" --listen-address="$address" --bind-interfaces --local=/#/
echo "nameserver $address" >"$work/resolv.conf"
resolver=$(readlink -m /etc/resolv.conf)
mkdir -p "$(dirname "$resolver")"
[[ -e $resolver ]] || touch "$resolver"
mount --bind "$work/resolv.conf" "$resolver"

openssl genrsa -out "$work/pki/accounts.key" 2048 2>/dev/null
token=$(openssl rand -hex 16)
echo "$token,admin,admin,system:masters" >"$work/pki/tokens.csv"
cat >"$KUBECONFIG" <<END
apiVersion: v1
kind: Config
clusters: [{ name: test, cluster: { server: "https://$address:6443", insecure-skip-tls-verify: true } }]
users: [{ name: admin, user: { token: "$token" } }]
contexts: [{ name: test, context: { cluster: test, user: admin } }]
current-context: test
END
chmod 600 "$KUBECONFIG"

start etcd etcd --data-dir "$work/etcd" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster default=http://127.0.0.1:2380
start apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --service-account-issuer=https://kubernetes.default.svc \
    --service-account-signing-key-file="$work/pki/accounts.key" --service-account-key-file="$work/pki/accounts.key" \
    --service-cluster-ip-range="$services" --cert-dir="$work/pki" --bind-address=0.0.0.0 --advertise-address="$address" --secure-port=6443 \
    --token-auth-file="$work/pki/tokens.csv" --authorization-mode=RBAC --allow-privileged=true

cat >"$work/containerd.toml" <<END
version = 2
root = "$work/containerd/root"
state = "/run/containerd"
[grpc]
  address = "/run/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  # Neither may be set in a container or small virtual machine.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$work/cni"
END
# Point to point, not a bridge: answers of pods to pods pass the packet filter as well, with or without br_netfilter.
cat >"$work/cni/10-pods.conflist" <<END
{ "cniVersion": "0.4.0", "name": "pods", "plugins": [
  { "type": "ptp", "ipMasq": false, "ipam": { "type": "host-local", "ranges": [[{ "subnet": "$pods" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
  { "type": "portmap", "capabilities": { "portMappings": true } } ] }
END
start containerd containerd --config "$work/containerd.toml"
until_true 120 "containerd's start" ctr --address /run/containerd.sock version
for image in "$work"/images/*.tar; do
    ctr --address /run/containerd.sock --namespace k8s.io images import "$image" >"$work/log/import.log" 2>&1 || { cat "$work/log/import.log" >&2; exit 1; }
done

until_true 180 "the API server's start" kubectl get --raw /readyz
start controller-manager kube-controller-manager --kubeconfig="$KUBECONFIG" --service-account-private-key-file="$work/pki/accounts.key" --leader-elect=false
start scheduler kube-scheduler --kubeconfig="$KUBECONFIG" --leader-elect=false
start proxy kube-proxy --kubeconfig="$KUBECONFIG" --hostname-override=localhost --proxy-mode=iptables --conntrack-max-per-core=0 \
    --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0
cat >"$work/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: { anonymous: { enabled: true }, webhook: { enabled: false } }
authorization: { mode: AlwaysAllow }
cgroupDriver: cgroupfs
cgroupsPerQOS: false
cgroupRoot: $TLSFRONT_TEST_CGROUP
enforceNodeAllocatable: []
oomScoreAdj: 0
failSwapOn: false
# How often volumes of pods are compared with Secrets and ConfigMaps; Kubernetes' default is a minute.
syncFrequency: 3s
clusterDNS: [$address]
clusterDomain: cluster.local
resolvConf: $work/resolv.conf
imageGCHighThresholdPercent: 100
evictionHard: { memory.available: 50Mi }
END
# A node of that name, since the API server looks it up for logs and exec.
start kubelet kubelet --config="$work/kubelet.yaml" --kubeconfig="$KUBECONFIG" --root-dir="$work/kubelet" --container-runtime=remote \
    --container-runtime-endpoint=unix:///run/containerd.sock --hostname-override=localhost --node-ip="$address"

"$here/mail.sh" "$work/mail" "$address" "$pods"
until_true 180 "the node's start" kubectl wait --for=condition=Ready node/localhost --timeout=1s

code=0
"$@" || code=$?
if ((code != 0)); then
    kubectl get pods --all-namespaces -o wide >&2 || true
    tail -n 5 "$work"/log/*.log >"$work/log/ends" 2>&1 || true
fi
exit "$code"
