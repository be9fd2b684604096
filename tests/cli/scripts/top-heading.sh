#!/bin/sh
# The heading, from which scripts count the columns.
# uses: top
top -bn1 | grep PID
top -bn1 | awk -v pid="$PID" 'NR > 7 && $1 == pid { print "listed" }'
