#!/bin/bash
# Nobody reads top any more.
# uses: top
exec 3> >(exit)
wait "$!"
top -b -n 1 >&3
echo "top: $?"
top -bn1 | head -n 1 | cut -c 1-5
