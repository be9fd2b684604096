#!/bin/sh
# The size of a directory's file system, and where it is mounted.
# uses: df
df -P "$DIR" | awk 'NR == 2 { print $2, $6 }'
