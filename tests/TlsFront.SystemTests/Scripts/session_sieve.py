"""session_sieve.py PORT CA USER PASSWORD implicit|starttls: a user puts a script on the server, lists it, gets it back and leaves."""
import base64
import re
import socket
import ssl
import sys

port, ca, user, password, security = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
context.set_alpn_protocols(["managesieve"])


class Sieve:
    """A client of ManageSieve (RFC 5804)."""

    def __init__(self, connection):
        self.use(connection)

    def use(self, connection):
        self.connection = connection
        self.input = connection.makefile("rb")

    def answer(self):
        """The lines up to the status, and the status; the octets of a literal stand in for the line that announces it."""
        lines = []
        while True:
            line = self.input.readline()
            assert line.endswith(b"\r\n"), line
            literal = re.fullmatch(rb"\{(\d+)\}\r\n", line)
            if literal:
                line = self.input.read(int(literal[1])) + self.input.readline()
            if re.match(rb"(OK|NO|BYE)\b", line):
                return lines, line.decode().rstrip()
            lines.append(line[:-2].decode())

    def ask(self, command, expected="OK"):
        self.connection.sendall(command.encode() + b"\r\n")
        lines, status = self.answer()
        assert status.startswith(expected), (command, lines, status)
        return lines

    def challenge(self, text):
        self.connection.sendall(text.encode() + b"\r\n")
        line = self.input.readline()
        literal = re.fullmatch(rb"\{(\d+)\}\r\n", line)
        return self.input.readline() if literal else line


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def capabilities(lines):
    return dict((line.replace('"', "") + " ").split(" ", 1) for line in lines)


raw = socket.create_connection(("localhost", int(port)))
if security == "implicit":
    tls = context.wrap_socket(raw, server_hostname="localhost")
    assert tls.selected_alpn_protocol() == "managesieve", tls.selected_alpn_protocol()
    sieve = Sieve(tls)
else:
    sieve = Sieve(raw)
    lines, status = sieve.answer()
    offered = capabilities(lines)
    assert "STARTTLS" in offered and offered["SASL"].strip() == "", lines
    sieve.ask(f'AUTHENTICATE "PLAIN" "{encoded("x")}"', "NO (ENCRYPT-NEEDED)")
    sieve.ask("STARTTLS")
    sieve.use(context.wrap_socket(raw, server_hostname="localhost"))

# Behind TLS the list comes unasked, once: what follows is the answer to the command and no second list.
lines, status = sieve.answer()
offered = capabilities(lines)
assert status.startswith("OK") and "Pigeonhole" in offered["IMPLEMENTATION"], (lines, status)
assert "fileinto" in offered["SIEVE"] and "PLAIN" in offered["SASL"], lines
assert "STARTTLS" not in offered and "XCLIENT" not in offered, lines
assert sieve.ask('NOOP "resync"', 'OK (TAG "resync")') == []
assert capabilities(sieve.ask("CAPABILITY")) == offered

script = 'require ["fileinto"];\r\nif header "Subject" "x" { fileinto "x"; }\r\n' + "# filler\r\n" * 400
sieve.ask(f'PUTSCRIPT "early" {{{len(script)}+}}\r\n{script}', "NO")
sieve.ask("XCLIENT ADDR=192.0.2.1", "NO")
sieve.ask(f'AUTHENTICATE "PLAIN" "{encoded(chr(0) + user + chr(0) + "wrong")}"', "NO")
assert sieve.challenge('AUTHENTICATE "LOGIN"')
sieve.ask('"*"', "NO")
initial = encoded(f"\0{user}\0{password}")
if security == "implicit":
    sieve.ask(f'AUTHENTICATE "PLAIN" {{{len(initial)}+}}\r\n{initial}')
else:
    assert sieve.challenge('AUTHENTICATE "LOGIN"')
    assert sieve.challenge(f'"{encoded(user)}"')
    sieve.ask(f'"{encoded(password)}"')

sieve.ask(f'PUTSCRIPT "mine" {{{len(script)}+}}\r\n{script}')
assert '"mine"' in sieve.ask("LISTSCRIPTS")
assert "".join(sieve.ask('GETSCRIPT "mine"')).rstrip() == script.rstrip()
sieve.ask('PUTSCRIPT "broken" "what"', "NO")
sieve.ask("LOGOUT")
assert sieve.input.read() == b""
