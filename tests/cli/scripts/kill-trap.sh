#!/bin/sh
# A handler runs before the shell goes on.
# uses: kill
trap 'echo caught' USR1
env kill -USR1 $$
echo "afterwards"
trap 'echo leaving' EXIT
env kill -s TERM nonsense 2>/dev/null
exit $?
