#!/bin/sh
# How much memory is used, as monitors compute it.
# uses: free
percent=$(free | awk '/^Mem:/ { printf "%d", $3 * 100 / $2 }')
if [ "$percent" -ge 0 ] && [ "$percent" -le 100 ]; then
    echo "sane"
else
    echo "CRITICAL: $percent%"
fi
