#!/bin/sh
# File systems that are fuller than they should be, as cron jobs mail them.
# uses: df
limit=101
df -P -l | tail -n +2 | while read -r device blocks used free percent place; do
    percent=${percent%\%}
    if [ "$percent" != - ] && [ "$percent" -ge "$limit" ]; then
        echo "WARNING: $place ($device) is at $percent%"
    fi
    echo "$place: $blocks"
done
