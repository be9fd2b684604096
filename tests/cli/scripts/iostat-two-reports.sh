#!/bin/sh
# Two reports of extended figures; the second is of the last second.
# uses: iostat
iostat -dx 1 2 | grep -c '^Device'
iostat -dx 1 2 | awk '/^Device/ { report++; print NF } END { print report }'
