#!/bin/sh
# The memory of the machine.
# uses: free
free -m | awk '/^Mem/ { print $2 }'
free -m | grep '^Swap:' | tr -s ' ' | cut -d ' ' -f 2
