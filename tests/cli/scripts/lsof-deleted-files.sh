#!/bin/sh
# Files that are deleted and still take room.
# uses: lsof
lsof -nP -a -p "$PID" +L1 | awk 'NR > 1 { print $4, $7, $8 }'
lsof -p "$PID" | grep -c '(deleted)$'
