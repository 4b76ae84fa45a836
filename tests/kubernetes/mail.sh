#!/usr/bin/env bash
# mail.sh FOLDER ADDRESS NETWORK: a private Postfix (10465) and Dovecot (10143, 10110) on ADDRESS that live in FOLDER and believe the PROXY headers of NETWORK.
# To Dovecot every user exists and has the password "correct-horse"; Postfix delivers to anna and berta at example.test. They run until somebody ends them.
set -euo pipefail

readonly folder=$1 address=$2 network=$3
readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly deploy=$here/../../deploy owner=65534
mkdir -p "$folder"/{dovecot,etc,queue,data,mail}
chmod 755 "$folder" "$folder/dovecot"
chown "$owner:$owner" "$folder/mail"
chown postfix "$folder/data"

# The lines that are shipped for operators, with the addresses of this place.
placed() { sed -e "s#127\.0\.0\.0/8#$network#; s#127\.0\.0\.1#$address#g" "$1"; }

cat >"$folder/dovecot/dovecot.conf" <<END
base_dir = $folder/dovecot/run
state_dir = $folder/dovecot
log_path = $folder/dovecot.log
protocols = imap pop3
listen = $address
ssl = no
auth_mechanisms = plain
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=correct-horse
}
userdb {
  driver = static
  args = uid=$owner gid=$owner home=$folder/mail/%n
}
protocol imap {
  mail_max_userip_connections = 500
}
service imap-login {
  process_limit = 300
  service_count = 0
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  inet_listener pop3 {
    port = 0
  }
  inet_listener pop3s {
    port = 0
  }
}
service auth {
  unix_listener auth-postfix {
    mode = 0666
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
$(placed "$deploy/dovecot/tlsfront-2.3.conf")
END
dovecot -F -c "$folder/dovecot/dovecot.conf" >"$folder/dovecot.out" 2>&1 </dev/null &

cat >"$folder/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
maillog_file = $folder/mail.log
maillog_file_prefixes = $folder
myhostname = postfix.example.test
mydestination =
inet_interfaces = $address
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = example.test
virtual_mailbox_base = $folder/mail
virtual_mailbox_maps = texthash:$folder/etc/mailboxes
virtual_uid_maps = static:$owner
virtual_gid_maps = static:$owner
default_transport = discard
smtpd_sasl_type = dovecot
smtpd_sasl_path = $folder/dovecot/run/auth-postfix
END
printf '%s@example.test %s/Maildir/\n' anna anna berta berta >"$folder/etc/mailboxes"
{
    placed "$deploy/postfix/master.cf"
    cat <<'END'
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
proxymap  unix  -       -       n       -       -       proxymap
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
virtual   unix  -       n       n       -       -       virtual
anvil     unix  -       -       n       -       1       anvil
postlog   unix-dgram n  -       n       -       1       postlogd
END
} >"$folder/etc/master.cf"
postfix -c "$folder/etc" check
"$(postconf -c "$folder/etc" -h daemon_directory)/master" -c "$folder/etc" -s >"$folder/postfix.out" 2>&1 </dev/null &

for port in 10465 10143 10110; do
    deadline=$((SECONDS + 60))
    until (exec 3<>"/dev/tcp/$address/$port") 2>/dev/null; do
        ((SECONDS < deadline)) || { echo "mail.sh: nothing listens on $port" >&2; tail -n 20 "$folder"/*.log "$folder"/*.out >&2; exit 1; }
        sleep 0.1
    done
done
