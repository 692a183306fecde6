#!/bin/sh
# SPDX-License-Identifier: MIT
# channel.t - what forwarded calls cost on bare cores: messages, interrupts, copies.
# shellcheck source-path=SCRIPTDIR source=../lib/tap.sh
. "${srcdir:-$(dirname "$0")}/../lib/tap.sh"
# What starts programs in a machine lies with those of the module.
tap_here=$tap_here/../module
# Not a program of the build: a script beside this one.
TEST_PROGRAMS=$(cd "${srcdir:-$(dirname "$0")}" && pwd)
export TEST_PROGRAMS
machine 'multi' '--cpus 4 --timeout 180' channel.sh
tap_end
