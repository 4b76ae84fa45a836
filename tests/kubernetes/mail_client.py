"""Mail clients of the scenario: what they count is what users would notice."""

import collections
import socket
import ssl
import threading
import time

PASSWORD = "correct-horse"


class Session:
    """An IMAP session over TLS."""

    def __init__(self, address, port, context, name, patience=30):
        plain = socket.create_connection((address, port), timeout=patience)
        # Without close_notify an end is an error, not an end.
        self.socket = context.wrap_socket(plain, server_hostname=name, suppress_ragged_eofs=False)
        self.serial = int(self.socket.getpeercert()["serialNumber"], 16)
        self.file = self.socket.makefile("rb")
        self.lines = []
        self.greeting = self.line()

    def line(self):
        line = self.file.readline().decode()
        if not line:
            raise Goodbye("close_notify")
        self.lines.append(line.rstrip())
        if line.startswith("* BYE"):
            raise Goodbye(line.rstrip())
        return line.rstrip()

    def send(self, text):
        self.socket.sendall(text.encode() + b"\r\n")

    def command(self, tag, text):
        """Sends a command and returns the lines up to its result, which must be OK."""
        self.send(f"{tag} {text}")
        answer = []
        while True:
            answer.append(self.line())
            if answer[-1].startswith(f"{tag} "):
                if not answer[-1].startswith(f"{tag} OK"):
                    raise ValueError(answer[-1])
                return answer

    def log_in(self, user):
        self.command("a1", f"LOGIN {user} {PASSWORD}")

    def close(self):
        self.socket.close()


class Goodbye(Exception):
    """An end in order: BYE, or TLS' close_notify, which is what logged-in sessions get, since the gateway does not speak into them."""


class Load:
    """Clients that come, log in, look and go, one after the other in each of some threads."""

    def __init__(self, address, port, context, name, clients=6):
        self.outcomes = collections.Counter()
        self.serials = collections.Counter()
        self._where = (address, port, context, name)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(clients)]
        self._from = time.monotonic()
        for thread in self._threads:
            thread.start()

    def stop(self):
        """Ends them and returns what they saw: sessions by outcome, and seconds."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return self.outcomes, time.monotonic() - self._from

    def _run(self, number):
        while not self._stop.is_set():
            outcome = self._session(f"load{number}")
            with self._lock:
                self.outcomes[outcome] += 1
            if outcome not in ("served", "goodbye"):
                time.sleep(0.1)

    def _session(self, user):
        step = "connect"
        session = None
        try:
            session = Session(*self._where)
            step = "login"
            session.log_in(user)
            step = "look"
            session.command("a2", "SELECT INBOX")
            step = "leave"
            session.send("a3 LOGOUT")
            while not session.line().startswith("a3 "):
                pass
            return "served"
        except Goodbye:
            # Ours, to LOGOUT; or the server's.
            return "served" if step == "leave" else "goodbye"
        except ConnectionRefusedError:
            return "refused"
        except Exception as error:  # every other end is one that no user should see
            return f"{step}: {type(error).__name__}: {error}"
        finally:
            if session:
                session.close()
