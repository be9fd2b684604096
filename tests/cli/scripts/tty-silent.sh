#!/bin/sh
# Whether somebody sits at a terminal.
# uses: tty
if tty -s; then
    echo "hello"
else
    echo "no terminal: $?"
fi
tty
tty -s </dev/null || echo "nor here"
