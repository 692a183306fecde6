#!/bin/bash
# SPDX-License-Identifier: MIT
# coverage.t - each call that a group of real programs makes (wanted-calls.txt) is made by a program of the set
# (syscalls.txt), or the isle kernel refuses it by name. Catches: a call that nobody would notice to be wrong.
set -u
here=$(cd "$(dirname "$0")" && pwd)
declare -A made=() route=() groups=() missing=()

# Who makes what: a line each, the names of calls after the colon.
for call in $(sed -nE 's/^(every program|[a-z-]+\/[a-z0-9-]+): *//p' "$here/syscalls.txt"); do made[$call]=1; done
while read -r way call; do route[$call]=$way; done < <(
	sed -nE 's/^([A-Z]+)\([0-9]+, ([a-z0-9_]+)[,)].*/\1 \2/p' "$here/../../abi/isle/syscalls.def")

# judge CALL: into $why, empty if all is well
judge() {
	why=''
	case ${route[$1]:-none} in
	NOSYS) ;;
	none) why="$1 is not in the table of calls" ;;
	*) [ -n "${made[$1]:-}" ] || why="$1: no program makes it" ;;
	esac
}

count=0
ok() { # VERDICT NAME [COMMENT]
	count=$((count + 1))
	echo "$1 $count - $2"
	[ -z "${3:-}" ] || echo "#$3"
}

while IFS=': ' read -r call list; do
	case $call in ''|'#'*) continue ;; esac
	judge "$call"
	for group in $list; do
		groups[$group]=$((${groups[$group]:-0} + 1))
		[ -z "$why" ] || missing[$group]+=" $why;"
	done
done < "$here/wanted-calls.txt"
for group in $(printf '%s\n' "${!groups[@]}" | LC_ALL=C sort); do
	if [ -z "${missing[$group]:-}" ]; then
		ok ok "$group: its ${groups[$group]} calls"
	else
		ok "not ok" "$group" "${missing[$group]}"
	fi
done
is() { # VALUE WANTED NAME
	if [ "$1" = "$2" ]; then ok ok "$3"; else ok "not ok" "$3" " it is: $1"; fi
}
is ${#groups[@]} 17 "there are 17 groups"
# The test would see a gap.
unset "made[mremap]" "route[msync]"
judge mremap
is "$why" "mremap: no program makes it" "a call that nobody makes"
judge msync
is "$why" "msync is not in the table of calls" "a call without a row"
judge kexec_load
is "$why" "" "a call that is refused by name"
echo "1..$count"
