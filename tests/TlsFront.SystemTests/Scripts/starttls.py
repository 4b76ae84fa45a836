"""starttls.py SMTP IMAP POP3 AUTHORITY USER PASSWORD: the clients of Python's own library go by STARTTLS, refuse to log in before, and log in behind it."""
import imaplib
import poplib
import smtplib
import ssl
import sys

smtp_port, imap_port, pop3_port, authority, user, password = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)

with smtplib.SMTP("localhost", int(smtp_port)) as smtp:
    smtp.ehlo()
    assert smtp.has_extn("starttls") and not smtp.has_extn("auth"), smtp.esmtp_features
    smtp.starttls(context=context)
    smtp.ehlo()
    assert smtp.has_extn("auth") and not smtp.has_extn("starttls"), smtp.esmtp_features
    smtp.login(user, password)

imap = imaplib.IMAP4("localhost", int(imap_port))
assert "LOGINDISABLED" in imap.capabilities, imap.capabilities
imap.starttls(context)
assert "STARTTLS" not in imap.capabilities, imap.capabilities
imap.login(user, password)
imap.select()
imap.logout()

pop3 = poplib.POP3("localhost", int(pop3_port))
assert "STLS" in pop3.capa() and "USER" not in pop3.capa(), pop3.capa()
pop3.stls(context)
assert "STLS" not in pop3.capa(), pop3.capa()
pop3.user(user)
pop3.pass_(password)
pop3.quit()
