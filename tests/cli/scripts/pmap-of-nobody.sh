#!/bin/sh
# A process that is gone has a status of its own.
# uses: pmap
sleep 0 &
wait "$!"
pmap "$!"
echo "status $?"
