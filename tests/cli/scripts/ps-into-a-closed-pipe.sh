#!/bin/bash
# Nobody reads any more: silently ended by the signal.
# uses: ps df netstat
exec 3> >(exit)
wait "$!"
ps -ef >&3
echo "ps: $?"
df -a >&3
echo "df: $?"
netstat -an >&3
echo "netstat: $?"
