#!/bin/sh
# Who listens on a socket in the file system.
# uses: netstat
netstat -xl | awk -v path="$SOCKET" '$NF == path { print $1, $6, $7 }'
netstat -xln | head -n 2
