#!/bin/sh
# The three loads, taken apart.
# uses: uptime
uptime | sed 's/.*load average: //' | awk -F ', ' '{ print NF }'
load=$(uptime | awk -F 'load average: ' '{ print $2 }' | cut -d , -f 1)
awk -v load="$load" 'BEGIN { print (load >= 0 ? "a number" : "nothing") }'
