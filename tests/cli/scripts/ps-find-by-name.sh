#!/bin/sh
# The pid of a program, by reading ps line by line.
# uses: ps
ps -eo pid=,comm= | while read -r pid comm; do
    if [ "$comm" = "$NAME" ]; then
        echo "$pid"
    fi
done
