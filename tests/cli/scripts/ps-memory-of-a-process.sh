#!/bin/sh
# The memory of one process: a number and nothing else.
# uses: ps
ps -p "$PID" -o vsz=
rss=$(ps -p "$PID" -o rss= | tr -d ' ')
[ "$rss" -gt 0 ] && echo "it has some"
