#!/bin/sh
# SPDX-License-Identifier: MIT
# cc1.sh [COMMAND...] - the C compiler proper turns a source into assembly, and says what is wrong with another one.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
need gcc sha256sum
cc1=$(gcc -print-prog-name=cc1)
[ -x "$cc1" ] || { echo "skip cc1 is not installed"; exit 0; }
built dgemm.i
"$@" "$cc1" -quiet -O2 -fpreprocessed "$path" -o "$work/out.s" > "$work/err" 2>&1
ended $? "$work/err"
echo "assembly: $(wc -l < "$work/out.s") lines, $(sha256sum < "$work/out.s")"
ok "has the function" says "$work/out.s" '^main:$'
printf 'int main(void) { return }\n' > "$work/bad.i"
(cd "$work" && "$@" "$cc1" -quiet -fpreprocessed bad.i -o bad.s) > "$work/err" 2>&1
echo "status $?"
cat "$work/err"
ok "an error says where" says "$work/err" '^bad\.i:1:[0-9]+: error:'
finish
