#!/bin/sh
# By the name of the program, as init scripts do.
# uses: ps
ps -C "$NAME" -o pid=
ps -C "$NAME" -o pid --no-headers
ps -C no-such-program -o pid=
echo "status $?"
