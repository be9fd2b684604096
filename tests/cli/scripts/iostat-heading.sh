#!/bin/sh
# The headings of both tables, and the devices.
# uses: iostat
iostat | awk '/^avg-cpu/ { print NF, $2 } /^Device/ { print $1, $2, $3 }'
iostat -d -k | awk 'seen && NF { print $1 } /^Device/ { seen = 1 }' | sort
iostat -d nosuchdevice | wc -l
