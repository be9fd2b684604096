#!/bin/sh
# The sessions of each user, in a table.
# uses: who
who "$UTMP" | awk '{ n[$1]++ } END { for (user in n) print n[user], user }' | sort -rn
who "$UTMP" | cut -d ' ' -f 1 | sort -u | paste -s -d ,
