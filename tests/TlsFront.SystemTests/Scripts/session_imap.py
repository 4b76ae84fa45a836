"""session_imap.py PORT CA USER PASSWORD: a session of Python's imaplib with a mailbox that holds one message."""
import imaplib
import ssl
import sys

port, ca, user, password = sys.argv[1:]


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


with imaplib.IMAP4_SSL("localhost", int(port), ssl_context=ssl.create_default_context(cafile=ca)) as imap:
    assert "STARTTLS" not in imap.capabilities, imap.capabilities
    try:
        imap.login(user, "wrong")
        raise AssertionError("a wrong password was accepted")
    except imaplib.IMAP4.error:
        pass
    ok(imap.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode()))
    assert ok(imap.select("INBOX")) == [b"1"]
    assert b"Subject: for the reader" in ok(imap.fetch("1", "(RFC822)"))[0][1]
    ok(imap.append("INBOX", None, None, b"Subject: literal\r\n\r\n" + b"x" * 100_000))
    assert ok(imap.search(None, "SUBJECT", "literal")) == [b"2"]
    ok(imap.store("2", "+FLAGS", r"\Deleted"))
    ok(imap.expunge())
