#!/bin/bash
# SPDX-License-Identifier: MIT
# conform-set.t - the set is in order, and run.sh sees a difference where there is one.
here=$(cd "$(dirname "$0")" && pwd)
build=$PWD
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
count=0

# ok NAME COMMAND...
ok() {
	local name=$1 verdict=ok
	shift
	"$@" > "$dir/why" 2>&1 || verdict="not ok"
	count=$((count + 1))
	echo "$verdict $count - $name"
	[ "$verdict" = ok ] || sed 's/^/# /' "$dir/why"
}

none() { [ -z "$1" ] || { printf '%s\n' "$1"; false; }; }
sources() { (cd "$here" && ls ./*/*.c | sed 's/^\.\///' | grep -vE '^(dynamic/lib|real/)'); }

# One program of our own that prints what it is told, in a copy of the set's runner.
mkdir -p "$dir/set/bin/trial" "$dir/set/trial"
cp "$here/run.sh" "$dir/set/"
printf 'trial/listed  a reason\n' > "$dir/set/differences"
program() { # NAME BODY [HEAD]
	printf '/*\n * %s\n */\n' "${3:-$1}" > "$dir/set/trial/$1.c"
	printf '#!/bin/sh\n%s\n' "$2" > "$dir/set/bin/trial/$1"
	chmod +x "$dir/set/bin/trial/$1"
}
# A command that lets its program differ: as $1 says.
printf '#!/bin/sh\nhow=$1; shift\n"$@"; rc=$?\ncase $how in
out) echo more ;; err) echo more >&2 ;; rc) rc=9 ;; slow) sleep 60 ;; esac\nexit $rc\n' > "$dir/as"
chmod +x "$dir/as"
run() { (cd "$dir/set" && ./run.sh --build . "$@" > "$dir/out" 2> "$dir/err"; echo $? > "$dir/rc"); }
says() { grep -qE "$1" "$dir/out" || { cat "$dir/out" "$dir/err"; false; }; }
refused() { run "$@"; [ "$(cat "$dir/rc")" = 2 ]; }

ok "every program's first comment names it" none "$(
	cd "$here" && for f in $(sources); do
		p=$(basename "$f" .c)
		sed -n '3,8p' "$f" | grep -qE "^ \* $p - " || echo "$f: its name is not in the first comment"
	done)"
ok "no program is longer than 150 lines" none "$(
	cd "$here" && for f in $(sources); do [ "$(wc -l < "$f")" -le 150 ] || echo "$f"; done)"
ok "every source was built" none "$(
	for f in $(sources); do
		case $f in languages/openmp.c) continue ;; esac
		[ -x "$build/bin/${f%.c}" ] || [ -f "$build/bin/${f%.c}.skip" ] || echo "$f"
	done)"
ok "there are at least 170 programs" [ "$(sources | wc -l)" -ge 170 ]
ok "syscalls.txt knows every program" none "$(
	for f in $(sources); do
		case $f in languages/*) continue ;; esac
		grep -q "^${f%.c}:" "$here/syscalls.txt" || echo "${f%.c}: make coverage"
	done)"

program good 'echo "ok it"; exit 3' 'cases: =3'
run
ok "a good program" says '^ok 1 - trial/good$'
for how in out err rc; do
	run --isle "$dir/as $how"
	ok "a difference in $how is seen" says '^not ok 1 - trial/good'
done
run --isle "$dir/as same"
ok "no difference is none" says '^ok 1 - trial/good$'
run --isle "$dir/as slow" --seconds 1
ok "one that does not end is seen" says 'did not end in 1 s'
program good 'echo "ok it"; echo "not ok that: why"; exit 3' 'cases: =3'
run
ok "one that fails on Linux is seen" says '^not ok 1 - trial/good'
program good 'echo "ok it"'  'cases: =3'
run
ok "so is a wrong status" says '^# on Linux: status 0, expected 3'
program good 'true'
run
ok "so is one that says nothing" says '^not ok 1 - trial/good'
program good 'echo "ok it"; touch "$TMPDIR/left"'
run
ok "so are files left behind" says 'left files behind: left'
program good 'echo "skip there is no such thing"'
run
ok "a skipped one" says '^ok 1 - trial/good # SKIP there is no such thing$'
program good 'printf "ok %s\n" "$#" "$1" ${#3}; [ "$2" = "" ]' 'args: one -empty- -big-'
run
cp "$dir/set/bin/trial/good" "$dir/set/bin/trial/good.static"
run --isle "$dir/as same" --static
ok "--static" says '^ok 1 - trial/good\.static$'
run --dynamic
ok "--dynamic, and arguments" says '^ok 1 - trial/good$'
rm "$dir/set/bin/trial/good.static"
program listed 'echo "ok it"'
run --only listed --isle "$dir/as out"
ok "a listed difference" says '^ok 1 - trial/listed # expected difference: a reason$'
run --only listed --isle "$dir/as same"
ok "a listed one that does not differ any more" says 'does not differ any more'
printf 'trial/listed  sometimes a reason\n' > "$dir/set/differences"
run --only listed --isle "$dir/as out"
ok "one that differs sometimes" says '^ok 1 - trial/listed # expected difference: sometimes a reason$'
run --only listed --isle "$dir/as same"
ok "and sometimes does not" says '^ok 1 - trial/listed$'
printf 'trial/listed  what is missing\n' > "$dir/set/not-yet"
: > "$dir/set/differences"
run --only listed --isle "$dir/as out"
ok "what is not there yet is a TODO" says '^not ok 1 - trial/listed # TODO what is missing$'
ok "and fails nothing" [ "$(cat "$dir/rc")" = 0 ]
run --only listed --isle "$dir/as same"
ok "when it is there, it is told" says '^# trial/listed can leave not-yet'
rm "$dir/set/not-yet"
printf 'trial/listed  it takes long\n' > "$dir/set/slow"
run --only listed --quick
ok "--quick leaves out what is slow" says '^ok 1 - trial/listed # SKIP it takes long$'
run --only listed
ok "and only that does" says '^ok 1 - trial/listed$'
printf 'trial/nothing  it takes long\n' > "$dir/set/slow"
run --quick
ok "a slow one that is no program" says 'differences or slow: trial/nothing is no program'
printf 'trial/nothing  a reason\n' > "$dir/set/differences"
run
ok "a listed one that is no program" says 'differences or slow: trial/nothing is no program'
ok "an unknown option" refused --hyperspace
ok "an option without its value" refused --isle
ok "a number of jobs that is none" refused --jobs many

# A call that does nothing, or is missing, must be noticed by the program that is there for it: name, call, errno.
"$build/bin/deny" 39 0 true 2> /dev/null && while read -r name number error; do
	"$here/run.sh" --build "$build" --dynamic --seconds 3 --only "$name" \
		--isle "$build/bin/deny $number $error" > "$dir/out" 2> "$dir/err"
	ok "$name notices its broken call" says "^not ok 1 - $name"
done << 'CALLS'
memory/dontneed 28 0
memory/msync-unmapped 26 0
memory/mprotect-split 10 0
memory/munmap-overlap 11 0
memory/mremap-grow 25 38
sched/setaffinity-migrates 203 0
sched/yield 24 0
threads/mutex-robust 273 0
signals/altstack 131 0
signals/mask-pending 127 0
time/timer-signal 223 0
time/sleep-absolute 230 0
files/lseek 8 0
pipes/close-in-use 3 0
sockets/options 48 0
limits/rlimits 302 0
CALLS
echo "1..$count"
