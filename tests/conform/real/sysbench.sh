#!/bin/sh
# SPDX-License-Identifier: MIT
# sysbench.sh [COMMAND...] - sysbench's own threads: primes, a mutex and yield test, memory.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need sysbench
"$@" sysbench cpu --threads="$(cores)" --cpu-max-prime=2000 --events=2000 --time=0 run > "$work/cpu" 2>&1
ended $? "$work/cpu"
ok "cpu made all events" says "$work/cpu" 'total number of events: *2000$'
"$@" sysbench threads --threads=4 --thread-locks=2 --thread-yields=50 --events=500 --time=0 run > "$work/threads" 2>&1
ended $? "$work/threads"
ok "threads made all events" says "$work/threads" 'total number of events: *500$'
"$@" sysbench memory --threads="$(cores)" --memory-block-size=1M --memory-total-size=100M run > "$work/memory" 2>&1
ended $? "$work/memory"
ok "memory moved all" says "$work/memory" '^100\.00 MiB transferred'
finish
