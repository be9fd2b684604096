#!/bin/sh
# The statuses by which a script knows what went wrong.
# uses: nice
nice -n 1 sh -c 'exit 7'
echo "$?"
nice no-such-program 2>/dev/null
echo "$?"
: >not-executable
nice ./not-executable 2>/dev/null
echo "$?"
nice -n much true 2>/dev/null
echo "$?"
