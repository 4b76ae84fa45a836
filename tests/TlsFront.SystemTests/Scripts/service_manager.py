"""service_manager.py COMMAND...: starts a command as systemd does a Type=notify service, and goes by systemd's rules.

NOTIFY_SOCKET is set; only the main process is listened to (NotifyAccess=main), and another one becomes it by the main process's MAINPID= alone.
SIGHUP and SIGTERM go to the main process; the service is over when none of its processes is left.
Tells "main PID" whenever there is another main process, "notified PID: ASSIGNMENT ..." for what that said, and "ignored PID: ..." for the others:
on standard error, because the service writes its log to standard output, where lines of both would run into each other.
"""
import ctypes
import os
import signal
import socket
import struct
import sys
import tempfile
import threading

PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
folder = tempfile.TemporaryDirectory()
place = os.path.join(folder.name, "notify")
messages = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
messages.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
messages.bind(place)
main = os.fork()
if main == 0:
    # As systemd does: whoever started the tests may ignore hang-ups.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.execvpe(sys.argv[1], sys.argv[1:], os.environ | {"NOTIFY_SOCKET": place, "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())})


def tell(line):
    print(line, file=sys.stderr, flush=True)


def listen():
    global main
    while True:
        text, extra, _, _ = messages.recvmsg(4096, socket.CMSG_SPACE(struct.calcsize("3i")))
        sender = struct.unpack("3i", extra[0][2])[0]
        assignments = text.decode().split("\n")
        tell(f"{'notified' if sender == main else 'ignored'} {sender}: {' '.join(assignments)}")
        for assignment in assignments:
            if sender == main and assignment.startswith("MAINPID="):
                main = int(assignment[len("MAINPID="):])
                tell(f"main {main}")


for number in (signal.SIGHUP, signal.SIGTERM):
    signal.signal(number, lambda received, _: os.kill(main, received))
tell(f"main {main}")
threading.Thread(target=listen, daemon=True).start()
code = 0
while True:
    try:
        ended, status = os.wait()
    except ChildProcessError:
        break
    tell(f"ended {ended} with {os.waitstatus_to_exitcode(status)}")
    if ended == main:
        code = os.waitstatus_to_exitcode(status)
folder.cleanup()
sys.exit(code)
