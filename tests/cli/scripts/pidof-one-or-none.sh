#!/bin/sh
# One instance only, as init scripts look for it.
# uses: pidof
pidof -s "$NAME"
if ! pidof -x no-such-program >/dev/null; then
    echo "not running"
fi
pidof -o "$PID" "$NAME"
echo "status $?"
