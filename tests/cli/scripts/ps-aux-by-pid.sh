#!/bin/sh
# User and command line of one process among all.
# uses: ps
ps aux | awk -v pid="$PID" '$2 == pid { print $1, $5, $11, $12 }'
