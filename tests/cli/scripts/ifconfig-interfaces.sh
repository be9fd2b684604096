#!/bin/sh
# All interfaces by name, and whether one is up.
# uses: ifconfig
ifconfig -a | sed -n 's/^\([^ ]*\): flags.*/\1/p'
ifconfig -s | awk 'NR > 1 { print $1, $2 }'
if ifconfig lo | grep -q '<UP,'; then
    echo "up"
fi
