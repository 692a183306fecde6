#!/bin/sh
# SPDX-License-Identifier: MIT
# headers.t - every header of the contract compiles alone, in each world that uses it.
# Catches: a header that leans on another include, or on something only one compiler has.
set -u
abi=$(cd "$(dirname "$0")/../../abi" && pwd)
n=0

try() { # NAME COMMAND...
	n=$((n + 1))
	name=$1
	shift
	if out=$("$@" 2>&1); then echo "ok $n - $name"; else echo "not ok $n - $name"; echo "$out" | sed 's/^/# /'; fi
}

for header in "$abi"/isle/*.h; do
	file=isle/$(basename "$header")
	try "$file alone in a C program" "${CC:-cc}" -std=gnu11 -Wall -Wextra -Werror -I"$abi" -fsyntax-only -x c "$header"
	try "$file alone in a C++ program" "${CXX:-g++}" -std=c++17 -Wall -Wextra -Werror -I"$abi" -fsyntax-only -x c++ "$header"
	# The isle kernel has no ioctls and no <sys/ioctl.h>.
	[ "$file" = isle/ioctl.h ] ||
		try "$file alone in a freestanding kernel" "${CC:-cc}" -std=gnu11 -ffreestanding -Wall -Wextra -Werror \
			-I"$abi" -fsyntax-only -x c "$header"
done
echo "1..$n"
