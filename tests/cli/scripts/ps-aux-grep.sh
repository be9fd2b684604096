#!/bin/sh
# The classic of the classics: without the line of grep itself.
# uses: ps
first=$(echo "$NAME" | cut -c 1)
rest=$(echo "$NAME" | cut -c 2-)
ps aux | grep "[$first]$rest" | awk '{ print $2 }'
ps -ef | grep "$NAME" | grep -v grep | wc -l
