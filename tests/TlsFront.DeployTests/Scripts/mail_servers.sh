#!/usr/bin/env bash
# mail_servers.sh EXAMPLES [PORT]: configures Debian's Postfix and Dovecot with the lines that deploy/ has for them, from the folder EXAMPLES,
# and makes the user alice with the password "secret". PORT is Postfix' in place of 10465, where the gateway itself listens on that.
set -euo pipefail
readonly examples=$1 port=${2:-10465}

useradd --create-home --password "$(openssl passwd -6 secret)" alice
cat >/etc/dovecot/local.conf <<END
protocols = imap pop3
mail_location = maildir:~/Maildir
auth_username_format = %n
!include $examples/dovecot/tlsfront-2.3.conf
service imap-login {
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  inet_listener pop3s {
    port = 0
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0666
  }
}
END
sed "s/10465/$port/" "$examples/postfix/master.cf" >>/etc/postfix/master.cf
postconf -e maillog_file=/var/log/mail.log inet_protocols=ipv4 mydestination=example.com,localhost home_mailbox=Maildir/ \
    smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth
