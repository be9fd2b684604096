#!/bin/bash
# The children in an array of the shell.
# uses: ps
mapfile -t children < <(ps -o pid= --ppid "$PARENT")
echo "${#children[@]} children, the first is ${children[0]// /}"
declare -A name
while read -r pid comm; do
    name[$pid]=$comm
done < <(ps -o pid=,comm= --ppid "$PARENT")
for pid in "${children[@]}"; do
    echo "${name[${pid// /}]}"
done
