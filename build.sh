#!/bin/sh
# SPDX-License-Identifier: MIT
# build.sh - the common first half of ./demo and ./check: packages, configure, make. Quick when nothing changed.
# Arguments go to setup (--all: also what only tests need).
set -eu
cd "$(dirname "$0")"

./setup "$@"
# One module for each kernel that setup found headers for.
linux=$(./setup --print | sed -n 's|^kernel .* headers \(/[^ ]*\).*|\1|p' | paste -s -d, -)

if [ ! -x configure ] || [ -n "$(find configure.ac m4 openmp/openmp.m4 -newer configure)" ] ||
   [ -n "$(find . -name Makefile.am -not -path './build/*' -newer configure)" ]; then
	echo "build: autoreconf"
	autoreconf -fi
	touch configure
fi
mkdir -p build
# A changed set of kernels configures anew.
if [ ! -f build/config.status ] || [ -n "$(find configure -newer build/config.status 2>/dev/null)" ] ||
   [ "$(cat build/linux-dirs 2>/dev/null)" != "$linux" ]; then
	echo "build: configure"
	(cd build && ../configure --quiet ${linux:+"--with-linux=$linux"})
	printf '%s\n' "$linux" > build/linux-dirs
fi
make -C build -j"$(nproc)" --no-print-directory
