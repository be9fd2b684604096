#!/bin/sh
# The program, not the builtin of the shell.
# uses: kill
sleep 1000 &
env kill -0 "$!" && echo "there"
env kill -s HUP "$!"
wait "$!"
echo "status $?"
env kill -0 "$!" 2>/dev/null || echo "gone: $?"
