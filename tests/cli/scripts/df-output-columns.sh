#!/bin/sh
# Chosen columns, without the heading.
# uses: df
df --output=target,fstype,itotal "$DIR" | sed 1d
target=$(df --output=target "$DIR" | tail -n 1)
[ -d "$target" ] && echo "$target is a directory"
