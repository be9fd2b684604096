#!/bin/sh
# Which program listens on a port.
# uses: netstat
netstat -tlnp 2>/dev/null | awk -v port=":$PORT" 'index($4, port) { print $6, $7 }'
pid=$(netstat -tlnp 2>/dev/null | grep ":$PORT " | awk '{ print $7 }' | cut -d / -f 1)
[ "$pid" = "$PID" ] && echo "it is ours"
