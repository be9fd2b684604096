#!/bin/sh
# Long options cut short, and options after operands.
# uses: df free nice
df --out=target "$DIR" --
df "$DIR" -P | sed 1d | awk '{ print NF }'
free --meb --wid | head -n 1
nice --adj 3 true
echo "status $?"
