#!/bin/sh
# The processors of a running process.
# uses: taskset
sleep 1000 &
pid=$!
first=$(taskset -cp "$pid" | awk -F ': ' '{ print $2 }' | sed 's/[-,].*//')
taskset -cp "$first" "$pid" | sed "s/$pid/PID/"
taskset -p "$pid" | awk '{ print $NF }'
kill "$pid"
taskset -p 0x0 "$PID" 2>/dev/null
echo "status $?"
