#!/bin/sh
# SPDX-License-Identifier: MIT
# mpi.sh [COMMAND...] - MPICH: one rank that talks to itself, and two ranks over shared memory, each behind the command.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need mpicc.mpich mpiexec.mpich
mpicc.mpich -O1 -o "$work/pingpong" "$(dirname "$0")/pingpong.c" || { echo "not ok pingpong.c compiles"; exit 1; }
"$@" "$work/pingpong" > "$work/out" 2>&1
ok "alone: ends with 0" [ $? -eq 0 ]
ok "alone: messages to itself" says "$work/out" '^1 rank: right$'
if [ "$(nproc)" -lt 2 ]; then echo "ok two ranks want two cores"; finish; fi
UCX_TLS=self,posix mpiexec.mpich -n 2 "$@" "$work/pingpong" > "$work/out" 2>&1
ok "two ranks: end with 0" [ $? -eq 0 ]
ok "two ranks: messages and sums" says "$work/out" '^2 ranks: right$'
finish
