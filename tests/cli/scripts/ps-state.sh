#!/bin/sh
# Decides by the state of a process.
# uses: ps
for pid in "$PID" "$ZOMBIE"; do
    case $(ps -o stat= -p "$pid") in
        Z*) echo "zombie" ;;
        S*) echo "sleeps" ;;
        *) echo "something else" ;;
    esac
done
