# SPDX-License-Identifier: MIT
# tap.sh - one TAP stream from programs that ran on several test machines.
#
# A script sources this file, calls `machine' for each machine it wants, and `tap_end' at the end.
# Programs print TAP of their own inside; here their results get one numbering, and what they
# promised but did not print counts as failed. A machine that cannot be had is a skip with the
# reason; one that dies is a failure.
# shellcheck shell=sh
tap_count=0
tap_failed=0
tap_here=$(cd "${srcdir:-$(dirname "$0")}" && pwd) || exit 99
tap_run_vm=$tap_here/../vm/run-vm
tap_dir=$(mktemp -d "${TMPDIR:-/tmp}/tap.XXXXXX") || exit 99
tap_vm=
trap '[ -z "$tap_vm" ] || kill "$tap_vm" 2>/dev/null; rm -rf "$tap_dir"' EXIT
trap 'exit 143' INT TERM HUP

# In a build folder of its own, or the tree's.
ISLE_BUILD=$(cd "${ISLE_BUILD:-${top_builddir:-$tap_here/../../build}}" && pwd) || exit 99
export ISLE_BUILD
TEST_PROGRAMS=${TEST_PROGRAMS:-$ISLE_BUILD/tests/module}
export TEST_PROGRAMS

# result ok|'not ok' NAME [COMMENT]
result()
{
	tap_count=$((tap_count + 1))
	[ "$1" = ok ] || tap_failed=1
	echo "$1 $tap_count - $2${3:+ # $3}"
}

# Prints the files as comments.
comment()
{
	sed 's/^/# /' "$@"
}

# The merge: results of the programs between the marks of in-machine, printed as they come; what is for us goes to the
# file `state'. mawk alone reads in blocks unless it is told not to.
tap_awk='awk'
case $(awk -W version 2>&1 </dev/null) in mawk*) tap_awk='awk -W interactive' ;; esac
# shellcheck disable=SC2016 # awk's
tap_merge='
function close_program() {
	if (open && planned != seen && !bailed) {
		print "not ok " ++n " - " label open ": " seen " of " planned " results"; bad = 1
	}
	open = ""
}
/^## begin / { close_program(); open = substr($0, 10); planned = "no plan"; seen = bailed = 0; next }
/^## end / {
	status = $3
	if (status != 0 && (planned == "no plan" || seen < planned || !failed[open])) {
		print "not ok " ++n " - " label open ": ended with status " status; bad = 1
		bailed = 1
	}
	close_program()
	next
}
!open { print "# " $0; fflush(); next }
/^1\.\.[0-9]+/ { planned = substr($1, 4) + 0; next }
/^Bail out!/ { print "# " open ": " $0; next }
/^(not )?ok / {
	not = /^not /
	sub(/^(not )?ok( [0-9]+)?( - )?/, "")
	seen++
	if (not && !/ # TODO/) { bad = 1; failed[open] = 1 }
	print (not ? "not ok " : "ok ") ++n " - " label open ": " $0
	fflush()
	next
}
{ print (/^#/ ? "" : "# ") $0; fflush() }
END { close_program(); print n, bad + 0 >state }
'

# machine LABEL OPTIONS PROGRAM... : runs the programs one after the other on one machine that
# run-vm starts with these options. Both a program with its arguments and the options are one word.
machine()
{
	tap_label=$1
	tap_options=$2
	shift 2
	tap_status=0
	[ -p "$tap_dir/stream" ] || mkfifo "$tap_dir/stream" || exit 99
	if [ "${TEST_MACHINES:-yes}" = no ]; then
		result ok "$tap_label" "SKIP no machines: TEST_MACHINES=no"
		return
	fi
	# shellcheck disable=SC2086 # the options' words
	"$tap_run_vm" --build "$ISLE_BUILD" $tap_options -- "$tap_here/in-machine" "$@" \
		>"$tap_dir/stream" 2>"$tap_dir/err" &
	tap_vm=$!
	# shellcheck disable=SC2086 # the options' words
	$tap_awk -v n="$tap_count" -v label="$tap_label: " -v state="$tap_dir/state" "$tap_merge" <"$tap_dir/stream" &
	wait "$tap_vm" || tap_status=$?
	tap_vm=
	wait $! || tap_status=99
	comment "$tap_dir/err"
	case $tap_status in
	77) tap_skip=yes ;;
	122) tap_skip=$(grep -o 'there is no module for' "$tap_dir/err") ;;
	126) tap_skip=$(grep -o -E 'is not installed|there is no kernel' "$tap_dir/err") ;;
	*) tap_skip='' ;;
	esac
	if [ -n "$tap_skip" ]; then
		result ok "$tap_label" "SKIP $(sed -n '1s/^run-vm: //p' "$tap_dir/err")"
		return
	fi
	tap_last=$(cat "$tap_dir/state")
	tap_count=${tap_last% *}
	[ "${tap_last#* }" = 0 ] || tap_failed=1
	[ "$tap_status" = 0 ] ||
		result 'not ok' "$tap_label: the machine ended with status $tap_status"
}

tap_end()
{
	echo "1..$tap_count"
	exit "$tap_failed"
}
