#!/bin/bash
# SPDX-License-Identifier: MIT
# badprograms.sh - on the platform of HERMIT_ISLE: files that are no programs, and programs that end badly. Each must give one sentence
# or the program's own end, with the right status; the next program must run, and the reserve must be whole.
# Catches: an isle or a process lost, memory not given back, a panic or a hang where a sentence belongs.
dir=$(mktemp -d) || exit 99
multi=no
case ${HERMIT_ISLE:-multi} in multi|[0-9]*) multi=yes ;; esac
trap 'rm -rf "$dir"; [ $multi = no ] || islectl release > /dev/null' EXIT
good=$ISLE_BUILD/tests/conform/bin/exit/codes.static
dynamic=$ISLE_BUILD/tests/conform/bin/exit/codes
trouble=$ISLE_BUILD/tests/isle/trouble
n=0

result() { # NAME VERDICT [COMMENT...]
	n=$((n + 1))
	echo "$2 $n - $1"
	[ "$2" = ok ] || { shift 2; printf '# %s\n' "$@"; sed 's/^/# /; 12q' "$dir/err"; }
}

# What must be the same after each. On bare cores reserve and isles; what was done so far is counted on. Elsewhere an
# isle is processes: those whose command line has our image, and those of isle-run's session.
world() {
	if [ $multi = yes ]; then
		islectl status | grep -v doorbells
	else
		pgrep -f -- "-kernel $dir/"
		pgrep -x isle-run -P $$
	fi
}

# ends NAME STATUS PATTERN ARGUMENTS...: isle-run with these ends so. PATTERN: what its sentence says; `-`: nothing is said;
# `=TEXT`: this is the output.
ends() {
	local name=$1 wanted=$2 pattern=$3 status said lines
	shift 3
	(exec timeout -k 2 60 isle-run "$@") < /dev/null > "$dir/out" 2> "$dir/err"
	status=$?
	lines=$(wc -l < "$dir/err")
	said=yes
	case $pattern in
	-) [ "$lines" -eq 0 ] || said=no ;;
	=*) [ "$(cat "$dir/out")" = "${pattern#=}" ] || said="no, but $(cat "$dir/out")" ;;
	*) grep -qE "$pattern" "$dir/err" && [ "$lines" -eq 1 ] || said="no, $lines lines" ;;
	esac
	if [ "$status" = "$wanted" ] && [ "$said" = yes ]; then
		result "$name" ok
	else
		result "$name" "not ok" "status $status, expected $wanted; said what it should: $said"
	fi
	# Elsewhere the next isle is another machine.
	status=5
	if [ $multi = yes ]; then
		timeout 60 isle-run "$good" group-5 > "$dir/out" 2> "$dir/err"
		status=$?
	fi
	world > "$dir/after"
	if [ $status = 5 ] && cmp -s "$dir/before" "$dir/after"; then
		result "$name: the next program runs, nothing is lost" ok
	else
		result "$name: the next program runs, nothing is lost" "not ok" "status $status, expected 5" \
			"$(diff "$dir/before" "$dir/after" | head -n 10 | paste -s -d ' ')"
	fi
} 2> /dev/null

# patch FILE OFFSET BYTES: a copy of the good program with these bytes, as printf writes them
patch() {
	cp "${4:-$good}" "$dir/$1"
	# shellcheck disable=SC2059
	printf "$3" | dd of="$dir/$1" bs=1 seek="$2" conv=notrunc status=none
}

if [ $multi = yes ]; then
	islectl reserve --cpus 2,3 --mem 128M@1 > /dev/null || exit 99
else
	cp "$ISLE_IMAGE" "$dir/isle.elf"
	export ISLE_IMAGE=$dir/isle.elf
fi
timeout 60 isle-run "$good" group-5 > /dev/null 2>&1
world > "$dir/before"

ends "a program that is not there" 127 'not found|No such file' "$dir/missing"
ends "a folder" 126 'folder|directory|Permission denied' "$dir"
: > "$dir/empty"; chmod +x "$dir/empty"
ends "an empty file" 126 'too short|neither an ELF' "$dir/empty"
head -c 5000 /dev/urandom | sed '1s/^/x/' > "$dir/noise"; chmod +x "$dir/noise"
ends "no ELF file" 126 'neither an ELF' "$dir/noise"
cp "$good" "$dir/plain"; chmod -x "$dir/plain"
ends "a file that may not be run" 126 'Permission denied|not be (run|executed)|no permission' "$dir/plain"
patch arm 18 '\267\000'
ends "a program for another machine" 126 'another machine' "$dir/arm"
patch object 16 '\001\000'
ends "an object file" 126 'not a program|object file' "$dir/object"
head -c 3000 "$good" > "$dir/cut"; chmod +x "$dir/cut"
ends "a truncated one" 126 'truncated' "$dir/cut"
head -c 100 "$good" > "$dir/short"; chmod +x "$dir/short"
ends "one cut in its headers" 126 'truncated' "$dir/short"
LC_ALL=C sed 's|/lib64/ld-linux-x86-64.so.2|/lib64/ld-linux-x86-64.so.X|' "$dynamic" > "$dir/loader"; chmod +x "$dir/loader"
ends "no interpreter" 126 'interpreter' "$dir/loader"
patch entry 24 '\000\020\000\000\000\000\000\000'
ends "an entry nowhere" 139 - "$dir/entry"
ends "too little memory" 125 'memory|MiB' --mem 2M "$good"
ends "more memory than there is" 125 'memory|[MGT]iB' --mem 9999G "$good"
ends "a jump to nowhere" 139 - "$trouble" jump
ends "a division by zero" 136 - "$trouble" divide
ends "a privileged instruction" 139 - "$trouble" privileged
ends "a stack that overflows" 139 - "$trouble" overflow
# Where KVM emulates the isle kernel, --json counts its instructions.
if isle-run --json "$good" group-5 2>&1 | grep -qE '"kvm_insn_emulation": [0-9]{5}'; then
	n=$((n + 1))
	echo "ok $n - more threads than there can be # SKIP to make two thousand takes minutes where KVM is software"
else
	ends "more threads than there can be" 0 '=EAGAIN, after many' "$trouble" threads
fi
ends "all memory, eaten" 137 'memory is used up' "$trouble" eat
echo "1..$n"
