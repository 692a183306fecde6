#!/bin/sh
# SPDX-License-Identifier: MIT
# install.t - `make install DESTDIR=` puts everything a host needs below DESTDIR, and nothing beside it.
# Catches: a file that is built but not installed, and an install rule that ignores DESTDIR or the prefix.
set -u
build=${top_builddir:-../..}
dest=$(mktemp -d) || exit 99
trap 'rm -rf "$dest"' EXIT
n=0
# Those of the make that runs the tests would select what is installed.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES

result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

make -C "$build" install "DESTDIR=$dest" > "$dest/log" 2>&1
status=$?
result $status "make install DESTDIR= succeeds"
[ $status -eq 0 ] || tail -n 20 "$dest/log" | sed 's/^/# /'
for file in sbin/islectl bin/isle-run lib/hermit-isles/isle.elf share/man/man8/islectl.8 share/man/man1/isle-run.1 \
	share/man/man4/isle.4 lib/udev/rules.d/60-isle.rules lib/systemd/system/isle-reserve.service \
	include/isle/ioctl.h share/hermit-isles/linux-module-src/Kbuild; do
	found=$(find "$dest" -path "*/$file" | head -n 1)
	[ -n "$found" ]
	result $? "$file is installed"
done
for ko in "$build"/linux-module/*/isle.ko; do
	[ -f "$ko" ] || continue
	release=$(basename "$(dirname "$ko")")
	find "$dest" -path "*/lib/modules/$release/extra/isle.ko" | grep -q .
	result $? "the module for $release is installed"
done
echo "1..$n"
