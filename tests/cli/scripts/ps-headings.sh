#!/bin/sh
# The first line tells the columns.
# uses: ps
ps aux | head -n 1
ps -ef | head -n 1
ps -l -p "$PID" | head -n 1
ps -o user,pid,pcpu,pmem,args -p "$PID" | head -n 1
