"""imap_compress.py PORT CA USER PASSWORD: turns COMPRESS=DEFLATE (RFC 4978) on and uses the session compressed."""
import socket
import ssl
import sys
import zlib

port, ca, user, password = sys.argv[1:]
connection = ssl.create_default_context(cafile=ca).wrap_socket(socket.create_connection(("localhost", int(port)), timeout=30), server_hostname="localhost")


def until(tag, receive, buffered=b""):
    while not any(line.startswith(tag) for line in buffered.split(b"\r\n")[:-1]):
        data = receive()
        assert data, buffered
        buffered += data
    assert tag + b" OK" in buffered, buffered
    return buffered


def plain():
    return connection.recv(65536)


connection.sendall(f"a LOGIN {user} {password}\r\n".encode())
until(b"a", plain)
connection.sendall(b"b CAPABILITY\r\n")
assert b"COMPRESS=DEFLATE" in until(b"b", plain)
connection.sendall(b"c COMPRESS DEFLATE\r\n")
until(b"c", plain)

deflate, inflate = zlib.compressobj(wbits=-15), zlib.decompressobj(wbits=-15)


def send(data):
    connection.sendall(deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH))


def compressed():
    return inflate.decompress(connection.recv(65536))


message = b"Subject: compressed\r\n\r\n" + b"the same line again and again\r\n" * 20_000
send(b"d APPEND INBOX {%d+}\r\n" % len(message) + message + b"\r\n")
until(b"d", compressed)
send(b"e SELECT INBOX\r\n")
until(b"e", compressed)
send(b"f FETCH 1 BODY.PEEK[]\r\n")
assert message in until(b"f", compressed)
