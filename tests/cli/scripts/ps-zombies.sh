#!/bin/sh
# The zombies of the system, of which one is ours.
# uses: ps
ps axo pid,ppid,stat,comm | awk -v mine="$ZOMBIE" '$3 ~ /^Z/ && $1 == mine { print $1, $2, $3, $4 }'
