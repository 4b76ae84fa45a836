#!/usr/bin/env bash
# mail_client.sh AUTHORITY SUBMISSIONS IMAPS POP3S: alice sends herself a message through the gateway at mail.example.com, and prints what she reads back
# by IMAP and by POP3.
set -euo pipefail
readonly submissions=$2 imaps=$3 pop3s=$4
curl=(curl --silent --show-error --max-time 60 --cacert "$1" --user alice:secret)
for port in "${@:2}"; do
    curl+=(--resolve "mail.example.com:$port:127.0.0.1")
done

printf 'From: alice@example.com\r\nTo: alice@example.com\r\nSubject: to myself\r\n\r\nhello\r\n' |
    "${curl[@]}" --url "smtps://mail.example.com:$submissions" --mail-from alice@example.com --mail-rcpt alice@example.com --upload-file -
until [[ -n $(find /home/alice/Maildir/new -type f 2>/dev/null) ]]; do sleep 0.1; done
"${curl[@]}" "imaps://mail.example.com:$imaps/INBOX;MAILINDEX=1"
"${curl[@]}" "pop3s://mail.example.com:$pop3s/1"
