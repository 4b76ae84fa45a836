#!/usr/bin/env bash
# debian_root.sh FOLDER: fills FOLDER with OpenSMTPD, Exim and Cyrus from Debian and everything they need, for chroot. Does nothing when it is there.
# These packages exclude one another and the Postfix and Dovecot that are installed, so they are unpacked, not installed.
# OpenSMTPD for Debian 12 comes from its backports: 6.8 of Debian 12 itself cannot work with OpenSSL 3, and every TLS handshake
# with it fails ("missing private key"), whatever the configuration. Needs root and apt.
set -euo pipefail

readonly root=$1
mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9
[[ -e $root/.complete ]] && exit
rm -rf "$root" "$root.apt"
readonly apt=$root.apt
mkdir -p "$root" "$apt"/{lists/partial,archives/partial,sources}
: >"$apt/status"
. /etc/os-release

# The machine's sources and keys, with lists and packages of our own: an empty list of installed packages makes apt name every one that is needed.
cp -a /etc/apt/sources.list.d/. "$apt/sources/"
[[ -e /etc/apt/sources.list ]] && cp /etc/apt/sources.list "$apt/sources/machine.list"
opensmtpd=opensmtpd
if [[ $VERSION_CODENAME == bookworm ]]; then
    opensmtpd=opensmtpd/bookworm-backports
    # From where the machine itself gets its packages.
    mirror=$(cat "$apt"/sources/* | sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' | head -n 1)
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm-backports main" >"$apt/sources/backports.list"
fi
options=(-qq -y --no-install-recommends
    -o Dir::State::Lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt" -o Dir::Cache::archives="$apt/archives"
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/sources" -o Acquire::Languages=none -o APT::Sandbox::User=root)
apt-get "${options[@]}" update
apt-get "${options[@]}" --download-only install "$opensmtpd" cyrus-imapd cyrus-pop3d sasl2-bin dash
apt-get "${options[@]}" --download-only install exim4-daemon-heavy

for package in "$apt"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" |
        tar -x -C "$root" --keep-directory-symlink --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./usr/share/i18n
done
rm -rf "$apt"

cat >"$root/etc/passwd" <<'END'
root:x:0:0::/root:/bin/sh
mail:x:8:8::/var/mail:/bin/false
nobody:x:65534:65534::/nonexistent:/bin/sh
opensmtpd:x:7001:7001::/var/lib/opensmtpd/empty:/bin/false
opensmtpq:x:7002:7002::/var/lib/opensmtpd/empty:/bin/false
Debian-exim:x:7003:7003::/var/spool/exim4:/bin/false
cyrus:x:7004:8::/var/spool/cyrus:/bin/sh
END
cat >"$root/etc/group" <<'END'
root:x:0:
mail:x:8:
nogroup:x:65534:
opensmtpd:x:7001:
opensmtpq:x:7002:
Debian-exim:x:7003:
END
echo '127.0.0.1 localhost' >"$root/etc/hosts"
# OpenSMTPD does not start without, whatever its configuration.
mkdir -p "$root/etc/ssl/certs"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
mkdir -p "$root"/{dev,proc,root,run,tmp,srv,var/tmp,var/mail,var/lib/opensmtpd/empty}
chmod 1777 "$root/tmp" "$root/var/tmp"
[[ -e $root/var/run ]] || ln -s /run "$root/var/run"
[[ -e $root/bin/sh ]] || ln -s dash "$root/bin/sh"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/urandom" c 1 9
touch "$root/.complete"
