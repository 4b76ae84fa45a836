#!/usr/bin/env bash
# Records src/TlsFront/Compatibility/Hellos anew, as far as Debian has the clients:
#   tests/record-hellos.sh [PATTERN]
# needs tlsfront built (Release) and openssl gnutls-bin libnss3-tools python3 nodejs golang-go openjdk-17-jdk-headless gcc libmbedtls-dev
# libwolfssl-dev libbearssl-dev; with NODE24 set to a program of Node.js 24 also that. Only files whose name matches PATTERN are written, all without one.
# Each client meets tlsfront capture-hello; what it was is written into the file. Hellos "composed from" something are not made here.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

readonly hellos=$PWD/src/TlsFront/Compatibility/Hellos programs=$PWD/tests/record-hellos pattern=${1:-*}
tlsfront=$PWD/src/TlsFront/bin/Release/net10.0/tlsfront
system="$(. /etc/os-release && echo "Debian $VERSION_ID")"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tlsfront-hellos.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT

for library in mbedtls:"-lmbedtls -lmbedx509 -lmbedcrypto" wolfssl:-lwolfssl bearssl:-lbearssl; do
    # shellcheck disable=SC2086
    gcc -O1 -o "$scratch/${library%%:*}" "$programs/${library%%:*}.c" ${library#*:} || exit 1
done
go build -o "$scratch/go" "$programs/hello.go" || exit 1
javac -d "$scratch" "$programs/Hello.java" || exit 1
echo 'jdk.tls.disabledAlgorithms=' >"$scratch/java.security"
mkdir "$scratch/nss" && certutil -N -d "$scratch/nss" --empty-password || exit 1

# record NAME CLIENT LIBRARY NOTE COMMAND...: NAME.hello; PORT in COMMAND is the port.
record() {
    local name=$1 client=$2 library=$3 note=$4 file="$hellos/$1.hello" port=
    shift 4
    # shellcheck disable=SC2053
    [[ $name == $pattern ]] || return
    "$tlsfront" capture-hello --listen 127.0.0.1:0 --timeout 30s --client "$client" -o "$file" >"$scratch/log" 2>&1 &
    until port=$(sed -n 's/^waiting on 127.0.0.1:\([0-9]*\).*/\1/p' "$scratch/log") && [[ $port ]]; do sleep 0.1; done
    local command=("${@//PORT/$port}")
    timeout 20 "${command[@]}" </dev/null >/dev/null 2>&1
    wait $! || { echo "$name: not recorded"; cat "$scratch/log"; return; }
    local shown=$* from
    for from in "$scratch/" "$scratch" "${tlsfront%tlsfront}" "${NODE24:+${NODE24%node}}"; do shown=${shown//"$from"/}; done
    sed -i -e "/^client:/a library: $library" -e "s|^source:.*|source: recorded on $system by tests/record-hellos.sh: $shown|" "$file"
    if [[ $note ]]; then sed -i "/^source:/a note: $note" "$file"; fi
    tail -n 1 "$scratch/log"
}

openssl_version="OpenSSL $(openssl version | cut -d ' ' -f 2)"
gnutls_version="GnuTLS $(gnutls-cli --version | awk 'NR == 1 { print $2 }')"
nss_version="NSS $(dpkg-query -W -f '${Version}' libnss3 | sed 's/^.*://; s/-.*//')"
java_version="Java $(java -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')"
s_client=(openssl s_client -connect 127.0.0.1:PORT -servername mail.example.org)
gnutls=(gnutls-cli --insecure --sni-hostname mail.example.org -p PORT 127.0.0.1)
java=(java -cp "$scratch")
nss=(tstclnt -h 127.0.0.1 -p PORT -a mail.example.org -o -d "$scratch/nss")

record openssl-3.0 "OpenSSL 3.0" "$openssl_version, its defaults" "" "${s_client[@]}"
record openssl-1.1.1-like "OpenSSL 1.1.1" "$openssl_version with suites, groups and signatures of 1.1.1" \
    "3.0 adds to its own hello what 1.1.1 had not: groups of finite fields" \
    "${s_client[@]}" -cipher "DEFAULT:@SECLEVEL=0" -groups X25519:P-256:X448:P-521:P-384
record openssl-1.0.2-like "OpenSSL 1.0.2" "$openssl_version with what of 1.0.2 it still has" \
    "without 3DES and binary curves, which 1.0.2 offered as well" \
    "${s_client[@]}" -tls1_2 -cipher "ECDHE+AES:DHE+AES:kRSA+AES:CAMELLIA:@SECLEVEL=0" -groups P-256:P-521:P-384 \
    -sigalgs RSA+SHA512:DSA+SHA512:ECDSA+SHA512:RSA+SHA384:DSA+SHA384:ECDSA+SHA384:RSA+SHA256:DSA+SHA256:ECDSA+SHA256:RSA+SHA1:DSA+SHA1:ECDSA+SHA1
record openssl-tls1.1 "Any with OpenSSL held at TLS 1.1" "$openssl_version, TLS 1.1" "" "${s_client[@]}" -tls1_1 -cipher "DEFAULT:@SECLEVEL=0"
record openssl-tls1.0 "Any with OpenSSL held at TLS 1.0" "$openssl_version, TLS 1.0" "" "${s_client[@]}" -tls1 -cipher "DEFAULT:@SECLEVEL=0"
record openssl-no-name "OpenSSL without a server name" "$openssl_version, TLS 1.2 without server_name" \
    "as of programs that never learnt of server names" openssl s_client -connect 127.0.0.1:PORT -noservername -tls1_2
record openssl-rsa-key-exchange "Devices with RSA key exchange alone" "$openssl_version, TLS 1.2, AES with RSA key exchange" \
    "such as printers of about 2012" "${s_client[@]}" -tls1_2 -cipher "kRSA+AES:@SECLEVEL=0"
record openssl-p521 "OpenSSL with P-521 alone" "$openssl_version, TLS 1.3 and 1.2, group P-521" "some hardened set-ups" "${s_client[@]}" -groups P-521
record gnutls-3.7 "GnuTLS 3.7, as in msmtp and mutt" "$gnutls_version, its defaults" "" "${gnutls[@]}"
record gnutls-tls1.2 "GnuTLS 3.5 and older" "$gnutls_version, TLS 1.2 at most" "" "${gnutls[@]}" --priority "NORMAL:-VERS-TLS1.3"
record gnutls-tls1.0 "GnuTLS 2.x" "$gnutls_version, TLS 1.0 with 3DES and RC4" "" \
    "${gnutls[@]}" --priority "NORMAL:-VERS-ALL:+VERS-TLS1.0:+3DES-CBC:+ARCFOUR-128"
record python-3.11 "Python 3.11, as in offlineimap" "$openssl_version in Python's ssl" "" python3 -c \
    'import socket, ssl; ssl.create_default_context().wrap_socket(socket.create_connection(("127.0.0.1", PORT)), server_hostname="mail.example.org")'
record node-20 "Node.js 20, as in nodemailer" "OpenSSL $(node -p process.versions.openssl) in Node.js" "" \
    node -e 'require("tls").connect({host: "127.0.0.1", port: PORT, servername: "mail.example.org"}).on("error", () => {})'
if [[ ${NODE24-} ]]; then
    record node-24 "Node.js 24, as in nodemailer" "OpenSSL $("$NODE24" -p process.versions.openssl) in Node.js" \
        "offers X25519MLKEM768, as every program with OpenSSL 3.5" \
        "$NODE24" -e 'require("tls").connect({host: "127.0.0.1", port: PORT, servername: "mail.example.org"}).on("error", () => {})'
fi
record dotnet ".NET on Linux, as in MailKit" "$openssl_version in SslStream" "" "$tlsfront" probe --server-name mail.example.org imaps://127.0.0.1:PORT
record go "Go 1.19" "$(go version | cut -d ' ' -f 3), its defaults" "" "$scratch/go" PORT
record java-17 "Java 17, as in Jakarta Mail" "$java_version, its defaults" "" "${java[@]}" Hello PORT
record java-8-like "Java 8" "$java_version with the protocols of Java 8 before update 261" "" \
    "${java[@]}" -Djdk.tls.client.protocols=TLSv1,TLSv1.1,TLSv1.2 -Djava.security.properties="$scratch/java.security" Hello PORT
record nss-3.87 "NSS 3.87, the library of Thunderbird" "$nss_version, its defaults in tstclnt" "" "${nss[@]}"
record nss-thunderbird-like "Thunderbird 78 to 115" "$nss_version with the suites and groups of Thunderbird" "" "${nss[@]}" -V tls1.2:tls1.3 \
    -c :1301:1303:1302:C02B:C02F:CCA9:CCA8:C02C:C030:C00A:C009:C013:C014:009C:009D:002F:0035 -I x25519,P256,P384,P521,FF2048,FF3072
record nss-tls1.0 "Thunderbird 24 to 26, NSS 3.15" "$nss_version, TLS 1.0 with 3DES and RC4" "" \
    "${nss[@]}" -V tls1.0:tls1.0 -c :C00A:C009:C013:C014:0033:0039:002F:0035:000A:0005:0004 -I P256,P384,P521
record mbedtls-2.28 "Devices with mbedTLS 2.28" "mbedTLS 2.28, its defaults" "" "$scratch/mbedtls" PORT
record mbedtls-tls1.0 "Devices with PolarSSL or mbedTLS at TLS 1.0" "mbedTLS 2.28, TLS 1.0" "" "$scratch/mbedtls" PORT 1.0
record wolfssl-5.5 "Devices with wolfSSL 5.5" "wolfSSL 5.5, its defaults" "" "$scratch/wolfssl" PORT
record bearssl-0.6 "Microcontrollers with BearSSL 0.6" "BearSSL 0.6, full profile" "" "$scratch/bearssl" PORT
