#!/usr/bin/env bash
# open_session.sh AUTHORITY FOLDER: alice logs in by IMAP, waits until FOLDER/go exists, and logs out. FOLDER/answers has what she was told.
set -euo pipefail
mkdir -p "$2"
{
    printf 'a LOGIN alice secret\r\n'
    until [[ -e $2/go ]]; do sleep 0.1; done
    printf 'b NOOP\r\nc LOGOUT\r\n'
} | openssl s_client -quiet -connect 127.0.0.1:993 -servername mail.example.com -CAfile "$1" >"$2/answers" 2>&1
