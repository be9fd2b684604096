#!/bin/sh
# The size of a process.
# uses: pmap
pmap -x "$PID" | tail -n 1 | awk '{ print $1, $2, $3 }'
pmap "$PID" | tail -n 1
pmap -d "$PID" | tail -n 1
