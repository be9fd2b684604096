#!/bin/sh
# Lines cut at the width that the environment tells.
# uses: ps
COLUMNS=24 ps -o pid,args -p "$PID"
ps -o pid,args -p "$PID" --cols 12
ps ww -o pid,args -p "$PID"
