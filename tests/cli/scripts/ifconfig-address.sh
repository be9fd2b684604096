#!/bin/sh
# The address of an interface, in three ways.
# uses: ifconfig
ifconfig lo | awk '/inet / { print $2 }'
ifconfig lo | grep -o 'mtu [0-9]*'
ifconfig lo | sed -n 's/.*netmask \([0-9.]*\).*/\1/p'
