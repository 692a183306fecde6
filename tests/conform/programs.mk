# SPDX-License-Identifier: MIT
# programs.mk - builds every program of the set into bin/FAMILY/PROPERTY.
#
# A source file in a family's folder is a program: there is no list to forget. Some are built statically and as
# static-pie as well. A program in a language whose compiler is missing becomes NAME.skip, a file with the reason.
# Needs no configure: `make -f programs.mk` here, or with srcdir= from elsewhere.

srcdir ?= .
CC ?= cc
CXX ?= c++
FC := $(if $(filter default undefined,$(origin FC)),gfortran,$(FC))
CLANG ?= clang
B := bin

have = $(shell command -v $(1) 2>/dev/null)
headers := $(wildcard $(srcdir)/*.h)
sources := $(wildcard $(srcdir)/*/*.c)
names := $(filter-out languages/% real/% dynamic/lib%,$(sources:$(srcdir)/%.c=%))

# What a static program must do by itself: find its own headers, relocate itself, set up TLS, threads and signals.
static := $(addprefix memory/,anon-zero brk mremap-grow static-arrays malloc-stress malloc-threads reserve-512g \
		private-file-cow text-patch stack-growth) \
	$(addprefix threads/,create-join tls many cancel mutex-robust exit-group exit-main-last stack-size) \
	$(addprefix futex/,wait-wake requeue) $(addprefix signals/,siginfo altstack fp-kept default-actions) \
	$(addprefix startup/,arguments auxv vdso constructors tls-image ifunc relro stack-alignment) \
	$(addprefix files/,read-write stdio) $(addprefix exit/,codes atexit) proc/exe proc/maps proc/cmdline \
	time/nanosleep pipes/transfer shared/devshm-child spawn/status math/libm

# Language programs and the tool each needs.
languages := cxx-exceptions cxx-iostreams cxx-threads fortran-files fortran-openmp go-runtime rust-std musl-static \
	openmp-gnu openmp-llvm
tool-cxx-exceptions := $(CXX)
tool-cxx-iostreams := $(CXX)
tool-cxx-threads := $(CXX)
tool-fortran-files := $(FC)
tool-fortran-openmp := $(FC)
tool-go-runtime := go
tool-rust-std := rustc
tool-musl-static := musl-gcc
tool-openmp-gnu := $(CC)
# The directory of LLVM's OpenMP library; objects of either compiler can be linked to it.
omp := $(patsubst %/,%,$(dir $(lastword $(sort $(wildcard /usr/lib/llvm-*/lib/libomp.so)))))
tool-openmp-llvm := $(if $(omp),$(CC),clang-with-libomp)

languages-built := $(foreach l,$(languages),$(if $(call have,$(tool-$(l))),$(l)))
languages-skipped := $(filter-out $(languages-built),$(languages))

# pointers/every has the table of calls.
cflags := -std=gnu11 -O1 $(WARN) -I$(srcdir) -I$(srcdir)/../../abi
libs := -lpthread -lrt -ldl -lm -lutil
say = @echo "  CONFORM  $@";

# What the scripts of real/ run besides programs of the distribution: compiled here, for test machines are slow at it.
R := real-bin
blas := $(firstword $(wildcard /usr/lib/*/openblas-pthread/libopenblas.so.0 /usr/lib/*/libopenblas.so.0))
tool-dgemm := $(if $(blas),$(CC),libopenblas0-pthread)
tool-epcc := $(tool-openmp-llvm)
tool-stream := $(tool-openmp-llvm)
tool-pingpong := mpicc.mpich
tool-dgemm.i := $(CC)
tool-job-control := $(CC)
real := dgemm epcc stream pingpong job-control dgemm.i
real-built := $(foreach r,$(real),$(if $(call have,$(tool-$(r))),$(r)))
real-skipped := $(filter-out $(real-built),$(real))

all: $(real-built:%=$(R)/%) $(real-skipped:%=$(R)/%.skip)
all: $(B)/deny $(B)/bound $(names:%=$(B)/%) $(static:%=$(B)/%.static) $(static:%=$(B)/%.static-pie) \
	$(languages-built:%=$(B)/languages/%) $(languages-skipped:%=$(B)/languages/%.skip)

# Not a program of the set: conform-set.t tests the set with it.
$(B)/deny: $(srcdir)/deny.c
	@mkdir -p $(@D)
	$(say) $(CC) $(cflags) -o $@ $<

# Nor this: run.sh runs the programs by it.
$(B)/bound: $(srcdir)/bound.c
	@mkdir -p $(@D)
	$(say) $(CC) $(cflags) -static -o $@ $<

# Programs of dynamic/ find their object beside them.
$(B)/dynamic/%: link = -Wl,-rpath,'$$ORIGIN'
$(patsubst %,$(B)/%,$(filter dynamic/%,$(names))): $(B)/dynamic/libtiny.so

$(B)/dynamic/libtiny.so: $(srcdir)/dynamic/libtiny.c $(srcdir)/dynamic/libtiny.map
	@mkdir -p $(@D)
	$(say) $(CC) $(cflags) -shared -fPIC -o $@ $< -Wl,--version-script=$(srcdir)/dynamic/libtiny.map

$(B)/%: $(srcdir)/%.c $(headers)
	@mkdir -p $(@D)
	$(say) $(CC) $(cflags) -o $@ $< $(link) $(libs)

$(B)/%.static: $(srcdir)/%.c $(headers)
	@mkdir -p $(@D)
	$(say) $(CC) $(cflags) -static -o $@ $< $(libs)

$(B)/%.static-pie: $(srcdir)/%.c $(headers)
	@mkdir -p $(@D)
	$(say) $(CC) $(cflags) -static-pie -fPIE -o $@ $< $(libs)

$(B)/languages/cxx-%: $(srcdir)/languages/cxx-%.cc
	@mkdir -p $(@D); rm -f $@.skip
	$(say) $(CXX) -std=c++20 -O1 -Wall -Wextra -o $@ $< -lpthread

$(B)/languages/fortran-%: $(srcdir)/languages/fortran-%.f90
	@mkdir -p $(@D); rm -f $@.skip
	$(say) $(FC) -O1 -Wall -Wno-tabs -fopenmp -J $(@D) -o $@ $<

$(B)/languages/go-%: $(srcdir)/languages/go-%.go
	@mkdir -p $(@D); rm -f $@.skip
	$(say) GO111MODULE=off CGO_ENABLED=0 GOCACHE=$(abspath $(B)/.go-cache) go build -o $@ $<

$(B)/languages/rust-%: $(srcdir)/languages/rust-%.rs
	@mkdir -p $(@D); rm -f $@.skip
	$(say) MAKEFLAGS= rustc --edition 2021 -O -o $@ $<

$(B)/languages/musl-static: $(srcdir)/languages/musl-static.c
	@mkdir -p $(@D); rm -f $@.skip
	$(say) musl-gcc -std=gnu11 -O1 $(WARN) -static -o $@ $<

$(B)/languages/openmp-gnu: $(srcdir)/languages/openmp.c $(headers)
	@mkdir -p $(@D); rm -f $@.skip
	$(say) $(CC) $(cflags) -fopenmp -o $@ $< $(libs)

# Without clang, objects of the other compiler.
link-llvm = if command -v $(CLANG) > /dev/null; \
		then $(CLANG) $(cflags) -fopenmp=libomp -o $@ $< -L$(omp) -Wl,-rpath,$(omp) $(libs); \
		else $(CC) $(cflags) -fopenmp -c -o $@.o $< && $(CC) -o $@ $@.o -L$(omp) -lomp -Wl,-rpath,$(omp) $(libs); fi

$(B)/languages/openmp-llvm: $(srcdir)/languages/openmp.c $(headers)
	@mkdir -p $(@D); rm -f $@.skip
	$(say) $(link-llvm)

$(R)/epcc $(R)/stream: $(R)/%: $(srcdir)/real/%.c
	@mkdir -p $(@D); rm -f $@.skip
	$(say) $(link-llvm)

$(R)/dgemm: $(srcdir)/real/dgemm.c
	@mkdir -p $(@D); rm -f $@.skip
	$(say) $(CC) $(cflags) -o $@ $< $(blas) -Wl,-rpath,$(dir $(blas)) $(libs)

$(R)/dgemm.i: $(srcdir)/real/dgemm.c
	@mkdir -p $(@D)
	$(say) $(CC) -E -P -o $@ $<

$(R)/job-control: $(srcdir)/real/job-control.c
	@mkdir -p $(@D); rm -f $@.skip
	$(say) $(CC) $(cflags) -o $@ $< $(libs)

$(R)/pingpong: $(srcdir)/real/pingpong.c
	@mkdir -p $(@D); rm -f $@.skip
	$(say) mpicc.mpich $(cflags) -o $@ $<

$(R)/%.skip:
	@mkdir -p $(@D)
	@echo "$(tool-$*) is not installed" > $@

$(B)/languages/%.skip:
	@mkdir -p $(@D)
	@echo "$(tool-$*) is not installed" > $@

clean:
	rm -rf $(B) $(R)

.PHONY: all clean
.DELETE_ON_ERROR:
