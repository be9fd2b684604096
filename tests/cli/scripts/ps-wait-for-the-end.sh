#!/bin/sh
# Waits as long as a process runs.
# uses: ps
sleep 0.3 &
pid=$!
while ps -p "$pid" -o stat= | grep -qv Z; do
    sleep 0.1
done
wait "$pid"
echo "ended with $?"
