/* SPDX-License-Identifier: MIT */
/*
 * isle.h - the device as the tests use it: one thin function a command, and a few that bring an
 * isle to a state.
 *
 * Written from abi/isle/ioctl.h alone and shared with nothing under proxy/, so that a misreading of
 * the contract there and here does not cancel out. Every function returns 0 (or a number) or
 * -errno. Files opened here are remembered, so that dev_close_all() cleans up after a test that
 * ended early.
 */
#ifndef TESTS_LIB_ISLE_H
#define TESTS_LIB_ISLE_H

#include "check.h"

#include <isle/boot.h>
#include <isle/counters.h>
#include <isle/ioctl.h>
#include <isle/log.h>
#include <isle/window.h>

#include <stdint.h>

#define MIB  (1ull << 20)

/*
 * Bound of every wait for something that should happen at once; the host may be busy with other
 * things.
 */
#define SOON_MS  30000u

/* The whole device. */
int dev_open(void);                        /* a file descriptor, or -errno */
void dev_close(int fd);
void dev_close_all(void);
int dev_call(int fd, unsigned long cmd, void *arg);
const char *dev_why(int fd);               /* in a static buffer */
struct isle_info dev_info(void);           /* by a file of its own; zeroes if that fails */

/*
 * One command each. Lists of CPUs are written as "1,3-5"; memory is MiB of each node, 0 for none.
 */
int dev_reserve(int fd, const char *cpus, unsigned int mib0, unsigned int mib1, uint32_t flags,
		struct isle_reserve *out);
int dev_release(int fd, struct isle_release *out);
int dev_create(int fd, const char *cpus, unsigned int mib0, unsigned int mib1, uint32_t flags,
	       struct isle_create *out);
int dev_load_fd(int fd, int image, const char *cmdline, struct isle_load *out);
int dev_load(int fd, const char *cmdline, struct isle_load *out);
int dev_start(int fd, uint32_t timeout_ms, uint64_t *start_ns);
int dev_stop(int fd, uint32_t timeout_ms, uint32_t flags, struct isle_stop *out);
int dev_ring(int fd, uint32_t row);
int dev_events(int fd, struct isle_events *out);
int dev_list(int fd, uint32_t *ids, uint32_t room);  /* how many there are */
int dev_stat(uint32_t id, struct isle_stat *out);
int dev_counters(uint32_t id, struct isle_counters *rows, uint32_t nr);

/* An isle that a test holds. Zeroed, fd -1: none. */
struct subject {
	int fd;
	uint32_t id;
	uint32_t nr_cpus;
	struct isle_load load;
	uint64_t start_ns;
};

/* How far subject_make() goes. */
enum stage { STAGE_OPEN, STAGE_CREATED, STAGE_LOADED, STAGE_RUNNING };

/* Opens, creates (on the CPUs, SUBJECT_MIB of memory on each node they are of), loads, starts. */
#define SUBJECT_MIB  64u
int subject_make(struct subject *it, const char *cpus, const char *cmdline, enum stage stage);
/* subject_make up to running, and what went wrong printed. 1 or 0. */
int subject_run(struct subject *it, const char *cpus, const char *cmdline);
void subject_close(struct subject *it);

/* Rings a row of a running isle and waits until the isle has counted it. 1, or 0 and a failure. */
int subject_answers(const struct subject *it, uint32_t row);

/*
 * Waits for a state of life, or for an end of any kind (wait_end). Returns the last life seen, 0 if
 * it is gone.
 */
uint32_t wait_life(uint32_t id, uint32_t life, unsigned int ms);
uint32_t wait_end(uint32_t id, unsigned int ms);
int life_ended(uint32_t life);
const char *life_name(uint32_t life);

/* Sum of a named counter over the first nr rows. */
uint64_t counter_sum(uint32_t id, uint32_t nr, unsigned int counter);

/*
 * The log so far as lines of text, to be freed; lost counts the bytes that were not kept. NULL: no
 * such isle.
 */
char *log_text(uint32_t id, uint64_t *lost);
/* Whether a line of the log holds the word, upper and lower case alike. */
int log_has(uint32_t id, const char *word);

/* Sets of CPUs. */
int cpus_parse(const char *list, struct isle_cpuset *set);
void cpus_format(const struct isle_cpuset *set, char *list, size_t size);
int cpus_has(const struct isle_cpuset *set, unsigned int cpu);
unsigned int cpus_count(const struct isle_cpuset *set);

/* Path of the isle kernel's image, or NULL. */
const char *image_path(void);

#endif
