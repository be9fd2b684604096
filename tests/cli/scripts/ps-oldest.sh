#!/bin/sh
# The smallest pid of all, and who is its parent.
# uses: ps
oldest=$(ps -eo pid= | sort -n | head -n 1)
ps -o pid=,ppid= -p $oldest
