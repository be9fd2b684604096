#!/bin/sh
# A process that only root may look at: where that is not us, -t and -w leave it out.
# uses: lsof
lsof -t -p 1
echo "status $?"
lsof -w -a -p 1 -d cwd
lsof -a -p 1 -d cwd | awk '{ print $2, $4 }'
lsof -t +w -p 1
lsof -w -a -p 1 -d cwd -F pf
