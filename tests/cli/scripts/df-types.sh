#!/bin/sh
# Which kinds of file systems there are.
# uses: df
df -aT | awk 'NR > 1 { print $2 }' | sort -u
df -t nosuchtype
echo "status $?"
