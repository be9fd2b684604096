#!/bin/sh
# Class and priority of a program that is started.
# uses: ionice nice
ionice -c2 -n7 sh -c 'ionice -p $$'
nice -n 10 ionice -c 3 sh -c 'ionice'
ionice -c idle sh -c 'exit 3'
echo "status $?"
