#!/bin/sh
# Names and numbers of signals.
# uses: kill
env kill -l 15
env kill -l TERM
env kill -l | tr ' ' '\n' | grep -c .
for number in 1 2 9; do
    printf '%s=%s\n' "$number" "$(env kill -l "$number")"
done
