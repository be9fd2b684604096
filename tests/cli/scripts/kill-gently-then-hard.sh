#!/bin/sh
# First the polite signal, then the other one.
# uses: kill ps
sh -c 'trap "" TERM; echo ready; while :; do sleep 0.05; done' >said &
stubborn=$!
until grep -q ready said; do
    sleep 0.05
done
env kill "$stubborn"
sleep 0.2
if ps -p "$stubborn" >/dev/null; then
    env kill -9 "$stubborn"
fi
wait "$stubborn"
echo "status $?"
