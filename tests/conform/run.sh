#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh - runs the conformance programs on Linux and, with --isle, also behind that command; prints TAP.
#
#   run.sh [--isle CMD] [--static|--dynamic] [--only PATTERN] [--jobs N] [--seconds N] [--platform NAME]
#          [--build DIR] [--real] [--quick]
#
# On Linux a program must end with the status its source names, say `ok` at least once and `not ok` never, and leave
# no file behind. On the isle its output, errors and status must be those of Linux, byte for byte. `differences` lists
# the programs that may differ, with reasons; one that no longer does is reported as a failure, so the list stays true.
# A reason that begins with `sometimes` excuses a difference and asks for none: a machine too slow to be exact.
# `not-yet` lists, in the same form, those that differ because something is still missing: TAP's TODO.
#   --isle CMD      the command before the program, e.g. --isle isle-run
#   --only PATTERN  only programs whose name holds PATTERN (a shell pattern)
#   --static        only those linked statically; --dynamic: only the others
#   --seconds N     how long one program may take (20; 120 with --real)
#   --platform NAME which lines of `differences` with @NAME count (from HERMIT_ISLE: multi, uhyve or qemu)
#   --build DIR     where `make -f programs.mk` put bin/ (here, or the working directory)
#   --real          the scripts of real/ instead: programs of the distribution
#   --quick         without the programs that `slow` lists, in the form of `differences`: reported as skipped
set -u
here=$(cd "$(dirname "$0")" && pwd)
isle='' kind=all only='' jobs=1 seconds='' build='' real=no quick=no
platform=${HERMIT_ISLE:-}
case $platform in [0-9]*) platform=multi ;; esac

usage() { sed -n 's/^# \{0,1\}//; 3,23p' "$0"; exit "$1"; }
fail() { echo "run.sh: $1" >&2; exit 2; }
while [ $# -gt 0 ]; do
	case $1 in
	--isle|--only|--jobs|--seconds|--platform|--build)
		[ $# -ge 2 ] || fail "$1 wants a value"
		case $1 in
		--isle) isle=$2 ;;
		--only) only=$2 ;;
		--jobs) jobs=$2 ;;
		--seconds) seconds=$2 ;;
		--platform) platform=$2 ;;
		--build) build=$2 ;;
		esac
		shift ;;
	--static|--dynamic) kind=${1#--} ;;
	--real) real=yes ;;
	--quick) quick=yes ;;
	--help|-h) usage 0 ;;
	*) fail "there is no option $1" ;;
	esac
	shift
done
case $jobs$seconds in *[!0-9]*) fail "--jobs and --seconds want a whole number" ;; esac
[ "${jobs:-0}" -ge 1 ] || fail "--jobs wants a number from 1"
if [ -z "$seconds" ]; then if [ $real = yes ]; then seconds=120; else seconds=20; fi; fi
if [ -z "$build" ]; then if [ -d bin/memory ]; then build=.; else build=$here; fi; fi
[ $real = yes ] || [ -d "$build/bin" ] || fail "there is no $build/bin: run make -f programs.mk first"
build=$(cd "$build" && pwd)
export REAL_BIN=$build/real-bin
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

declare -A cases=() args=() reason=() slow=() used=()
# What the heads of the sources say: `cases: ARGUMENT=STATUS...` and `args: WORD...`
while IFS=$'\t' read -r name key value; do
	if [ "$key" = cases ]; then cases[$name]+=" $value"; else args[$name]=$value; fi
done < <(cd "$here" && awk 'FNR > 25 { nextfile }
	match($0, /^ \* (cases|args): /) { f = FILENAME; sub(/\.c$/, "", f); k = $2; sub(/:/, "", k)
		print f "\t" k "\t" substr($0, RLENGTH + 1) }' ./*/*.c | sed 's/^\.\///')
# list FILE ARRAY PREFIX: its lines that count here, with their reasons, into the array
list() {
	local name why
	local -n into=$2
	while read -r name why; do
		case $name in ''|'#'*) continue ;; *@*) [ "${name#*@}" = "$platform" ] || continue ;; esac
		# shellcheck disable=SC2034 # another name for an array
		into[${name%@*}]="$3$why"
	done < "$1"
}
list "$here/differences" reason 'expected difference: '
[ ! -f "$here/not-yet" ] || list "$here/not-yet" reason 'TODO '
[ $quick = no ] || list "$here/slow" slow ''

# In a test machine a fork takes longer than most programs: what is done for each run is done by the shell itself.
bound=("$build/bin/bound" "$seconds")
[ -x "${bound[0]}" ] || bound=(timeout -k 2 "$seconds")
shopt -s nullglob

# text FILE: its bytes into $text, without a process; NULs become \1.
text() {
	local part
	mapfile -d '' part < "$1"
	local IFS=$'\1'
	text="${part[*]}"
}

# side NAME COMMAND...: runs it with a bound, in an empty directory of its own; leaves $point.NAME.{out,err} and $rc.
side() {
	local name=$1 left
	shift
	# shellcheck disable=SC2094
	(
		cd "$place" || exit 126
		ulimit -c 0
		export TMPDIR=$place
		exec "${bound[@]}" "$@" < /dev/null > "$point.$name.out" 2> "$point.$name.err" \
			3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	)
	rc=$?
	[ $rc -ne 124 ] || echo "did not end in $seconds s" >> "$point.$name.err"
	left=("$place"/* "$place"/.[!.]*)
	[ ${#left[@]} -eq 0 ] || {
		echo "left files behind: ${left[*]##*/}" >> "$point.$name.err"
		rm -rf "${left[@]}"
	}
}

show() { sed 's/^/#   /; 12q' "$1"; }

# verdict NAME WANTED REASON: compares what side() left and prints one line of TAP, without its number.
verdict() {
	local name=$1 wanted=$2 why=$3 part out err same=yes
	text "$point.linux.out"
	out=$'\n'$text
	text "$point.linux.err"
	err=$'\n'$text
	if [ "$linux" != "$wanted" ] || [[ $out = *$'\nnot ok'* || $err = *$'\nleft files behind'* ]] ||
	   [[ $out != *$'\nok '* && $out != *$'\nskip '* ]]; then
		echo "not ok - $name"
		echo "# on Linux: status $linux, expected $wanted"
		grep '^not ok' "$point.linux.out" | sed 's/^/#   /'
		show "$point.linux.err"
		return
	fi
	if [ -n "$isle" ]; then
		text "$point.isle.out"
		[ "$out" = $'\n'"$text" ] || same=no
		text "$point.isle.err"
		[ "$err" = $'\n'"$text" ] || same=no
		[ "$linux" = "$behind" ] || same=no
		if [ $same = no ] && [ -n "$why" ]; then
			case $why in TODO*) echo "not ok - $name # $why" ;; *) echo "ok - $name # $why" ;; esac
			return
		fi
		if [ $same = no ]; then
			echo "not ok - $name"
			echo "$linux" > "$point.linux.rc"
			echo "$behind" > "$point.isle.rc"
			for part in out err rc; do
				diff "$point.linux.$part" "$point.isle.$part" > "$point.diff" ||
					{ echo "# $part, < Linux, > isle:"; show "$point.diff"; }
			done
			return
		fi
		# What Linux itself cannot do here says nothing about the list.
		[[ $out != *$'\nskip '* ]] || why=
		case $why in
		TODO*) echo "# $name can leave not-yet (${why#TODO })" ;;
		*': sometimes '*) ;;
		?*)
			echo "not ok - $name"
			echo "# is listed in differences (${why#*: }), but does not differ any more"
			return ;;
		esac
	fi
	if [[ $out = *$'\nskip '* ]]; then
		out=${out#*$'\nskip '}
		echo "ok - $name # SKIP ${out%%$'\n'*}"
	else
		echo "ok - $name"
	fi
}

# one NAME WANTED REASON COMMAND...
one() {
	local name=$1 wanted=$2 why=$3 linux='' behind='' rc started=${EPOCHREALTIME/./}
	shift 3
	# What bash says about a program that died of a signal is not wanted.
	{
		side linux "$@"
		linux=$rc
		# shellcheck disable=SC2086 # CMD is a command with its arguments
		if [ -n "$isle" ] && [ $real = yes ]; then
			side isle "$@" $isle
		elif [ -n "$isle" ]; then
			side isle $isle "$@"
		fi
		behind=$rc
	} 2> /dev/null
	verdict "$name" "$wanted" "$why" > "$point.tap"
	echo "$(((${EPOCHREALTIME/./} - started) / 1000)) $name" > "$point.done"
}

# Directories to run in that are free now, and the one of each process: a program leaves it empty.
free=() at=() ended=0
while [ ${#free[@]} -lt "$jobs" ]; do
	free+=("$work/place${#free[@]}")
	mkdir "${free[-1]}" || exit 2
done
total=0 printed=0 good=0 skipped=0 differ=0 todo=0 bad=0
# Prints, in order, what is finished.
flush() {
	local line
	while [ -f "$work/$((printed + 1)).done" ]; do
		printed=$((printed + 1))
		while IFS= read -r line; do
			case $line in
			'ok - '*'# SKIP '*) skipped=$((skipped + 1)) ;;
			'ok - '*'# expected difference'*) differ=$((differ + 1)) ;;
			'ok - '*) good=$((good + 1)) ;;
			'not ok - '*'# TODO '*) todo=$((todo + 1)) ;;
			'not ok - '*) bad=$((bad + 1)) ;;
			esac
			case $line in
			'ok - '*) echo "ok $printed${line#ok}" ;;
			'not ok - '*) echo "not ok $printed${line#not ok}" ;;
			*) echo "$line" ;;
			esac
		done < "$work/$printed.tap"
	done
}

# start NAME WANTED COMMAND...: one() in the background, when there is room.
start() {
	local name=$1 wanted=$2 why key=${1%% *}
	shift 2
	key=${key%.static*}
	why=${reason[$key]:-}
	used[$key]=1
	if [ ${#free[@]} -eq 0 ]; then
		wait -n -p ended
		free+=("${at[$ended]}")
	fi
	flush
	total=$((total + 1))
	point=$work/$total place=${free[-1]}
	unset 'free[-1]'
	one "$name" "$wanted" "$why" "$@" &
	at[$!]=$place
}

# leave_out NAME REASON
leave_out() {
	flush
	total=$((total + 1))
	echo "ok - $1 # SKIP $2" > "$work/$total.tap"
	: > "$work/$total.done"
}

# words NAME: the arguments a program's head asks for, into the array given.
words() {
	local word
	given=()
	for word in ${args[$1]:-}; do
		case $word in
		-empty-) given+=('') ;;
		-big-) given+=("$(printf '%0102400d' 0 | tr 0 x)") ;;
		*) given+=("$word") ;;
		esac
	done
}

began=$(date +%s)
if [ $real = yes ]; then
	for script in "$here"/real/*.sh; do
		[ "${script##*/}" != common.sh ] || continue
		name=real/$(basename "$script" .sh)
		# shellcheck disable=SC2053 # a pattern
		[[ $name == *$only* ]] || continue
		start "$name" 0 sh "$script"
	done
else
	for program in "$build"/bin/*/*; do
		name=${program#"$build/bin/"}
		base=${name%.static*}
		# shellcheck disable=SC2053
		[[ $name == *$only* ]] || continue
		case $kind:$name in static:*.static*|dynamic:*|all:*) ;; *) continue ;; esac
		case $kind:$name in dynamic:*.static*) continue ;; esac
		case $name in
		*.so) continue ;;
		*.skip) leave_out "${name%.skip}" "$(cat "$program")"; continue ;;
		esac
		[ -x "$program" ] || continue
		[ -z "${slow[$base]:-}" ] || { used[$base]=1; leave_out "$name" "${slow[$base]}"; continue; }
		words "$base"
		for case in ${cases[$base]:-=0}; do
			argument=${case%=*}
			start "$name${argument:+ $argument}" "${case##*=}" "$program" ${argument:+"$argument"} \
				${given[@]+"${given[@]}"}
		done
	done
fi
wait
flush
for name in "${!reason[@]}" "${!slow[@]}"; do
	case $real:$name in yes:real/*) ;; yes:*|no:real/*) continue ;; esac
	[ -n "$only" ] || [ "$kind" != all ] || [ -n "${used[$name]:-}" ] || {
		total=$((total + 1)) bad=$((bad + 1))
		echo "not ok $total - differences or slow: $name is no program"
	}
done
echo "1..$total"
echo "# $total runs: $good good, $differ expected differences, $todo not yet, $skipped skipped, $bad failed," \
	"in $(($(date +%s) - began)) s${isle:+, Linux against $isle}"
[ $bad -eq 0 ] && [ $total -gt 0 ]
