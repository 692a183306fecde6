#!/bin/sh
# SPDX-License-Identifier: MIT
# disk-files.t - shared mappings of files on disk, with both ways in which Linux lets their pages be pinned.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine '6.1' '--cpus 4 --timeout 300' disk-files.sh
machine '6.12' '--kernel 6.12 --cpus 4 --timeout 300' disk-files.sh
tap_end
