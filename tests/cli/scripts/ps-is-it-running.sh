#!/bin/sh
# Does a process still run? The answer is the exit status.
# uses: ps
sleep 0 &
gone=$!
wait "$gone"
for pid in "$PID" "$gone"; do
    if ps -p "$pid" >/dev/null; then
        echo "runs"
    else
        echo "gone: $?"
    fi
done
