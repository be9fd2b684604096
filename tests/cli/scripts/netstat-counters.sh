#!/bin/sh
# Counters of a protocol: the words around them, as the figures move.
# uses: netstat
netstat -s | grep -c '^[A-Z][A-Za-z0-9]*:$'
netstat -su | sed -n 's/^ *[0-9]* \(packet receive errors\)$/\1/p'
