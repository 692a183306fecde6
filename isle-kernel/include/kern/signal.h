/* SPDX-License-Identifier: MIT */
/*
 * signal.h - signals of the program: sent, queued, taken. Numbers and codes are Linux's
 * (asm-generic/siginfo.h).
 */
#ifndef KERN_SIGNAL_H
#define KERN_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <isle/types.h>
#include <kern/list.h>

struct process;
struct signal_action;
struct thread;
struct trap_frame;

enum {
	SIGNAL_ILL = 4, SIGNAL_TRAP = 5, SIGNAL_BUS = 7, SIGNAL_FPE = 8, SIGNAL_KILL = 9,
	SIGNAL_SEGV = 11, SIGNAL_PIPE = 13, SIGNAL_ALRM = 14, SIGNAL_CHLD = 17, SIGNAL_CONT = 18,
	SIGNAL_VTALRM = 26, SIGNAL_PROF = 27,
	SIGNAL_STOP = 19, SIGNAL_TSTP = 20, SIGNAL_TTIN = 21, SIGNAL_TTOU = 22, SIGNAL_URG = 23,
	SIGNAL_XFSZ = 25,
	SIGNAL_WINCH = 28, SIGNAL_REALTIME = 32,
};

enum {
	SI_USER = 0, SI_KERNEL = 0x80, SI_QUEUE = -1, SI_TIMER = -2, SI_TKILL = -6,
	ILL_ILLOPN = 2, SEGV_MAPERR = 1, SEGV_ACCERR = 2, BUS_ADRALN = 1, BUS_ADRERR = 2,
	TRAP_TRACE = 2, FPE_INTDIV = 1, FPE_FLTDIV = 3, FPE_FLTOVF = 4, FPE_FLTUND = 5,
	FPE_FLTRES = 6, FPE_FLTINV = 7,
};

/* Linux's siginfo_t as far as the kernel fills it. */
struct signal_info {
	int32_t signo, err, code, pad;
	union {
		struct { int32_t pid; uint32_t uid; uint64_t value; } sent;
		struct { int32_t timer, overrun; uint64_t value; } timer;
		struct { uint64_t addr; } fault;
		uint8_t bytes[112];
	};
};

_Static_assert(sizeof(struct signal_info) == 128, "siginfo_t has 128 bytes");

#define SIGNAL_BIT(signo)  (1ull << ((signo) - 1))
/* Neither blocked nor handled. */
#define SIGNALS_HARD       (SIGNAL_BIT(SIGNAL_KILL) | SIGNAL_BIT(SIGNAL_STOP))

#define SIGNAL_DFL         0u
#define SIGNAL_IGN         1u
#define SA_NOCLDSTOP       0x1ull
#define SA_NOCLDWAIT       0x2ull
#define SA_SIGINFO         0x4ull
#define SA_RESTORER        0x04000000ull
#define SA_ONSTACK         0x08000000ull
#define SA_RESTART         0x10000000ull
#define SA_NODEFER         0x40000000ull
#define SA_RESETHAND       0x80000000ull

/*
 * Sends a signal: to the thread, which must not end meanwhile, or (thread NULL) to whichever of the process's threads
 * takes it. -EAGAIN if nothing more can be queued. Not from a thread that holds the process's lock.
 */
int signal_send(struct process *process, struct thread *thread, const struct signal_info *info);
/* To the thread with this id; -ESRCH there is none. A thread that ends may be found, and takes nothing. */
int signal_send_tid(struct process *process, uint32_t tid, const struct signal_info *info);
/* The same from the kernel to the calling thread, without details. */
void signal_send_thread(struct thread *thread, int signo);
/* What the calling thread's program did wrong: cannot be ignored or blocked. */
void signal_force(int signo, int code, uint64_t addr);
/* Takes what Linux sent (abi/isle/signal.h). Row 0's doorbell. */
void signals_receive(void);

/* Signals that the thread has pending, its own and the process's, blocked or not. */
uint64_t signal_pending(const struct thread *thread);
/* Changes the calling thread's mask; signals that this lets in are noticed before it goes back. */
void signal_mask_set(uint64_t mask);
/* The calling thread waits for signals no more (thread.sig_awaited). */
void signal_await_end(struct thread *me);
/* It ends: it takes no signals of the program's any more. */
void signal_leave(struct thread *me);
/* Takes one pending signal of the set off: its number, or 0. */
int signal_take(struct thread *thread, uint64_t set, struct signal_info *info);
/* Forgets pending signals of the set, for a disposition that became "ignored". Lock of the process held. */
void signal_flush(struct process *process, uint64_t set);
/* True if it would do nothing by its disposition. Lock held. */
bool signal_ignored(const struct process *process, int signo);
void signal_queue_fini(struct list *queue);
/* Forgets what POSIX timers have sent to the process and the calling thread. */
void signal_flush_timers(void);

/*
 * Runs handlers and default actions for the calling thread's signals; the program will continue
 * with *frame.
 */
void signal_deliver(struct trap_frame *frame);

/* arch: builds the handler's frame on the program's stack and points *frame at the handler. 0 or -EFAULT. */
int signal_frame_push(struct trap_frame *frame, const struct signal_action *action, const struct signal_info *info,
		      uint64_t mask);
/* arch: the largest such frame, for AT_MINSIGSTKSZ. */
uint64_t signal_frame_size(void);
/* arch: takes the frame of rt_sigreturn off. 0 or -EFAULT. *mask gets the mask to be restored. */
int signal_frame_pop(struct trap_frame *frame, uint64_t *mask);

#endif
