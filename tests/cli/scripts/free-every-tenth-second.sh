#!/bin/sh
# Three samples, one after another.
# uses: free
free -b -s 0.1 -c 3 | awk '/^Mem:/ { n++; total = $2 } END { print n, total }'
