#!/bin/sh
# The last line of df in the positional parameters.
# uses: df
set -- $(df -k / | tail -n 1)
echo "$# words, $6 has $2 KiB"
