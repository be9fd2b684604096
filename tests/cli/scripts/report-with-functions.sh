#!/bin/bash
# A check in functions, with its status for the monitor.
# uses: ps pidof lsof
set -o pipefail
process() {
    local pid
    pid=$(pidof -s "$1") || return 2
    ps -o comm=,stat= -p "$pid" || return 1
}
port() {
    lsof -nP -i ":$1" -t | sort -u | wc -l
}
process "$NAME"
port "$PORT"
process no-such-program
echo "status $?"
exit 2
