#!/bin/sh
# The process behind a port.
# uses: lsof
lsof -t -i ":$PORT"
lsof -ti "tcp:$PORT"
if lsof -Pi ":$PORT" -sTCP:LISTEN -t >/dev/null; then
    echo "taken"
fi
