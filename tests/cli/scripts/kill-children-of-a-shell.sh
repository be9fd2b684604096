#!/bin/sh
# All children of a shell, by ps and xargs.
# uses: ps kill
sh -c 'sleep 1000 & sleep 1000 & sleep 1000 & wait; echo "all ended"' &
shell=$!
until [ "$(ps --ppid "$shell" -o comm= | grep -c '^sleep$')" = 3 ]; do
    sleep 0.05
done
ps --ppid "$shell" -o pid= | xargs kill -TERM
wait "$shell"
echo "status $?"
