"""Logs in and sends without TLS, as a device does that is older than it: SMTP with each mechanism it may know, IMAP and POP3.

Usage: cleartext.py SMTP-PORT IMAP-PORT POP3-PORT USER PASSWORD
"""
import imaplib
import poplib
import smtplib
import sys

smtp_port, imap_port, pop3_port = map(int, sys.argv[1:4])
user, password = sys.argv[4:6]

for mechanism in ("auth_plain", "auth_login"):
    with smtplib.SMTP("127.0.0.1", smtp_port) as smtp:
        smtp.ehlo("device.example.test")
        assert smtp.has_extn("starttls"), smtp.esmtp_features
        smtp.user, smtp.password = user, password
        smtp.auth(mechanism[5:].upper(), getattr(smtp, mechanism))
        smtp.sendmail(f"{user}@example.test", [f"{user}@example.test"], "Subject: scan\r\n\r\nx\r\n")

imap = imaplib.IMAP4("127.0.0.1", imap_port)
assert "LOGINDISABLED" not in imap.capabilities, imap.capabilities
imap.login(user, password)
imap.select()
imap.logout()

pop3 = poplib.POP3("127.0.0.1", pop3_port)
pop3.user(user)
pop3.pass_(password)
pop3.stat()
pop3.quit()
