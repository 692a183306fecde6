#!/bin/sh
# SPDX-License-Identifier: MIT
# style.t - rules of the tree that a tool can check, so that nobody has to remember them.
# Each check prints the offending places; none looks at generated files.
set -u
cd "$(dirname "$0")/../.." || exit 99
n=0

# Our files: what git tracks, or (in a distribution archive) everything that is there.
if git ls-files --error-unmatch tests/style/style.t > /dev/null 2>&1; then files=$(git ls-files)
else files=$(find . -type f -not -path './build*' -not -name Makefile.in -not -path './autom4te.cache/*' | sed 's/^\.\///' |
	grep -vE '^(configure|aclocal.m4|INSTALL|COPYING)$|^(build-aux|_build|_inst|m4/l)'); fi
code=$(printf '%s\n' "$files" | grep -E '\.(c|h|S)$')
text=$(printf '%s\n' "$files" | grep -vE '^LICENSES/|\.golden$')

report() { # NAME OFFENDERS
	n=$((n + 1))
	if [ -z "$2" ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; printf '%s\n' "$2" | sed 's/^/# /'; fi
}

licence() { # FILE -> the licence its folder prescribes
	case $1 in
	linux-module/*) echo 'GPL-2.0' ;;
	abi/isle/*) echo '(GPL-2.0 WITH Linux-syscall-note) OR MIT' ;;
	*) echo 'MIT' ;;
	esac
}

# The licence line stands at the top; files without comments (data) are named here.
spdx() {
	for f in $text; do
		case $f in *.golden|*.json|*.xml|*.topo|*/corpus/*|*.txt|.gitignore|*.png) continue ;; esac
		[ -f "$f" ] || continue
		head -n 3 "$f" | grep -qF "SPDX-License-Identifier: $(licence "$f")" || echo "$f: expected $(licence "$f")"
	done
}

# Files over 400 lines need a reason, said in the file as `long:`.
long_files() {
	for f in $code; do
		[ "$(wc -l < "$f")" -le 400 ] || grep -q 'long: ' "$f" || echo "$f: $(wc -l < "$f") lines"
	done
}

# Functions over 60 lines need a reason as well. K&R style: a body ends at the first `}` in column 0.
long_functions() {
	for f in $(printf '%s\n' "$code" | grep '\.c$'); do
		awk -v f="$f" '/^\{/ { start = NR } /^\}/ && start { if (NR - start > 60 && !why) print f ":" start ": " NR - start " lines"; start = 0; why = 0 }
			/long: / { why = 1 }' "$f"
	done
}

# What one part includes of another goes through abi/.
edges() {
	grep -nE '#include +"\.\./\.\./' $code /dev/null
	grep -nE '#include +[<"](linux-module|proxy|kern)/' $(printf '%s\n' "$code" | grep -E '^(abi|linux-module|proxy)/') /dev/null
	grep -nE '#include +<linux/' $(printf '%s\n' "$code" | grep -E '^isle-kernel/' | grep -v '/host/') /dev/null
}

report "every file names its licence" "$(spdx)"
report "files are at most 400 lines, or say why" "$(long_files)"
report "functions are at most 60 lines, or say why" "$(long_functions)"
report "the parts include nothing of each other but abi/" "$(edges)"
report "kernel versions are tested in compat/ only" \
	"$(grep -lE 'LINUX_VERSION_CODE|KERNEL_VERSION\(' $(printf '%s\n' "$code" | grep -v '/compat/') /dev/null)"
report "inline assembly stays in arch/, plat/, vdso/, the module and tests" \
	"$(grep -nE '\b(asm|__asm__)\b *(volatile|__volatile__)? *\(' $(printf '%s\n' "$code" | grep '^isle-kernel/' | grep -vE "/(arch|plat|vdso)/") /dev/null)"
report "no path of one machine" "$(grep -nE '/(home|root|work)/[a-z]' $text /dev/null | grep -v '^tests/style/')"
report "no line is wider than 120 columns" \
	"$(for f in $code; do expand "$f" | awk -v f="$f" 'length($0) > 120 { print f ":" NR }'; done)"
report "no space at the end of a line" "$(grep -nE '[ 	]+$' $code /dev/null)"
report "docs/syscalls.md is what the table says" \
	"$(awk -f docs/syscalls.awk abi/isle/syscalls.def | diff docs/syscalls.md - | head -n 5)"
if command -v shellcheck > /dev/null; then
	scripts=$(for f in $text; do [ -f "$f" ] && head -n 1 "$f" | grep -qE '^#!.*\b(ba)?sh$' && echo "$f"; done)
	report "shell scripts pass shellcheck" "$(shellcheck -S warning -f gcc $scripts 2>&1 | grep -vF "tests/style/style.t")"
else
	n=$((n + 1)); echo "ok $n # SKIP shellcheck is not installed"
fi
echo "1..$n"
