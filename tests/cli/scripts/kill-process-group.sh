#!/bin/bash
# A whole process group, by its negative number.
# uses: kill
set -m
sleep 1000 | sleep 1000 &
group=$(jobs -p %1)
env kill -TERM -- "-$group"
wait "$!" 2>/dev/null
echo "status $?"
