#!/bin/sh
# Who has a file open?
# uses: lsof
lsof -t "$HELD"
lsof "$HELD" | awk 'NR > 1 { print $1, $2, $4, $5, $7 }'
touch unused
lsof "$PWD/unused"
echo "status $?"
