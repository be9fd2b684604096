#!/bin/sh
# One process in batch mode.
# uses: top
top -b -n 1 -p "$PID" | tail -n 1 | awk '{ print $1, $3, $4, $8, $NF }'
top -bn1 -p "$PID" | grep -c .
