#!/bin/sh
# Waits, though not forever, until somebody listens.
# uses: netstat
export PORT
timeout 60 sh -c 'until netstat -ltn | grep -q "127.0.0.1:$PORT "; do sleep 0.1; done'
echo "status $?"
tries=0
until netstat -ltn | grep -q "127.0.0.1:0 "; do
    tries=$((tries + 1))
    [ "$tries" -lt 3 ] || break
done
echo "given up after $tries tries"
