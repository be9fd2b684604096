#!/bin/sh
# The connections of one port by their states.
# uses: netstat
netstat -tan | awk -v port=":$PEER\$" '$4 ~ port || $5 ~ port { n[$6]++ } END { for (state in n) print n[state], state }' | sort
