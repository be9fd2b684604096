#!/bin/sh
# A sampler that runs until it is stopped.
# uses: free
timeout 1 free -s 0.2 >samples
echo "status $?"
[ "$(grep -c '^Mem:' samples)" -ge 1 ] && head -n 1 samples
