#!/bin/bash
# SPDX-License-Identifier: MIT
# sessions.sh - gdb with a program on an isle, and with the core file it leaves; the platform is HERMIT_ISLE's. Prints TAP.
# Programs are in $DEBUG_BIN. On multi the reserve must be there.
set -u
dir=$(mktemp -d) || exit 99
run=''
trap 'kill $run 2> /dev/null; rm -rf "$dir"' EXIT
bin=${DEBUG_BIN:?}
n=0

check() { # NAME PATTERN FILE
	n=$((n + 1))
	if grep -qE -- "$2" "$3"; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "# nothing in the output is like: $2"
		tail -n 20 "$3" | sed 's/^/#   /'
	fi
}

# How the program ended: $status.
ended() { # NAME STATUS
	n=$((n + 1))
	if [ "$status" -eq "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "# the status is $status, not $2"
	fi
}

# Starts the program and says on which port gdb may come: a shell variable, and the program's output in a file.
start() { # MODE PROGRAM...
	local mode=$1
	shift
	HERMIT_DEBUG=$mode timeout -k 5 100 isle-run "$@" > "$dir/program" 2> "$dir/said" &
	run=$!
	for _ in $(seq 600); do
		port=$(sed -n 's/.*target remote :\([0-9]*\).*/\1/p' "$dir/said")
		[ -z "$port" ] || return 0
		kill -0 $run 2> /dev/null || break
		sleep 0.1
	done
	sed 's/^/# /' "$dir/said"
	echo "Bail out! isle-run does not wait for gdb"
	exit 1
}

debug() { # COMMANDS PROGRAM: its output in $dir/gdb
	{
		echo 'set pagination off'
		echo 'set confirm off'
		echo "target remote :$port"
		cat
	} > "$dir/commands"
	timeout 120 gdb -nx -batch -x "$dir/commands" "$1" > "$dir/gdb" 2>&1
}

start wait "$bin/turns"
line=$(grep -n 'printf("sum' "$(dirname "$0")/turns.c" | cut -d: -f1)
debug "$bin/turns" << END
break twice
continue
print 100 + n
info threads
bt
set \$before = \$pc
x/2i \$pc
stepi
print \$pc != \$before && \$pc - \$before < 16
delete
thread 2
bt
thread 1
print half * 3
set var half = 1.25
print \$xmm0
call twice(21)
tbreak $line
continue
set var sum = 77
continue
END
wait $run
status=$?
run=''
check "stops_before_the_first_instruction" '_start|in \?\? \(\)' "$dir/gdb"
check "breakpoint_hits" 'hit Breakpoint 1, twice \(n=0\)' "$dir/gdb"
check "variables_are_read" '= 100$' "$dir/gdb"
check "backtrace_goes_to_main" '^#1 .* main ' "$dir/gdb"
check "single_step_is_one_instruction" '= 1$' "$dir/gdb"
check "other_threads_are_seen" 'Switching to thread 2 ' "$dir/gdb"
check "floating_point_is_read" '= 1\.5$' "$dir/gdb"
check "functions_are_called" '= 42$' "$dir/gdb"
check "variables_are_written" '^sum 77, half 1\.25' "$dir/program"
check "the_end_is_reported" 'exited with code|exited normally' "$dir/gdb"
ended "status_is_the_programs" 77

# Comes to a running program, stops it, leaves; the program goes on as if nobody had been there.
export HERMIT_GDB_PORT=23456
start 1 "$bin/turns" 15
unset HERMIT_GDB_PORT
sleep 5
debug "$bin/turns" << 'END'
info threads
detach
END
wait $run
status=$?
run=''
check "comes_to_the_port_that_was_named" 'target remote :23456' "$dir/said"
check "attaches_to_a_running_program" 'other on core' "$dir/gdb"
check "program_goes_on_after_detach" '^sum 20, half 0\.5' "$dir/program"
ended "status_is_that_without_gdb" 20

# A port alone waits.
export HERMIT_GDB_PORT=23455
start '' "$bin/turns" 20
unset HERMIT_GDB_PORT
sleep 2
debug "$bin/turns" << 'END'
info threads
detach
END
wait $run
status=$?
run=''
check "port_alone_waits_before_the_first_instruction" '_start|in \?\? \(\)' "$dir/gdb"
ended "and_the_program_runs_after_that" 20

# The port is somebody else's.
perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 23457) or die;
	print "listens\n"; STDOUT->flush; sleep 120' > "$dir/other" &
other=$!
for _ in $(seq 100); do grep -q listens "$dir/other" && break; sleep 0.1; done
HERMIT_GDB_PORT=23457 timeout -k 5 100 isle-run "$bin/turns" > "$dir/program" 2> "$dir/said"
status=$?
kill $other
check "port_in_use_is_refused" '^isle-run: port 23457, .* in use' "$dir/said"
ended "and_the_program_is_not_run" 125

# A gdb that is killed while the program runs leaves it alone: the alarm that comes later is the program's.
start 1 "$bin/turns" 20
sleep 3
printf 'target remote :%s\nshell touch %s/came\ncontinue\n' "$port" "$dir" > "$dir/commands"
gdb -nx -batch -x "$dir/commands" "$bin/turns" > "$dir/gdb" 2>&1 &
gdb=$!
for _ in $(seq 100); do [ -e "$dir/came" ] && break || sleep 0.2; done
sleep 2
kill -KILL $gdb
wait $run
status=$?
run=''
check "program_goes_on_after_gdb_is_killed" '^alarm' "$dir/program"
ended "status_is_that_without_gdb_again" 20

# A core file, where the program ran.
cd "$dir" || exit 99
{
	ulimit -c unlimited
	timeout -k 5 120 isle-run "$bin/crash"
	status=$?
	ulimit -c 0
} > "$dir/program" 2> "$dir/said"
gdb -nx -batch -ex bt -ex 'info threads' -ex 'print message' -ex 'thread 2' -ex bt "$bin/crash" "$dir"/core.* > "$dir/gdb" 2>&1
check "core_file_names_the_signal" 'terminated with signal SIGSEGV' "$dir/gdb"
check "core_file_has_the_stack" '^#6 .* main ' "$dir/gdb"
check "core_file_has_memory" '"after"' "$dir/gdb"
check "core_file_has_other_threads" '(pause|other_main) ' "$dir/gdb"
ended "death_by_the_signal" 139
rm -f core.*
timeout -k 5 120 isle-run "$bin/crash" > /dev/null 2>&1
status=$?
ended "death_by_the_signal_without_a_core_file" 139
n=$((n + 1))
if [ -z "$(ls "$dir"/core.* 2> /dev/null)" ]; then echo "ok $n - no_core_file_unless_allowed"; else
	echo "not ok $n - no_core_file_unless_allowed"; fi
echo "1..$n"
