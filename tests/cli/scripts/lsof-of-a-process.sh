#!/bin/sh
# What a process has open, field by field.
# uses: lsof
lsof -a -p "$PID" -d cwd -Fn | sed -n 's/^n//p'
lsof -nP -a -p "$PID" -i -F pPn
lsof -p "$PID" -d txt -a -F n | tail -n 1
