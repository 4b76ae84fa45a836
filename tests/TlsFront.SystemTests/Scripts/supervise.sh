#!/usr/bin/env bash
# supervise.sh COMMAND...: runs a command in a session of its own, prints its process id as the first line, and returns its exit code.
# When standard input ends, the command and everything in its group is ended: no daemon outlives a test run, however that was stopped.
exec 4<&0
# A shell starts background commands deaf to Ctrl-C.
setsid env --default-signal=INT,QUIT "$@" </dev/null 4<&- &
child=$!
echo "$child"
# The watcher is nobody's child: a runner that gives up kills the whole tree below it.
setsid --fork bash -c '
    while read -r _; do :; done
    kill -TERM -- "-$1"
    for _ in {1..100}; do
        kill -0 -- "-$1" || exit 0
        sleep 0.05
    done
    kill -KILL -- "-$1"
' watcher "$child" <&4 4<&- >/dev/null 2>&1
exec 4<&-
wait "$child"
code=$?
kill -KILL -- "-$child" 2>/dev/null
exit "$code"
