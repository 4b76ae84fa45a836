"""hold_sockets.py HOST:PORT... -- COMMAND...

What systemd does for a .socket and a .service unit: listens, hands the sockets over to the command, and starts it anew each time it ends in order.
Prints "started PID" for each start.
"""

import fcntl
import os
import socket
import sys

FIRST = 3  # SD_LISTEN_FDS_START
separator = sys.argv.index("--")
places, command = sys.argv[1:separator], sys.argv[separator + 1:]
sockets = []
for place in places:
    host, port = place.rsplit(":", 1)
    sockets.append(socket.create_server((host, int(port)), backlog=1024))

while True:
    child = os.fork()
    if child == 0:
        # Out of the way first: one of them may have the number of another.
        copies = [fcntl.fcntl(one.fileno(), fcntl.F_DUPFD_CLOEXEC, FIRST + len(sockets)) for one in sockets]
        for number, copy in enumerate(copies, FIRST):
            os.dup2(copy, number)
        os.execvpe(command[0], command, os.environ | {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(sockets))})
    print(f"started {child}", flush=True)
    _, status = os.waitpid(child, 0)
    if status != 0:
        sys.exit(f"the command ended with status {status:#x}")
