#!/usr/bin/env bash
# debian13.sh FOLDER: fills FOLDER with the C library and the OpenSSL of Debian 13, unpacked; prints a command that starts a program of this machine
# with them. Makes it unless it is there. Needs mmdebstrap and x86-64.
set -euo pipefail

readonly folder=$1 libraries=$1/usr/lib/x86_64-linux-gnu
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
if [[ ! -e $folder/.complete ]]; then
    rm -rf "$folder"
    # From where the machine itself gets its packages.
    mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } |
        sed -nE 's/^URIs: *([^ ]+debian\/?)( .*)?$/\1/p; s/^deb (\[[^]]*\] )?([^ ]+debian\/?) .*/\2/p' | head -n 1)
    # Ubuntu's mirrors have no Debian: then mmdebstrap's own.
    mmdebstrap --quiet --variant=extract --include=libc6,libssl3t64,libgcc-s1,libstdc++6,zlib1g trixie "$folder" ${mirror:+"$mirror"} >&2
    touch "$folder/.complete"
fi
echo "$libraries/ld-linux-x86-64.so.2 --library-path $libraries"
