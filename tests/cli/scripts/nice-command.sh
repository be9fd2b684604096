#!/bin/sh
# A program with lower priority, and what it says of itself.
# uses: nice ps
base=$(nice)
echo "$(($(nice -n 5 nice) - base))"
nice -n 5 sh -c 'ps -o ni= -p $$'
nice nice
