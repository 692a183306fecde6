#!/bin/sh
# SPDX-License-Identifier: MIT
# cc1.sh [COMMAND...] - the C compiler proper turns a source into the same assembly as on Linux.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need gcc
cc1=$(gcc -print-prog-name=cc1)
[ -x "$cc1" ] || { echo "skip cc1 is not installed"; exit 0; }
gcc -E -o "$work/dgemm.i" "$(dirname "$0")/dgemm.c" || exit 1
"$cc1" -quiet -O2 -fpreprocessed "$work/dgemm.i" -o "$work/linux.s" || exit 1
"$@" "$cc1" -quiet -O2 -fpreprocessed "$work/dgemm.i" -o "$work/here.s" > "$work/out" 2>&1
ok "ends with 0" [ $? -eq 0 ]
ok "the same assembly" cmp "$work/linux.s" "$work/here.s"
printf 'int main(void) { return }\n' > "$work/bad.i"
"$@" "$cc1" -quiet -fpreprocessed "$work/bad.i" -o "$work/bad.s" > "$work/out" 2>&1
ok "an error is one" [ $? -ne 0 ]
ok "and says where" says "$work/out" 'bad\.i:1:[0-9]+: error:'
finish
