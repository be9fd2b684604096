#!/bin/sh
# The processes of a user, among them the one that is looked for.
# uses: ps
ps -u "$(id -u)" -o pid= | grep -cw "$PID"
ps -U "$(id -u)" -u "$(id -u)" u | awk -v pid="$PID" '$2 == pid { print $1, $8 }'
ps -o user= -p "$PID" | sort -u
