// SPDX-License-Identifier: MIT
/*
 * fuzz_args.c - random arguments that are right often enough to get somewhere.
 */
#include "fuzz.h"

int fuzz_files[FUZZ_FILES];
int fuzz_image;
char *fuzz_shared;

static const char *const cmdlines[] = {
	"idle", "idle", "idle", "idle", "idle", "idle", "idle", "idle", "stop", "selftest stop",
	"inject=panic", "inject=nullptr", "inject=hang", "inject=stackoverflow", "inject=hang-ap",
	"inject=spin", "inject=scribble", "inject=logflood", "inject=ring rings=100",
	"inject=bootpanic", "inject=boothang", "inject=slowstop", "exit=3 stop", "no such word", "",
};

uint64_t rnd(struct thread *t)
{
	t->state ^= t->state << 13;
	t->state ^= t->state >> 7;
	t->state ^= t->state << 17;
	return t->state;
}

uint32_t below(struct thread *t, uint32_t n)
{
	return (uint32_t)(rnd(t) >> 33) % n;
}

/* One in n times. */
int rarely(struct thread *t, uint32_t n)
{
	return below(t, n) == 0;
}

uint64_t pointer(struct thread *t, uint32_t good_at)
{
	switch (below(t, 24)) {
	case 0: return 0;
	case 1: return (uintptr_t)t->arena + 0x10000;
	case 2: return (uintptr_t)t->arena + 0x10ff0;
	case 3: return (uintptr_t)t->arena + 0x11000;
	case 4: return 0xffff888000001000ull;
	case 5: return rnd(t);
	default: return (uintptr_t)t->arena + good_at;
	}
}

static uint32_t small_time(struct thread *t)
{
	return rarely(t, 50) ? (uint32_t)rnd(t) : below(t, 200);
}

static uint32_t isle_number(struct thread *t)
{
	struct isle_list l = { .ids_ptr = (uintptr_t)t->arena + 0x8000, .nr = 64 };
	uint32_t id = 0;

	if (rarely(t, 20))
		return (uint32_t)rnd(t);
	if (dev_call(fuzz_files[below(t, FUZZ_FILES)], ISLE_IOC_LIST, &l) || !l.nr)
		return below(t, 100);
	memcpy(&id, t->arena + 0x8000 + 4 * below(t, l.nr < 64 ? l.nr : 64), sizeof(id));
	return id;
}

/* CPUs 1 to 7: the test machine has no more. */
static uint64_t some_cpus(struct thread *t)
{
	if (rarely(t, 30))
		return rnd(t);
	return rarely(t, 2) ? 1ull << (1 + below(t, 7)) : rnd(t) & 0xfe;
}

static uint32_t some_mem(struct thread *t, uint32_t *nr)
{
	struct isle_mem *mem = (void *)(t->arena + 0x1000);
	uint32_t i, n = below(t, 4);

	for (i = 0; i < n; i++) {
		mem[i].node = rarely(t, 20) ? (uint32_t)rnd(t) : below(t, 2);
		mem[i].reserved = rarely(t, 50) ? 1 : 0;
		mem[i].size = rarely(t, 30) ? rnd(t) : (uint64_t)below(t, 40) * ISLE_GRANULE_SIZE;
	}
	*nr = rarely(t, 50) ? (uint32_t)rnd(t) : n;
	return 0x1000;
}

static void fill_reserve(struct thread *t, struct isle_reserve *r)
{
	uint32_t nr;

	r->cpus.bits[0] = some_cpus(t);
	r->mem_ptr = pointer(t, some_mem(t, &nr));
	r->nr_mem = nr;
	/* Without STRICT a large size would take all the memory that the machine runs on. */
	r->flags = ISLE_RESERVE_F_STRICT | below(t, 8);
}

static void fill_create(struct thread *t, struct isle_create *c)
{
	uint32_t nr;

	if (rarely(t, 2))
		c->nr_cpus = below(t, 4);
	else
		c->cpus.bits[0] = some_cpus(t);
	c->node = rarely(t, 2) ? ISLE_NODE_ANY : below(t, 3);
	c->mem_ptr = pointer(t, some_mem(t, &nr));
	c->nr_mem = nr;
	c->flags = below(t, 2);
}

const char *some_cmdline(struct thread *t)
{
	return cmdlines[below(t, sizeof(cmdlines) / sizeof(cmdlines[0]))];
}

static void fill_load(struct thread *t, struct isle_load *l)
{
	l->image_fd = rarely(t, 20) ? (int)below(t, 20) - 1 : fuzz_image;
	strcpy((char *)t->arena + 0x2000, some_cmdline(t));
	l->cmdline_ptr = rarely(t, 10) ? 0 : pointer(t, 0x2000);
}

static void fill_log(struct thread *t, struct isle_log_read *l)
{
	l->isle_id = isle_number(t);
	l->flags = below(t, 2);
	l->pos = rarely(t, 2) ? 0 : rarely(t, 3) ? rnd(t) : below(t, 100000);
	l->buf_ptr = pointer(t, 0x4000);
	l->size = rarely(t, 10) ? (uint32_t)rnd(t) & 0x3fff : 8192;
	l->timeout_ms = small_time(t);
}

static void fill_pin(struct thread *t, struct isle_pin *p)
{
	p->uva = rarely(t, 5) ? pointer(t, 0) : (uintptr_t)fuzz_shared + below(t, 16) * 4096;
	p->len = rarely(t, 20) ? rnd(t) : below(t, 17) * 4096;
	p->flags = below(t, 2);
}

void fill(struct thread *t, unsigned long cmd, void *arg)
{
	memset(arg, 0, _IOC_SIZE(cmd));
	switch (cmd) {
	case ISLE_IOC_RESERVE: fill_reserve(t, arg); break;
	case ISLE_IOC_CREATE: fill_create(t, arg); break;
	case ISLE_IOC_LOAD: fill_load(t, arg); break;
	case ISLE_IOC_START: ((struct isle_start *)arg)->timeout_ms = small_time(t); break;
	case ISLE_IOC_STOP:
		((struct isle_stop *)arg)->timeout_ms = small_time(t);
		((struct isle_stop *)arg)->flags = below(t, 2);
		break;
	case ISLE_IOC_RING: ((struct isle_ring *)arg)->cpu = below(t, 4); break;
	case ISLE_IOC_LIST:
		((struct isle_list *)arg)->ids_ptr = pointer(t, 0x3000);
		((struct isle_list *)arg)->nr = rarely(t, 9) ? (uint32_t)rnd(t) : below(t, 64);
		break;
	case ISLE_IOC_STAT: ((struct isle_stat *)arg)->isle_id = isle_number(t); break;
	case ISLE_IOC_LOG: fill_log(t, arg); break;
	case ISLE_IOC_COUNTERS:
		((struct isle_counters_read *)arg)->isle_id = isle_number(t);
		((struct isle_counters_read *)arg)->nr = below(t, 9);
		((struct isle_counters_read *)arg)->buf_ptr = pointer(t, 0x4000);
		break;
	case ISLE_IOC_RESERVED:
		((struct isle_reserved *)arg)->cpus_ptr = pointer(t, 0x3000);
		((struct isle_reserved *)arg)->extents_ptr = pointer(t, 0x4000);
		((struct isle_reserved *)arg)->nr_cpus = below(t, 16);
		((struct isle_reserved *)arg)->nr_extents = below(t, 64);
		break;
	case ISLE_IOC_WAIT:
		((struct isle_wait *)arg)->slot = rarely(t, 5) ? (uint32_t)rnd(t) : below(t, 16);
		((struct isle_wait *)arg)->timeout_ms = 1 + small_time(t) % 200;
		break;
	case ISLE_IOC_PIN:
	case ISLE_IOC_UNPIN:
	case ISLE_IOC_DIRTY: fill_pin(t, arg); break;
	}
}
