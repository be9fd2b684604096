#!/bin/sh
# In words, and since when.
# uses: uptime
uptime -p | grep -Eq '^up [0-9]+ [a-z]+(, [0-9]+ [a-z]+)*$' && echo "in words"
date -d "$(uptime -s)" +%Y
uptime -s | awk '{ print length($0), NF }'
