#!/usr/bin/env bash
# debian_base.sh FOLDER: prints the path of a root file system as a tar file in FOLDER, which it makes unless it is there: the Debian of this machine with
# systemd, Postfix, Dovecot, certbot, the ACME server pebble, and what a test wants to look with. Needs root and mmdebstrap.
set -euo pipefail

readonly folder=$1
. /etc/os-release
packages=systemd,systemd-sysv,dbus,iproute2,procps,ca-certificates,adduser,init-system-helpers,dovecot-imapd,dovecot-pop3d,postfix,openssl,curl,certbot,pebble,libsqlite3-0
# Another list or another recipe is another file.
archive=$folder/$VERSION_CODENAME-$(sha256sum "${BASH_SOURCE[0]}" | cut -c1-12).tar
mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9
if [[ ! -e $archive ]]; then
    rm -f "$folder"/*.tar "$folder"/*.new
    sources=/etc/apt/sources.list
    for file in /etc/apt/sources.list.d/{debian,ubuntu}.sources; do
        if [[ -e $file ]]; then sources=$file; fi
    done
    mmdebstrap --quiet --format=tar --variant=minbase --include="$packages" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook='rm -f "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap' \
        "$VERSION_CODENAME" "$archive.new" "$sources" >&2
    mv "$archive.new" "$archive"
fi
echo "$archive"
