// SPDX-License-Identifier: MIT
/*
 * background.c - calls from the background of the program's terminal: SIGTTIN and SIGTTOU.
 *
 * The proxy tells that Linux would stop the program (proxy/serve/terminal.c). If the thread does not block the signal
 * and the program does not ignore it, it goes to the program's group of processes, by way of Linux, so that all of a
 * pipeline stop, and it comes back to us as what others send does. Linux's order: drivers/tty/tty_jobctrl.c.
 */
#include "background.h"

#include <isle/call.h>
#include <kern/chan.h>
#include <kern/errno.h>
#include <kern/process.h>
#include <kern/signal.h>
#include <kern/syscall.h>
#include <kern/thread.h>
#include <kern/time.h>
#include <kern/waitq.h>

#define SYS_KILL  62
/* The signal comes back within microseconds. If it never does the call is made again, so seldom. */
#define COME_NS   100000000ull

/* The signal would have no effect. */
static bool is_inert(int signo)
{
	const struct thread *me = thread_current();
	struct process *process = me->process;
	bool inert;

	spin_lock(&process->lock);
	inert = (me->sig_blocked & SIGNAL_BIT(signo)) || signal_ignored(process, signo);
	spin_unlock(&process->lock);
	return inert;
}

/* Until there is something to do on the way back to the program. */
static void signal_await(void)
{
	struct waitq nobody = WAITQ_INIT(nobody);

	spin_lock(&nobody.lock);
	waitq_wait(&nobody, time_ns() + COME_NS, true);
}

int64_t background_answer(uint32_t flags, bool *again)
{
	const int signo = flags & ISLE_DONE_F_TTIN ? SIGNAL_TTIN : SIGNAL_TTOU;

	*again = false;
	if (is_inert(signo)) {
		*again = signo == SIGNAL_TTOU && chan_isle_call(ISLE_CALL_BACKGROUND, 0, 0, 0, 0, 0, 0) == 0;
		return -EIO;
	}
	if (flags & ISLE_DONE_F_ORPHAN)
		return -EIO;
	chan_isle_call(SYS_KILL, 0, (uint64_t)signo, 0, 0, 0, 0);
	signal_await();
	return -ERESTARTSYS;
}
