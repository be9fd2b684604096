#!/bin/sh
# A script by its own name, not by its shell's.
# uses: pidof
printf '#!/bin/sh\nread line <fifo\n' >"./$VICTIM"
chmod +x "./$VICTIM"
mkfifo fifo
"./$VICTIM" &
until pidof -x "$VICTIM" >found; do
    sleep 0.05
done
[ "$(cat found)" = "$!" ] && echo "found"
pidof "$VICTIM" || echo "not without -x"
echo >fifo
wait
