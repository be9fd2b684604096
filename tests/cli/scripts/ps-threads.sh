#!/bin/sh
# How many threads a process has, and what they are called.
# uses: ps
ps -o nlwp= -p "$THREADED"
ps -L -o lwp,comm -p "$THREADED"
ps -eLf | awk -v pid="$THREADED" '$2 == pid { print $4, $6 }'
