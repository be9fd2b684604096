#!/bin/sh
# A script that ends at the first failure: its last line is not reached.
# uses: pidof
set -e
pidof "$NAME"
pidof no-such-program
echo "not reached"
