#!/bin/sh
# The lines above the processes.
# uses: top
top -bn1 | head -n 7 | sed 's/[0-9.,]\{1,\}/N/g; s/^top - .*load/top load/; s/  */ /g' | sed -n '1p; 2s/:.*//p; 3s/:.*//p; 7p'
