#!/bin/bash
# SPDX-License-Identifier: MIT
# watch.t - QEMU's monitor and gdb's stub, when they are asked for and only then.
# shellcheck disable=SC2154,SC2034 # shared with lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

base=$((20000 + $$ % 20000))
export HERMIT_PORT=$base

# begin VARIABLE=VALUE...: a program that waits; sets pid, guard, qemu. Without it nothing that follows means anything.
begin() {
	env "$@" "$isle_run" "$probe" > "$temp/out" 2> "$temp/err" &
	pid=$!
	{ until_line "$temp/out" here && family $pid; } || give_up "the program starts${1:+ with $1}"
}

end() {
	kill -TERM $pid
	wait $pid 2> /dev/null
}

# Local addresses on which QEMU listens: hexadecimal address:port, sorted.
listening() {
	local inode
	for inode in $(find "/proc/$qemu/fd" -lname 'socket:*' -printf '%l\n' 2> /dev/null | tr -dc '0-9\n'); do
		awk -v inode="$inode" '$4 == "0A" && $10 == inode { print $2 }' \
			"/proc/$qemu/net/tcp" "/proc/$qemu/net/tcp6"
	done | sort
}

begin
tried="without variables" status=0
listening > "$temp/listen"
[ ! -s "$temp/listen" ]
report "nothing listens unless it is asked for" $?
end

begin HERMIT_MONITOR=1
tried="HERMIT_MONITOR=1" status=0
[ "$(listening)" = "$(printf '0100007F:%04X' $((base + 1)))" ]
report "the monitor listens on the port after HERMIT_PORT, on loopback only" $?
exec 5<> "/dev/tcp/127.0.0.1/$((base + 1))"
printf 'info status\r\n' >&5
timeout 10 grep -q 'VM status: running' <&5
report "the monitor answers" $?
HERMIT_MONITOR=1 on_isle 125 "HERMIT_PORT names another" /bin/true
exec 5>&-
end
begin HERMIT_MONITOR=1
exec 5<> "/dev/tcp/127.0.0.1/$((base + 1))"
printf 'quit\r\n' >&5
wait $pid
status=$? tried="quit"
[ $status -eq 125 ] && grep -q "QEMU ended the machine" "$temp/err"
report "the monitor's quit ends the isle, and isle-run says so" $?
exec 5>&-

if (exec 6<> /dev/tcp/127.0.0.1/1234) 2> /dev/null; then
	tests=$((tests + 1))
	echo "ok $tests # SKIP port 1234 is in use on this machine"
else
	begin HERMIT_DEBUG=machine
	tried="HERMIT_DEBUG=machine" status=0
	[ "$(listening)" = "0100007F:04D2" ]
	report "gdb's stub for the machine listens on 1234, on loopback only" $?
	exec 6<> /dev/tcp/127.0.0.1/1234
	# shellcheck disable=SC2016 # $ begins a packet
	printf '$?#3f' >&6
	IFS= read -r -t 10 -n 3 answer <&6
	# shellcheck disable=SC2016 # $ begins a packet
	case $answer in *'$T'*) true ;; *) tried="answer $answer"; false ;; esac
	report "gdb's stub for the machine answers" $?
	exec 6>&-
	# The machine stands still for the debugger.
	kill -KILL $pid
	wait $pid 2> /dev/null
fi
finish
