#!/bin/sh
# When the machine was started, and from where people came.
# uses: who
who -b "$UTMP" | awk '{ print $3, $4 }'
who "$UTMP" | sed -n 's/.*(\(.*\))/\1/p'
who -H "$UTMP" | head -n 1
who /no/such/file
echo "status $?"
