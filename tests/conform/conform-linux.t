#!/bin/sh
# SPDX-License-Identifier: MIT
# conform-linux.t - every program of the set holds on Linux itself; what fails here says nothing about isles.
exec "$(dirname "$0")/run.sh" --build . --jobs 2
