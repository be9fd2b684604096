#!/bin/sh
# A name that is none.
# uses: ifconfig
ifconfig nosuch0 2>&1
echo "status $?"
ifconfig nosuch0 >/dev/null 2>&1 || echo "not here"
