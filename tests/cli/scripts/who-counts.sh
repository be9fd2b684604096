#!/bin/sh
# How many are logged in.
# uses: who
who | wc -l
who "$UTMP" | wc -l
who -q "$UTMP" | tail -n 1
