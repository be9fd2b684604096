#!/bin/sh
# Only the status counts: what is said goes nowhere.
# uses: pidof kill lsof netstat ifconfig ionice taskset ps df free who nice tty
if pidof "$NAME" >&-; then
    echo "runs"
fi
lsof -t -i ":$PORT" >&- && echo "taken"
for command in "pidof no-such-program" "env kill -l" "netstat -tln" "ifconfig lo" ionice "taskset -p $PID" \
    "lsof -p $PID" "ps -p $PID" "df /" free "who $UTMP" nice tty; do
    $command >&- 2>/dev/null
    echo "$command: $?"
done
taskset -p "$PID" >&- 2>&1 || echo "failed"
