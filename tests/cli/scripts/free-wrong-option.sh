#!/bin/sh
# A mistake is told on standard error, with the status of the classic.
# uses: free
free --nosuch 2>/dev/null
echo "status $?"
free -c 0 2>&1
echo "status $?"
