#!/bin/bash
# SPDX-License-Identifier: MIT
# job-end.sh [quick] - inside the machine: each way in which a job ends badly is done to the same job twice, on Linux
# and on isles. Hydra must give the same status, and report the same of the rank.
# shellcheck source-path=SCRIPTDIR source=job-lib.sh disable=SC2154,SC2034
. "$(dirname "$0")/job-lib.sh"
reserve 1-3 200M@0,400M@1
export UCX_HANDLE_ERRORS=none

# The two ranks of a job that waits, as words of mpirun; used by name.
on_linux=(-n 1 "$rank" wait : -n 1 "$rank" wait)
# shellcheck disable=SC2034
on_isles=(-n 1 isle-run --cpus 1 "$rank" wait : -n 1 isle-run --cpus 1 "$rank" wait)
# shellcheck disable=SC2034
mixed=(-n 1 "$rank" wait : -n 1 isle-run --cpus 1 "$rank" wait)
# shellcheck disable=SC2034
mixed_back=(-n 1 isle-run --cpus 1 "$rank" wait : -n 1 "$rank" wait)

# What the launcher says of the rank that ended: the same words on both sides.
words()
{
	grep -hE 'EXIT CODE|EXIT STRING|Ctrl-C to proc|application called' "$dir/own-err" "$dir/own-out" | sort
}

as_linux() { [ "$status" != hang ] && [ "$status" = "$wanted" ] && [ "$(words)" = "$wanted_words" ]; }

# For the same Control-C or SIGTERM Hydra gives the signal or 0, as it happens to read its sockets: on Linux, too, about
# one of four times.
signalled() # SIGNAL
{
	[ "$wanted" = "$1" ] || [ "$wanted" = 0 ] || return 1
	[ "$status" = "$1" ] || [ "$status" = 0 ] || return 1
	[ "$1" != 2 ] || grep -q 'Sending Ctrl-C to processes' "$dir/own-out" "$dir/own-err"
}

linux_was()
{
	wanted=$status wanted_words=$(words)
	force_end
	rm -rf /dev/shm/*
}

# alone WORDS...: the last rank ends by itself.
alone()
{
	job -n 2 "$rank" "$@"
	linux_was
	job -n 2 isle-run --cpus 1 "$rank" "$@"
	report "a rank that does '$*' ends the job as on Linux: $wanted" as_linux
}

# by NAME DEED MIX: DEED is done to a job that waits. The Linux job has its reference.
by()
{
	local name=$1 deed=$2 mix=$3 line
	local -n words_of=$mix

	line=("${on_linux[@]}")
	deed_done "$deed"
	linux_was
	line=("${words_of[@]}")
	deed_done "$deed"
	case $deed in
	terminal | interrupt) report "$name ends a job ($mix) as on Linux: 2 or 0" signalled 2 ;;
	terminate) report "$name ends a job ($mix) as on Linux: 15 or 0" signalled 15 ;;
	*) report "$name ends a job ($mix) as on Linux: $wanted" as_linux ;;
	esac
}

deed_done()
{
	if [ "$1" = terminal ]; then
		on_a_terminal
	else
		started mpirun.mpich "${line[@]}"
		until_says waiting && "$1" "$pid"
		ended
	fi
}

rank_of() { pgrep -P "$(pgrep -P "$1" hydra_pmi)" | "$2" -n 1; }
interrupt() { kill -INT "$1"; }
terminate() { kill -TERM "$1"; }
kill_mpirun() { kill -KILL "$1"; }
kill_first() { kill -KILL "$(rank_of "$1" head)"; }
kill_last() { kill -KILL "$(rank_of "$1" tail)"; }
segv_last() { kill -SEGV "$(rank_of "$1" tail)"; }
term_last() { kill -TERM "$(rank_of "$1" tail)"; }
quit_first() { kill -QUIT "$(rank_of "$1" head)"; }
# Without its proxy mpirun ends when the last rank has ended. On Linux nobody ends them.
kill_proxy()
{
	local ranks

	ranks=$(pgrep -P "$(pgrep -P "$1" hydra_pmi)" -x rank)
	pkill -KILL -P "$1" hydra_pmi
	# shellcheck disable=SC2086 # numbers
	[ -z "$ranks" ] || { sleep 0.5; kill -KILL $ranks; }
}

# Control-C as a terminal sends it: to the foreground's processes.
on_a_terminal()
{
	local fifo=$dir/own-keys

	mkfifo "$fifo"
	: >"$dir/own-out"
	# script itself sometimes forgets the status.
	env --default-signal=INT,QUIT script -qc "trap : INT; mpirun.mpich ${line[*]}; echo \$? >$dir/own-status" \
		/dev/null <"$fifo" >"$dir/own-out" 2>"$dir/own-err" &
	pid=$!
	exec 7>"$fifo"
	until_says waiting && printf '\003' >&7
	ended
	[ "$status" = hang ] || status=$(cat "$dir/own-status")
	exec 7>&-
	rm -f "$fifo"
}

alone abort 7
alone exit 3
alone crash
by "Control-C on a terminal" terminal on_isles
by "kill -KILL of the launcher's proxy" kill_proxy on_isles
by "kill -KILL of a rank" kill_last on_isles
by "kill -KILL of mpirun" kill_mpirun on_isles
if long; then
	by "SIGINT" interrupt on_isles
	by "SIGTERM to mpirun" terminate on_isles
	by "kill -KILL of the first rank" kill_first on_isles
	by "SIGSEGV from outside" segv_last on_isles
	by "SIGTERM to a rank" term_last on_isles
	by "SIGQUIT to a rank that computes" quit_first on_isles
	for mix in mixed mixed_back; do
		by "SIGINT" interrupt $mix
		by "kill -KILL of a rank" kill_last $mix
		by "kill -KILL of the first rank" kill_first $mix
		by "kill -KILL of mpirun" kill_mpirun $mix
		by "kill -KILL of the launcher's proxy" kill_proxy $mix
	done
fi
jobs_end
