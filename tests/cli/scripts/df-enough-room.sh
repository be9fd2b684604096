#!/bin/sh
# Goes on only where there is room enough.
# uses: df
set -e
free=$(df -Pk "$DIR" | awk 'NR == 2 { print $4 }')
if [ "$free" -lt 1 ]; then
    echo "no room" >&2
    exit 1
fi
df -h "$DIR" | head -n 1
