/* SPDX-License-Identifier: MIT */
/*
 * robust-list - at thread exit the words of its robust list get FUTEX_OWNER_DIED and a waiter is woken. Catches
 * set_robust_list that only stores.
 */
#include "futex.h"

struct lock {
	struct robust_list list;
	word w;
};

static struct lock held, foreign;
static struct robust_list_head head;
static _Atomic int ready;

static void *owner(void *arg)
{
	word *w = &held.w;

	(void)arg;
	head.list.next = &held.list;
	held.list.next = &foreign.list;
	foreign.list.next = &head.list;
	head.futex_offset = (long)offsetof(struct lock, w);
	*w = (uint32_t)gettid() | FUTEX_WAITERS;
	foreign.w = 1;
	must(syscall(SYS_set_robust_list, &head, sizeof(head)));
	ready = 1;
	sleep_ms(20);
	syscall(SYS_exit, 0);
	return NULL;
}

int main(void)
{
	struct robust_list_head *mine = NULL;
	size_t len = 0;
	uint32_t value;

	fails(syscall(SYS_set_robust_list, &head, 3), EINVAL, "wrong length");
	must(syscall(SYS_get_robust_list, 0, &mine, &len));
	check(mine && len == sizeof(head), "the C library has set one");
	thread(owner, NULL);
	until(ready);
	while (!((value = held.w) & FUTEX_OWNER_DIED))
		futex(&held.w, FUTEX_WAIT, value, NULL, NULL, 0);
	equal(value & FUTEX_TID_MASK, 0, "the tid is gone");
	check(value & FUTEX_OWNER_DIED, "the owner died");
	equal(foreign.w, 1, "a word of another owner is left alone");
	return done();
}
