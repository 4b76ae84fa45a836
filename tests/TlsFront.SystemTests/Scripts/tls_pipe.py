"""tls_pipe.py HOST PORT [option=value ...]: standard input to a TLS (or plain) connection, what it answers to standard output.

Options: ca=FILE, source=ADDRESS, version=1.2|1.3, name=SERVER-NAME, alpn=A,B, ciphers=LIST, tls=no, header=HEX (sent before anything else).
How the connection ended is the last line on standard error: close_notify, eof, reset, or an error of the handshake.
When standard input ends, close_notify is sent if end=notify, and the connection is cut if end=cut (the default).
"""
import os
import select
import socket
import ssl
import sys

host, port = sys.argv[1], int(sys.argv[2])
options = dict(argument.split("=", 1) for argument in sys.argv[3:])


def say(what):
    print(what, file=sys.stderr, flush=True)


def secure(connection):
    context = ssl.create_default_context(cafile=options["ca"])
    version = options.get("version")
    if version:
        wanted = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
        context.minimum_version = context.maximum_version = wanted
    if "alpn" in options:
        context.set_alpn_protocols(options["alpn"].split(","))
    if "ciphers" in options:
        context.set_ciphers(options["ciphers"])
    secured = context.wrap_socket(connection, server_hostname=options.get("name", host), suppress_ragged_eofs=False)
    say(f"secured {secured.version()} {secured.cipher()[0]} {secured.selected_alpn_protocol()}")
    return secured


def write(connection, data):
    view = memoryview(data)
    while view:
        try:
            view = view[connection.send(view):]
        except (ssl.SSLWantWriteError, BlockingIOError):
            select.select([], [connection], [])
        except ssl.SSLWantReadError:
            select.select([connection], [], [])


def run():
    source = (options["source"], 0) if "source" in options else None
    connection = socket.create_connection((host, port), timeout=30, source_address=source)
    connection.sendall(bytes.fromhex(options.get("header", "")))
    if options.get("tls") != "no":
        connection = secure(connection)
    connection.setblocking(False)
    inputs = [connection, 0]
    while True:
        ready = select.select(inputs, [], [])[0]
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                if options.get("end") != "notify":
                    return "cut"
                inputs.remove(0)
                connection.setblocking(True)
                connection.unwrap()
                return "close_notify"
            write(connection, data)
        if connection in ready:
            try:
                while True:
                    data = connection.recv(65536)
                    if not data:
                        return "eof" if options.get("tls") == "no" else "close_notify"
                    sys.stdout.buffer.write(data)
                    sys.stdout.buffer.flush()
            except (ssl.SSLWantReadError, BlockingIOError):
                pass


try:
    say(run())
except ssl.SSLEOFError:
    say("eof")
except ConnectionResetError:
    say("reset")
except (ssl.SSLError, OSError) as error:
    say(f"error {error}")
    sys.exit(1)
