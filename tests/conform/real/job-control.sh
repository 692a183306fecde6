#!/bin/sh
# SPDX-License-Identifier: MIT
# job-control.sh [COMMAND...] - cat, echo and stty as jobs at a terminal, in front and in the background: stopped,
# continued, ended by keys.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need cat echo stty
built job-control
"$path" "$@" > "$work/out" 2> "$work/err"
rc=$?
# Each line is what became of a job, the same wherever it runs.
sed "s/^/ok /" "$work/out"
ended $rc "$work/err"
finish
