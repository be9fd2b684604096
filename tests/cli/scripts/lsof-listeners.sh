#!/bin/sh
# A table of what listens, without names.
# uses: lsof
lsof -nP -iTCP -sTCP:LISTEN | awk -v pid="$PID" '$2 == pid { print $8, $9, $10 }'
lsof -i TCP:nosuchport 2>/dev/null
echo "status $?"
