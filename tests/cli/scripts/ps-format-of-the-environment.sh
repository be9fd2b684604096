#!/bin/sh
# A format from the environment.
# uses: ps
PS_FORMAT=pid,ppid,comm
export PS_FORMAT
ps -p "$PID"
