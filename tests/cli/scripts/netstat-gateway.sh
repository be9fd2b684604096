#!/bin/sh
# The gateway, and the interfaces.
# uses: netstat
netstat -rn | awk '$1 == "0.0.0.0" || $1 == "default" { print $2, $NF }'
netstat -rn | sed -n 2p
netstat -i | awk 'NR > 2 { print $1, $2 }'
