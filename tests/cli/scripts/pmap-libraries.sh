#!/bin/sh
# Which files a process has mapped.
# uses: pmap
pmap "$PID" | awk 'NR > 1 && $NF !~ /]$/ && $1 != "total" { print $NF }' | sort -u
pmap -q "$PID" | head -n 1
pmap -p "$PID" | grep -c "/$NAME\$"
