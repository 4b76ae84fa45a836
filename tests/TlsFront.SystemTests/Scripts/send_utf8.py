"""send_utf8.py PORT CA USER PASSWORD ADDRESS: sends a message with SMTPUTF8 by Python's smtplib."""
import smtplib
import ssl
import sys

port, ca, user, password, address = sys.argv[1:]
with smtplib.SMTP_SSL("localhost", int(port), context=ssl.create_default_context(cafile=ca)) as smtp:
    smtp.login(user, password)
    assert smtp.has_extn("smtputf8")
    smtp.sendmail("grüße@example.test", [address], "Subject: grüße\r\n\r\nhallo\r\n".encode(), mail_options=["SMTPUTF8", "BODY=8BITMIME"])
