#!/bin/bash
# A reader that wants one line only, in a shell that minds.
# uses: free
set -euo pipefail
free -h | head -n 1
echo "${PIPESTATUS[@]}"
