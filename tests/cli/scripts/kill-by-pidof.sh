#!/bin/sh
# kill $(pidof program)
# uses: pidof
cp "$(command -v sleep)" "./$VICTIM"
"./$VICTIM" 1000 &
until pidof "$VICTIM" >/dev/null; do
    sleep 0.05
done
kill $(pidof "$VICTIM")
wait "$!"
echo "status $?"
pidof "$VICTIM" || echo "no more"
