#!/bin/bash
# What each part of a pipe returned.
# uses: ps df
ps -p 0 2>/dev/null | cat
echo "${PIPESTATUS[@]}"
df /no/such/file 2>/dev/null | wc -l
echo "${PIPESTATUS[@]}"
