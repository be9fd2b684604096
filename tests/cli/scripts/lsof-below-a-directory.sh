#!/bin/sh
# Files in use below a directory, before it is unmounted.
# uses: lsof
lsof +D "$DIR" 2>/dev/null | awk 'NR > 1 { print $2, $NF }' | sort -u
if lsof +D "$PWD" >/dev/null 2>&1; then
    echo "busy"
fi
