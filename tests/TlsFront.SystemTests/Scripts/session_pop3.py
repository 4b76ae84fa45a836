"""session_pop3.py PORT CA USER PASSWORD: sessions of Python's poplib with a mailbox that holds one message."""
import poplib
import ssl
import sys

port, ca, user, password = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)

refused = poplib.POP3_SSL("localhost", int(port), context=context)
try:
    refused.user(user)
    refused.pass_("wrong")
    raise AssertionError("a wrong password was accepted")
except poplib.error_proto:
    refused.close()

pop3 = poplib.POP3_SSL("localhost", int(port), context=context)
assert "STLS" not in pop3.capa(), pop3.capa()
pop3.user(user)
pop3.pass_(password)
assert pop3.stat()[0] == 1
assert b"Subject: for the reader" in pop3.retr(1)[1]
assert len(pop3.uidl()[1]) == 1
pop3.dele(1)
pop3.quit()
