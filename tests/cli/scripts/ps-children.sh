#!/bin/sh
# The children of a process, sorted by name.
# uses: ps
ps --ppid "$PARENT" -o comm= --sort=comm
ps --ppid "$PARENT" -o pid= | wc -l
