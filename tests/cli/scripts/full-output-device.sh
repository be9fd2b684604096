#!/bin/sh
# A full disk under the output is no success.
# uses: df ps free uptime
for command in 'df /' 'ps -e' free uptime; do
    $command >/dev/full 2>err
    echo "$command: $? $(grep -c . err)"
done
