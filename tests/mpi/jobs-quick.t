#!/bin/sh
# SPDX-License-Identifier: MIT
# jobs-quick.t - the jobs of jobs.t that matter most, and some random ones, on one machine.
exec "${srcdir:-$(dirname "$0")}/jobs.t" quick
