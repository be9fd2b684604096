#!/bin/sh
# A background job that only gets the disk when nobody else wants it.
# uses: ionice
sleep 1000 &
ionice -c3 -p "$!"
ionice -p "$!"
kill "$!"
