#!/bin/sh
# A page about the machine.
# uses: free df uptime who netstat ps
cat <<END
memory: $(free -m | awk '/^Mem:/ { print $2 }') MiB
root: $(df -P / | awk 'NR == 2 { print $2 }') KiB on $(df -P / | tail -n 1 | awk '{ print $1 }')
loads: $(uptime | grep -o 'load average: .*' | tr ',' '\n' | wc -l)
sessions: $(who "$UTMP" | wc -l)
listens: $(netstat -ltn | grep -c ":$PORT ")
children: $(ps --ppid "$PARENT" -o pid= | wc -l)
END
