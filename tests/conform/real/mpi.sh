#!/bin/sh
# SPDX-License-Identifier: MIT
# mpi.sh [COMMAND...] - MPICH: one rank that talks to itself, and two ranks over shared memory, each behind the command.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need mpiexec.mpich
built pingpong
"$@" "$path" > "$work/out" 2>&1
ended $? "$work/out"
ok "alone: messages to itself" says "$work/out" '^1 rank: right$'
if [ "$(nproc)" -lt 2 ]; then echo "ok two ranks want two cores"; finish; fi
UCX_TLS=self,posix mpiexec.mpich -n 2 "$@" "$path" > "$work/out" 2>&1
ended $? "$work/out"
ok "two ranks: messages and sums" says "$work/out" '^2 ranks: right$'
finish
