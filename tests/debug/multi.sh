#!/bin/sh
# SPDX-License-Identifier: MIT
# multi.sh - inside the machine: sessions on bare cores, and nothing lost afterwards.
islectl reserve --cpus 2,3 --mem 256M@1 > /dev/null || exit 99
HERMIT_ISLE=multi DEBUG_BIN=$ISLE_BUILD/tests/debug bash "$TEST_PROGRAMS/sessions.sh"
status=$?
islectl release > /dev/null || status=1
exit $status
