"""client.py PORT CA NAME VERSION SUITE REQUEST SESSIONS: sends the file REQUEST, and says the SHA-256 of what is answered, each session a line.

Suites by OpenSSL's names; those of TLS 1.3 are left to the configuration of OpenSSL, since the module has no word for them.
"""
import hashlib
import socket
import ssl
import sys

port, authority, name, version, suite, request, sessions = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
context.minimum_version = context.maximum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
if version == "1.2":
    context.set_ciphers(suite)
session = None
for _ in range(int(sessions)):
    plain = socket.create_connection(("127.0.0.1", int(port)))
    with context.wrap_socket(plain, server_hostname=name, session=session, suppress_ragged_eofs=False) as connection:
        with open(request, "rb") as file:
            while part := file.read(65536):
                connection.sendall(part)
        answer = hashlib.sha256()
        while part := connection.recv(65536):
            answer.update(part)
        session = connection.session
    print(answer.hexdigest(), flush=True)
