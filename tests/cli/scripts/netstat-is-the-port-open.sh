#!/bin/sh
# Is the port open? And another?
# uses: netstat
netstat -tln | grep ":$PORT "
if netstat -ltn | awk '{ print $4 }' | grep -q ':0$'; then
    echo "strange"
else
    echo "not that one"
fi
