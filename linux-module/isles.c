// SPDX-License-Identifier: GPL-2.0
/*
 * isles.c - the list of isles, their references, and small questions about one.
 *
 * The list holds living isles and the last dead ones, each with a reference of its own. The order
 * of all locks is in isle.h; isles_lock guards only the list.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "doorbell.h"
#include "end.h"
#include "isle.h"
#include "sysfs.h"

DEFINE_MUTEX(isle_reserve_lock);
struct workqueue_struct *isle_workqueue;

static DEFINE_MUTEX(isles_lock);
static LIST_HEAD(living);
static LIST_HEAD(dead); /* latest first */
static atomic_t last_id;

static unsigned int keep_dead = 16;
module_param(keep_dead, uint, 0644);
MODULE_PARM_DESC(keep_dead, "How many dead isles' logs and counters are kept (16)");

long isle_fail(struct isle_call *call, long err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vscnprintf(call->why, sizeof(call->why), format, args);
	va_end(args);
	return err;
}

int isle_list_init(void)
{
	/* Not bound to a CPU: a long drain must not delay others. */
	isle_workqueue = alloc_workqueue("isle", WQ_UNBOUND, 0);
	return isle_workqueue ? 0 : -ENOMEM;
}

void isle_list_exit(void)
{
	destroy_workqueue(isle_workqueue);
}

void isle_forget_dead(void)
{
	struct isle *isle, *next;

	list_for_each_entry_safe(isle, next, &dead, list) {
		isle_forget(isle);
		isle_put(isle);
	}
}

u32 isle_next_id(void)
{
	return atomic_inc_return(&last_id);
}

static void release_isle(struct kobject *kobj)
{
	struct isle *isle = container_of(kobj, struct isle, kobj);

	isle_logstore_free(&isle->log);
	kvfree(isle->last_counters);
	kvfree(isle->piece_ipa);
	kvfree(isle->piece);
	kvfree(isle->late);
	kvfree(isle->cpu);
	kfree(isle);
}

static const struct kobj_type isle_ktype = {
	.release = release_isle,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = isle_sysfs_groups,
};

struct isle *isle_alloc(u32 id)
{
	struct isle *isle = kzalloc(sizeof(*isle), GFP_KERNEL);

	if (!isle)
		return NULL;
	isle->id = id;
	isle->life = ISLE_LIFE_CREATED;
	mutex_init(&isle->life_lock);
	mutex_init(&isle->log_lock);
	mutex_init(&isle->pin_lock);
	INIT_LIST_HEAD(&isle->list);
	INIT_LIST_HEAD(&isle->running);
	INIT_LIST_HEAD(&isle->waiters);
	INIT_LIST_HEAD(&isle->pins);
	init_waitqueue_head(&isle->wait);
	isle_logstore_init(&isle->log);
	isle_doorbell_prepare(isle);
	isle_end_prepare(isle);
	kobject_init(&isle->kobj, (struct kobj_type *)&isle_ktype);
	return isle;
}

int isle_publish(struct isle *isle)
{
	int err;

	err = kobject_add(&isle->kobj, isle_sysfs_folder(), "%u", isle->id);
	if (err)
		return err;
	mutex_lock(&isles_lock);
	list_add_tail(&isle->list, &living);
	mutex_unlock(&isles_lock);
	return 0;
}

void isle_forget(struct isle *isle)
{
	mutex_lock(&isles_lock);
	list_del_init(&isle->list);
	mutex_unlock(&isles_lock);
	kobject_del(&isle->kobj);
}

void isle_keep(struct isle *isle)
{
	struct isle *old, *next;
	LIST_HEAD(too_old);
	u32 nr = 0;

	mutex_lock(&isles_lock);
	list_move(&isle->list, &dead);
	list_for_each_entry_safe(old, next, &dead, list)
		if (nr++ >= READ_ONCE(keep_dead))
			list_move_tail(&old->list, &too_old);
	mutex_unlock(&isles_lock);
	list_for_each_entry_safe(old, next, &too_old, list) {
		isle_forget(old);
		isle_put(old);
	}
}

static struct isle *find_in(const struct list_head *list, u32 id)
{
	struct isle *isle;

	list_for_each_entry(isle, list, list)
		if (isle->id == id)
			return isle;
	return NULL;
}

struct isle *isle_find(u32 id)
{
	struct isle *isle;

	mutex_lock(&isles_lock);
	isle = find_in(&living, id);
	if (!isle)
		isle = find_in(&dead, id);
	if (isle)
		kobject_get(&isle->kobj);
	mutex_unlock(&isles_lock);
	return isle;
}

u32 isle_list_ids(u32 *ids, u32 room)
{
	const struct list_head *lists[] = { &living, &dead };
	struct isle *isle;
	u32 i, nr = 0;

	mutex_lock(&isles_lock);
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		list_for_each_entry(isle, lists[i], list) {
			if (nr < room)
				ids[nr] = isle->id;
			nr++;
		}
	}
	mutex_unlock(&isles_lock);
	return nr;
}

u32 isle_count(void)
{
	struct isle *isle;
	u32 nr = 0;

	mutex_lock(&isles_lock);
	list_for_each_entry(isle, &living, list)
		nr++;
	mutex_unlock(&isles_lock);
	return nr;
}

void isle_set_life(struct isle *isle, u32 life)
{
	/* Pairs with isle_life(): who sees an end sees why and the exit code too. */
	smp_store_release(&isle->life, life);
	isle_doorbell_wake(isle);
}

const char *isle_life_name(u32 life)
{
	static const char *const names[] = {
		[ISLE_LIFE_NONE] = "none", [ISLE_LIFE_CREATED] = "created",
		[ISLE_LIFE_LOADED] = "loaded", [ISLE_LIFE_STARTING] = "starting",
		[ISLE_LIFE_RUNNING] = "running", [ISLE_LIFE_STOPPING] = "stopping",
		[ISLE_LIFE_STOPPED] = "stopped", [ISLE_LIFE_PANICKED] = "panicked",
		[ISLE_LIFE_HUNG] = "hung", [ISLE_LIFE_KILLED] = "killed",
	};

	return life < ARRAY_SIZE(names) ? names[life] : "unknown";
}

/* The piece that holds ipa: the last one that begins at or before it. */
static u32 find_piece(const struct isle *isle, u64 ipa)
{
	u32 low = 0, high = isle->nr_pieces;

	while (high - low > 1) {
		u32 mid = low + (high - low) / 2;

		if (isle->piece_ipa[mid] <= ipa)
			low = mid;
		else
			high = mid;
	}
	return low;
}

u64 isle_hpa(const struct isle *isle, u64 ipa)
{
	u32 i;

	if (ipa >= isle->mem_size)
		return 0;
	i = find_piece(isle, ipa);
	return isle->piece[i].start + (ipa - isle->piece_ipa[i]);
}

void *isle_va(const struct isle *isle, u64 ipa)
{
	return __va(isle_hpa(isle, ipa));
}

u32 isle_kernel_state(const struct isle *isle)
{
	u32 state = READ_ONCE(isle->boot->state);

	return state > ISLE_STATE_PANICKED ? ISLE_STATE_PANICKED : state;
}

u8 isle_granule_use(const struct isle *isle, u64 ipa)
{
	const u8 *table;

	if (ipa < isle->at.end)
		return ISLE_GRANULE_KERNEL;
	if (ipa < isle->at.end + ISLE_GRANULE_SIZE)
		return ISLE_GRANULE_WINDOW;
	table = isle_va(isle, isle->at.granules);
	return READ_ONCE(table[ipa / ISLE_GRANULE_SIZE]);
}
