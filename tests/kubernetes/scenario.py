#!/usr/bin/env python3
"""scenario.py CHART WORK: what an operator does with the chart, on the cluster of node.sh, and what the users of the mail server notice of it.

Prints the figures; exit code 1 if a user noticed more than they should.
"""

import json
import os
import pathlib
import re
import smtplib
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

from mail_client import PASSWORD, Goodbye, Load, Session

CHART, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
NODE, SERVICE = "10.99.9.1", "10.96.0.93"
NAME = "mail.example.test"
SPACE = ("--namespace", "mail")
VALUES = {
    "config": {
        "hostname": NAME,
        "backends": [
            {"name": "postfix", "kind": "postfix", "destinations": [f"{NODE}:10465"]},
            {"name": "dovecot-imap", "kind": "dovecot", "destinations": [f"{NODE}:10143"]},
            {"name": "dovecot-pop3", "kind": "dovecot", "destinations": [f"{NODE}:10110"]},
        ],
        "drain": {"delay": "5s", "timeout": "20s"},
    },
    "certificates": [{"existingSecret": "mail-tls"}],
    "ticketKeys": {"existingSecret": "ticket-keys"},
    "admin": {"token": {"existingSecret": "admin-token"}},
    "image": {"repository": "localhost/tlsfront", "tag": "1", "pullPolicy": "Never"},
    "replicaCount": 1,
    "minReadySeconds": 3,
    "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}},
    # Kubernetes 1.20 has not got these yet.
    "service": {"type": "ClusterIP", "clusterIP": SERVICE, "internalTrafficPolicy": "", "ipFamilyPolicy": ""},
    "podDisruptionBudget": {"enabled": False},
}


def run(*command, stdin=None, check=True):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done.stdout


def kubectl(*arguments, **options):
    return run("kubectl", *arguments, **options)


def helm(*arguments):
    return run(os.environ["HELM"], *arguments, *SPACE)


def timed(what, action):
    start = time.monotonic()
    result = action()
    print(f"{what}: {time.monotonic() - start:.1f} s")
    return result


def until(seconds, what, condition):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not in {seconds} s: {what}")
        time.sleep(0.2)
    return value


def pods():
    """Names and addresses of the pods that are there, those that end included."""
    items = json.loads(kubectl("get", "pods", *SPACE, "-l", "app.kubernetes.io/name=tlsfront", "-o", "json"))["items"]
    return {item["metadata"]["name"]: item["status"].get("podIP") for item in items}


class Authority:
    """Issues the certificates; clients trust it alone."""

    def __init__(self, folder):
        folder.mkdir()
        self._folder = folder
        self.file = folder / "ca.crt"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Authority of the test",
                      "-keyout", folder / "ca.key", "-out", self.file)

    def store(self, serial):
        """Puts a certificate of that serial number into the Secret."""
        key, request, certificate, extensions = (self._folder / f"{serial}.{kind}" for kind in ("key", "csr", "crt", "cnf"))
        extensions.write_text(f"subjectAltName=DNS:{NAME}\nextendedKeyUsage=serverAuth\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={NAME}", "-keyout", key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._folder / "ca.key", "-set_serial", serial, "-days", "1",
                      "-extfile", extensions, "-out", certificate)
        secret = kubectl("create", "secret", "tls", "mail-tls", *SPACE, "--cert", certificate, "--key", key, "--dry-run=client", "-o", "yaml")
        kubectl("apply", "-f", "-", stdin=secret)

    @staticmethod
    def _openssl(*arguments):
        run("openssl", *(str(argument) for argument in arguments))


class IdleSession:
    """A client that is logged in and waits for mail, and notes how its session ends."""

    def __init__(self, context, user):
        self.session = Session(SERVICE, 993, context, NAME, patience=600)
        self.session.log_in(user)
        self.session.command("a2", "SELECT INBOX")
        self.session.send("a3 IDLE")
        while not self.session.line().startswith("+"):
            pass
        self.end = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        try:
            while not self.session.line().startswith("a4 "):
                pass
        except Goodbye as goodbye:
            self.end = str(goodbye)
        except OSError as error:
            self.end = f"cut: {error!r}"

    def asked(self):
        """Ends the waiting and asks for news: the answer, or None if there is none any more."""
        self.session.send("DONE")
        self.session.send("a4 NOOP")
        self._reader.join(timeout=30)
        return self.end is None and self.session.lines[-1].startswith("a4 OK")


def in_order(end):
    return end is not None and (end == "close_notify" or end.startswith("* BYE"))


def report(what, load):
    """Prints what the users of a load saw; every outcome but these two is one that they should not."""
    outcomes, seconds = load.stop()
    others = {outcome: count for outcome, count in outcomes.items() if outcome not in ("served", "goodbye", "refused")}
    print(f"{what}: {outcomes['served']} sessions in {seconds:.0f} s, {outcomes['refused']} refused, {sum(others.values())} failed, "
          f"{outcomes['goodbye']} ended in order while they lasted")
    assert outcomes["served"] > 50 and outcomes["refused"] == 0 and not others, others


def install(authority):
    kubectl("create", "namespace", "mail")
    authority.store(1)
    keys = WORK / "keys"
    keys.mkdir()
    for name in ("current", "previous"):
        (keys / name).write_bytes(os.urandom(80))
    kubectl("create", "secret", "generic", "ticket-keys", *SPACE, f"--from-file={keys}")
    kubectl("create", "secret", "generic", "admin-token", *SPACE, f"--from-literal=token={os.urandom(24).hex()}")
    (WORK / "values.json").write_text(json.dumps(VALUES))
    (WORK / "hosts" / "services").write_text(f"{SERVICE} tlsfront.mail.svc.cluster.local\n")
    notes = timed("helm install --wait", lambda: helm("install", "tlsfront", CHART, "--values", str(WORK / "values.json"), "--wait", "--timeout", "5m"))
    assert "helm test tlsfront" in notes, notes


def deliver(context):
    """A message through Postfix, and out of Dovecot again."""
    smtp = smtplib.SMTP_SSL(context=context, timeout=30)
    smtp._host = NAME
    smtp.connect(SERVICE, 465)
    smtp.login("anna", PASSWORD)
    smtp.sendmail("anna@example.test", ["berta@example.test"], "Subject: from the cluster\r\n\r\nGood day.\r\n")
    smtp.quit()
    session = Session(SERVICE, 993, context, NAME)
    session.log_in("berta")
    until(60, "the message is delivered", lambda: session.command("s1", "SELECT INBOX") and any(" 1 EXISTS" in line for line in session.command("s2", "SELECT INBOX")))
    header = " ".join(line.strip() for line in session.command("s3", "FETCH 1 BODY[HEADER]"))
    received = re.search(r"Received: from .*?\(tls [A-Z0-9_]+[^)]*\)|Received: .*?tls [A-Z0-9_]+", header)
    assert received, header
    print(f"submitted on 465, read on 993: {re.search(r'tls [A-Z0-9_]+', received.group(0)).group(0)}")
    session.close()


def renew(authority, context):
    idle, load = IdleSession(context, "waiting"), Load(SERVICE, 993, context, NAME, clients=3)
    start = time.monotonic()
    authority.store(2)

    def serial():
        session = Session(SERVICE, 993, context, NAME)
        session.close()
        return session.serial

    until(120, "the new certificate is presented", lambda: serial() == 2)
    print(f"Secret renewed: presented to new clients after {time.monotonic() - start:.1f} s")
    assert idle.asked(), f"the session under the old certificate: {idle.end}"
    print(f"the session that waited meanwhile (certificate {idle.session.serial}): goes on")
    idle.session.close()
    report("clients during the renewal", load)


def wait_for_pods(count):
    until(300, f"{count} pods are left", lambda: len(pods()) == count)


def scale(context):
    load = Load(SERVICE, 993, context, NAME)
    timed("scaled from 1 to 3, helm upgrade --wait", lambda: helm("upgrade", "tlsfront", CHART, "--reuse-values", "--set", "replicaCount=3", "--wait", "--timeout", "5m"))
    waiting = [IdleSession(context, f"scaled{number}") for number in range(12)]
    shares = {}
    for name, address in pods().items():
        text = urllib.request.urlopen(f"http://{address}:9090/metrics", timeout=30).read().decode()
        shares[name] = int(sum(float(line.split()[-1]) for line in text.splitlines()
                               if line.startswith("tlsfront_active_connections{") and 'tlsfront_listener="imaps"' in line))
    print(f"12 waiting sessions, with what the load has open, on the pods: {', '.join(str(share) for share in shares.values())}")
    assert len(shares) == 3 and all(shares.values()), shares
    timed("scaled from 3 to 1, helm upgrade --wait", lambda: helm("upgrade", "tlsfront", CHART, "--reuse-values", "--set", "replicaCount=1", "--wait", "--timeout", "5m"))
    timed("the last session of the pods that go has ended, after", lambda: wait_for_pods(1))
    time.sleep(1)
    ended = [idle.end for idle in waiting if idle.end]
    print(f"waiting sessions: {len(waiting) - len(ended)} on the pod that stays go on, {len(ended)} ended: {', '.join(sorted(set(ended)))}")
    assert ended and all(in_order(end) for end in ended), ended
    assert all(idle.asked() for idle in waiting if not idle.end), "a session on the pod that stays is gone"
    report("clients while scaling", load)


def upgrade(context):
    before = pods()
    idle, load = IdleSession(context, "upgraded"), Load(SERVICE, 993, context, NAME)
    timed("rolling upgrade to another image, helm upgrade --wait",
          lambda: helm("upgrade", "tlsfront", CHART, "--reuse-values", "--set-string", "image.tag=2", "--wait", "--timeout", "5m"))
    timed("the old pod's last session has ended, after", lambda: wait_for_pods(1))
    assert not before.keys() & pods().keys(), "the pod was not replaced"
    time.sleep(1)
    print(f"the session that waited on the old pod: {idle.end}")
    assert in_order(idle.end), idle.end
    report("clients during the upgrade", load)


def main():
    authority = Authority(WORK / "authority")
    context = ssl.create_default_context(cafile=str(authority.file))
    print(f"Kubernetes {kubectl('get', 'node', 'localhost', '-o', 'jsonpath={.status.nodeInfo.kubeletVersion}')}")
    install(authority)
    print(timed("helm test", lambda: helm("test", "tlsfront", "--logs")).split("POD LOGS:")[-1].strip())
    print(kubectl("exec", "deploy/tlsfront", *SPACE, "--", "tlsfront", "status").strip())
    deliver(context)
    renew(authority, context)
    scale(context)
    upgrade(context)
    timed("helm uninstall", lambda: helm("uninstall", "tlsfront", "--wait"))


try:
    main()
except AssertionError as error:
    print(f"scenario.py: {error}", file=sys.stderr)
    sys.exit(1)
