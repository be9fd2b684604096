#!/bin/sh
# Short options in one word, with values.
# uses: ps df netstat lsof
ps -fp"$PID" | awk 'NR == 2 { print $2, $NF }'
df -Pkt nosuchtype 2>/dev/null
echo "status $?"
netstat -tln4 | awk -v port=":$PORT" 'index($4, port) { print $1 }'
lsof -nPtai"TCP:$PORT"
