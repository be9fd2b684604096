#!/bin/sh
# Waits, though not forever, until somebody listens.
# uses: netstat
tries=0
until netstat -ltn | grep -q "127.0.0.1:$PORT "; do
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || exit 1
    sleep 0.1
done
echo "open after $tries tries"
