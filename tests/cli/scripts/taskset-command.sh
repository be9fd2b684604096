#!/bin/sh
# A program on one processor.
# uses: taskset
first=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
taskset -c "$first" sh -c 'taskset -cp $$' | sed 's/.*: //'
taskset -c "$first" nproc
taskset -c "$first" sh -c 'exit 4'
echo "status $?"
