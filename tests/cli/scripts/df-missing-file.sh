#!/bin/sh
# One file of two is not there: the other is told all the same, and the status is 1.
# uses: df
df -P "$DIR" /no/such/file >out 2>err
echo "status $?"
wc -l <out
cat err
