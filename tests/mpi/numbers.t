#!/bin/sh
# SPDX-License-Identifier: MIT
# numbers.t - messages between isles: as many instructions as on Linux, nothing that enters a kernel, and what MPI_Init
# asks of Linux. The short form of `make bench-mpi'; catches whatever comes onto the path of a message.
exec "${srcdir:-.}/../../bench/mpi/run.sh" --short --tap --build "${top_builddir:-../../build}"
