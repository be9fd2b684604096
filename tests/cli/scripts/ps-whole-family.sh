#!/bin/sh
# A parent and its children as a tree.
# uses: ps
ps --forest -o pid,ppid,comm -p "$PARENT" --ppid "$PARENT"
