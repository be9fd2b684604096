#!/bin/sh
# When a process was started, in seconds of date(1).
# uses: ps
started=$(date -d "$(ps -o lstart= -p "$PID")" +%s)
now=$(date +%s)
age=$(ps -o etimes= -p "$PID" | tr -d ' ')
difference=$((now - started - age))
[ "$difference" -ge -2 ] && [ "$difference" -le 2 ] && echo "both tell the same"
ps -o lstart= -p "$PID" | awk '{ print NF, $5 }'
