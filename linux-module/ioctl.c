// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl.c - one way in and out for all commands.
 *
 * A table says for each command who may call it and what must be zero; the struct is copied in,
 * checked, handed to the command's function and copied out by the same few lines. That its place
 * can be written is tried before the command runs, so that a bad pointer changes nothing.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "boot.h"
#include "doorbell.h"
#include "ioctl.h"
#include "isle.h"
#include "life.h"
#include "pin.h"

#define SMALL_SIZE  128u    /* kept on the stack: RING and WAIT are in a program's way */

enum {
	ROOT = 1 << 0,      /* needs CAP_SYS_ADMIN */
	ISLE = 1 << 1,      /* the file must have an isle */
	QUIET = 1 << 2,     /* success leaves the last sentence alone */
};

struct span {
	u16 at, size;
};
#define ZERO(type, field) { offsetof(struct type, field), sizeof_field(struct type, field) }

struct command {
	unsigned int cmd;
	long (*run)(struct isle_call *call, void *arg);
	unsigned int flags;
	struct span zero[2];
};

static long command_why(struct isle_call *call, void *arg)
{
	struct isle_why *why = arg;

	mutex_lock(&call->file->lock);
	memcpy(why->text, call->file->why, sizeof(why->text));
	mutex_unlock(&call->file->lock);
	return 0;
}

static long command_load(struct isle_call *call, void *arg)
{
	return isle_boot_load(call, arg);
}

static long command_start(struct isle_call *call, void *arg)
{
	return isle_life_start(call, arg);
}

static long command_stop(struct isle_call *call, void *arg)
{
	return isle_life_stop(call, arg);
}

/* Lives in which the isle can be talked to: bit numbers. */
static long check_life(struct isle_call *call, unsigned long lives)
{
	u32 life = isle_life(call->isle);

	if (lives & BIT(life))
		return 0;
	if (isle_life_ended(life))
		return isle_fail(call, -EBADFD, "isle %u is %s: %s", call->isle->id,
				 isle_life_name(life), call->isle->why);
	return isle_fail(call, -EBADFD, "isle %u is %s", call->isle->id, isle_life_name(life));
}

static long command_ring(struct isle_call *call, void *arg)
{
	const struct isle_ring *ring = arg;
	long err;

	err = check_life(call, BIT(ISLE_LIFE_RUNNING));
	if (err)
		return err;
	if (ring->cpu >= call->isle->nr_cpus)
		return isle_fail(call, -EINVAL, "the isle has no row %u: it has %u CPUs", ring->cpu,
				 call->isle->nr_cpus);
	isle_doorbell_ring(call->isle, ring->cpu);
	return 0;
}

static long command_events(struct isle_call *call, void *arg)
{
	struct isle_events *events = arg;

	events->bells = isle_doorbell_take(call->isle);
	events->state = isle_life(call->isle);
	return 0;
}

static long command_wait(struct isle_call *call, void *arg)
{
	const struct isle_wait *wait = arg;
	u32 life = isle_life(call->isle);
	long err;

	if (isle_life_ended(life))
		return isle_fail(call, -ESHUTDOWN,
				 "isle %u has ended: %s", call->isle->id, call->isle->why);
	err = check_life(call, BIT(ISLE_LIFE_STARTING) | BIT(ISLE_LIFE_RUNNING) |
			 BIT(ISLE_LIFE_STOPPING));
	return err ? err : isle_doorbell_wait(call, wait->slot, wait->timeout_ms);
}

static long command_pin(struct isle_call *call, void *arg)
{
	long err = check_life(call, BIT(ISLE_LIFE_RUNNING));

	return err ? err : isle_pin_add(call, arg);
}

static long command_unpin(struct isle_call *call, void *arg)
{
	long err = check_life(call, BIT(ISLE_LIFE_RUNNING) | BIT(ISLE_LIFE_STOPPING));

	return err ? err : isle_pin_remove(call, arg);
}

static long command_dirty(struct isle_call *call, void *arg)
{
	long err = check_life(call, BIT(ISLE_LIFE_RUNNING) | BIT(ISLE_LIFE_STOPPING));

	return err ? err : isle_pin_dirty(call, arg);
}

static const struct command commands[] = {
	{ ISLE_IOC_INFO, isle_command_info },
	{ ISLE_IOC_WHY, command_why, QUIET },
	{ ISLE_IOC_RESERVE, isle_command_reserve, ROOT, { ZERO(isle_reserve, reserved) } },
	{ ISLE_IOC_RELEASE, isle_command_release, ROOT,
	  { ZERO(isle_release, reserved0), ZERO(isle_release, reserved) } },
	{ ISLE_IOC_CREATE, isle_command_create, 0,
	  { ZERO(isle_create, reserved0), ZERO(isle_create, reserved) } },
	{ ISLE_IOC_LOAD, command_load, ISLE, { ZERO(isle_load, reserved) } },
	{ ISLE_IOC_START, command_start, ISLE, { ZERO(isle_start, reserved) } },
	{ ISLE_IOC_STOP, command_stop, ISLE,
	  { ZERO(isle_stop, reserved0), ZERO(isle_stop, reserved) } },
	{ ISLE_IOC_RING, command_ring, ISLE, { ZERO(isle_ring, reserved) } },
	{ ISLE_IOC_EVENTS, command_events, ISLE },
	{ ISLE_IOC_LIST, isle_command_list, 0, { ZERO(isle_list, reserved) } },
	{ ISLE_IOC_STAT, isle_command_stat, 0, { ZERO(isle_stat, reserved) } },
	{ ISLE_IOC_LOG, isle_command_log, 0, { ZERO(isle_log_read, reserved) } },
	{ ISLE_IOC_COUNTERS, isle_command_counters },
	{ ISLE_IOC_RESERVED, isle_command_reserved, 0, { ZERO(isle_reserved, reserved) } },
	{ ISLE_IOC_WAIT, command_wait, ISLE },
	{ ISLE_IOC_PIN, command_pin, ISLE, { ZERO(isle_pin, reserved) } },
	{ ISLE_IOC_UNPIN, command_unpin, ISLE, { ZERO(isle_pin, reserved) } },
	{ ISLE_IOC_DIRTY, command_dirty, ISLE, { ZERO(isle_pin, reserved) } },
};

static const struct command *find_command(unsigned int cmd)
{
	unsigned int nr = _IOC_NR(cmd);

	/* The number is the place; size and direction must be right too. */
	if (nr >= ARRAY_SIZE(commands) || commands[nr].cmd != cmd)
		return NULL;
	return &commands[nr];
}

/* Copies in, and shows that copying out will work. */
static long copy_in(struct isle_call *call, unsigned int cmd, void *buf, void __user *user)
{
	size_t size = _IOC_SIZE(cmd);
	unsigned long left = 0;

	if (_IOC_DIR(cmd) & _IOC_WRITE)
		left = copy_from_user(buf, user, size);
	else
		memset(buf, 0, size);
	if (!left && (_IOC_DIR(cmd) & _IOC_READ))
		left = copy_to_user(user, buf, size);
	if (left)
		return isle_fail(call, -EFAULT, "the command's struct is not at a usable address");
	return 0;
}

static long check_call(struct isle_call *call, const struct command *c, const void *buf)
{
	unsigned int i;

	if ((c->flags & ROOT) && !capable(CAP_SYS_ADMIN))
		return isle_fail(call, -EPERM, "this changes the reserve, which only root may do");
	for (i = 0; i < ARRAY_SIZE(c->zero); i++)
		if (memchr_inv(buf + c->zero[i].at, 0, c->zero[i].size))
			return isle_fail(call, -EINVAL,
					 "a reserved field is not 0: program and module are of "
					 "different versions");
	if ((c->flags & ISLE) && !call->isle)
		return isle_fail(call, -ENODEV, "this file has no isle: create one first");
	return 0;
}

static long run_command(struct isle_call *call, const struct command *c, void *buf,
			void __user *user)
{
	size_t size = _IOC_SIZE(c->cmd);
	long err;

	err = copy_in(call, c->cmd, buf, user);
	if (err)
		return err;
	err = check_call(call, c, buf);
	if (err)
		return err;
	err = c->run(call, buf);
	if (err < 0 || !(_IOC_DIR(c->cmd) & _IOC_READ))
		return err;
	if (copy_to_user(user, buf, size))
		return isle_fail(call, -EFAULT,
				 "the command was done, but its struct went away meanwhile");
	return err;
}

/* The sentence of a failure; a success clears it, without a lock if it is clear. */
static void tell(struct isle_call *call, const struct command *c, long err)
{
	struct isle_file *f = call->file;

	if (err >= 0 && (!READ_ONCE(f->why[0]) || (c && (c->flags & QUIET))))
		return;
	if (err < 0 && !call->why[0])
		isle_fail(call, err, "the command failed (%ld)", err);
	mutex_lock(&f->lock);
	if (err < 0)
		memcpy(f->why, call->why, sizeof(f->why));
	else
		f->why[0] = 0;
	mutex_unlock(&f->lock);
}

long isle_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct command *c = find_command(cmd);
	struct isle_call call = { .file = file->private_data };
	u8 small[SMALL_SIZE] __aligned(8);
	void *buf = small;
	long err;

	call.isle = READ_ONCE(call.file->isle);
	if (!c) {
		err = isle_fail(&call, -ENOTTY,
				"the module knows no such command: program and module are of "
				"different versions");
		tell(&call, NULL, err);
		return err;
	}
	if (_IOC_SIZE(cmd) > SMALL_SIZE)
		buf = kmalloc(_IOC_SIZE(cmd), GFP_KERNEL);
	err = buf ? run_command(&call, c, buf, (void __user *)arg) : -ENOMEM;
	if (buf != small)
		kfree(buf);
	tell(&call, c, err);
	return err;
}
