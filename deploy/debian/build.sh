#!/usr/bin/env bash
# Builds the Debian package of a published binary: build.sh BINARY [FOLDER]. Prints the package's path.
# The binary comes from: dotnet publish src/TlsFront -c Release -r linux-x64 -o FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here root=$here/../..
binary=${1:?usage: build.sh BINARY [FOLDER]} target=${2:-.}
[[ -x $binary ]] || { echo "build.sh: $binary is no executable; publish it first" >&2; exit 1; }

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
architecture=$(dpkg --print-architecture)
tree=$(mktemp -d); trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

install -D -m 755 "$binary" "$tree/usr/bin/tlsfront"
install -D -m 644 "$root/deploy/systemd/tlsfront.tmpfiles" "$tree/usr/lib/tmpfiles.d/tlsfront.conf"
for unit in service socket; do install -D -m 644 "$root/deploy/systemd/tlsfront.$unit" "$tree/lib/systemd/system/tlsfront.$unit"; done
install -D -m 644 "$here/tlsfront.yaml" "$tree/etc/tlsfront/tlsfront.yaml"
install -D -m 755 "$root/deploy/systemd/certbot-deploy-hook" "$tree/usr/share/tlsfront/certbot-deploy-hook"
install -D -m 644 "$root/README.md" "$tree/usr/share/doc/tlsfront/README.md"
for folder in postfix dovecot opensmtpd exim cyrus rspamd; do
    mkdir -p "$tree/usr/share/doc/tlsfront/examples/$folder"
    find "$root/deploy/$folder" -maxdepth 1 -type f -exec install -m 644 -t "$tree/usr/share/doc/tlsfront/examples/$folder" {} +
done
for folder in fail2ban crowdsec; do cp -r "$root/deploy/$folder" "$tree/usr/share/doc/tlsfront/examples/"; done
chmod -R u=rwX,go=rX "$tree/usr/share/doc/tlsfront/examples"
find "$tree/usr/share/doc" -type d -empty -delete
install -D -m 644 "$here/copyright" "$tree/usr/share/doc/tlsfront/copyright"

mkdir "$tree/DEBIAN"
echo /etc/tlsfront/tlsfront.yaml >"$tree/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "$here/$script" "$tree/DEBIAN/$script"; done
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$(du -ks --exclude=DEBIAN "$tree" | cut -f1)/" "$here/control" >"$tree/DEBIAN/control"

package=$target/tlsfront_${version}_${architecture}.deb
dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >/dev/null
echo "$package"
