// SPDX-License-Identifier: GPL-2.0
/*
 * cpu.c - CPUs leave Linux for the reserve, and come back.
 *
 * Out: remove_cpu(), then INIT and start-up into the park loop (trampoline.c). Back: INIT, then
 * add_cpu(). In between two hotplug callbacks keep Linux away: the one refuses to bring an owned
 * CPU online; the other clears a leaving CPU in the present mask. That comes before Linux looks,
 * at the end of an offline, whether all CPUs present have been booted: if not, it stops sending
 * IPIs by the all-but-self shorthand, which would reach CPUs that are offline but enabled.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <asm/smp.h>

#include "cpu.h"
#include "cpu_table.h"
#include "isle.h"
#include "lapic.h"
#include "park.h"
#include "trampoline.h"

#define MAX_SET 1024u /* bits of struct isle_cpuset */

static struct cpumask owned;      /* not Linux's; read by callbacks and in a panic */
static struct cpumask leaving;    /* in remove_cpu() of ours */
static int hotplug_state;

static int refuse_online(unsigned int cpu)
{
	if (!cpumask_test_cpu(cpu, &owned))
		return 0;
	pr_info_ratelimited(
			    "CPU %u stays offline: it is in the reserve (release the reserve "
			    "first)\n", cpu);
	return -EBUSY;
}

static int hide_leaving(unsigned int cpu)
{
	if (cpumask_test_cpu(cpu, &leaving))
		cpumask_clear_cpu(cpu, &__cpu_present_mask);
	return 0;
}

int isle_cpu_init(void)
{
	hotplug_state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "isle:prepare",
						  refuse_online, hide_leaving);
	return hotplug_state < 0 ? hotplug_state : 0;
}

void isle_cpu_exit(void)
{
	cpuhp_remove_state_nocalls(hotplug_state);
}

/* No lock: in a panic nobody else runs; in a reboot one CPU too many or few is harmless. */
void isle_cpu_silence(void)
{
	unsigned int cpu;

	for_each_cpu(cpu, &owned)
		isle_lapic_send_init(cpu_physical_id(cpu));
}

/* All CPUs of the machine, as the policy wants them. */
static struct isle_policy_cpu *look_at_machine(size_t *nr)
{
	struct isle_policy_cpu *all;
	struct isle_rcpu *r;
	unsigned int cpu;

	*nr = min(nr_cpu_ids, MAX_SET);
	all = kcalloc(*nr, sizeof(*all), GFP_KERNEL);
	if (!all)
		return NULL;
	cpus_read_lock();
	for (cpu = 0; cpu < *nr; cpu++) {
		all[cpu].cpu = cpu;
		all[cpu].key = cpu;
		if (!cpu_online(cpu))
			continue;
		all[cpu].node = cpu_to_node(cpu);
		all[cpu].key = cpumask_first(topology_sibling_cpumask(cpu));
		all[cpu].flags = ISLE_POLICY_ONLINE;
	}
	cpus_read_unlock();
	list_for_each_entry(r, &isle_rcpus, list) {
		all[r->linux_cpu].node = r->node;
		all[r->linux_cpu].key = r->key;
		all[r->linux_cpu].flags = ISLE_POLICY_RESERVED;
	}
	return all;
}

static int check_set(const struct isle_cpuset *set, bool span, char *why)
{
	struct isle_policy_world world;
	struct isle_policy_cpu *all;
	int err;

	all = look_at_machine(&world.nr);
	if (!all)
		return -ENOMEM;
	world.cpu = all;
	err = isle_policy_reserve(&world, set, span, why);
	kfree(all);
	return err;
}

/* What Linux knows about a CPU it forgets when it goes offline: note it before. */
static struct isle_rcpu *describe(unsigned int cpu)
{
	struct isle_rcpu *r = kzalloc(sizeof(*r), GFP_KERNEL);
	unsigned int sibling;

	if (!r)
		return NULL;
	r->linux_cpu = cpu;
	r->apic_id = cpu_physical_id(cpu);
	r->node = cpu_to_node(cpu);
	r->package = topology_physical_package_id(cpu);
	r->core = topology_core_id(cpu);
	r->key = cpumask_first(topology_sibling_cpumask(cpu));
	for_each_cpu(sibling, topology_sibling_cpumask(cpu))
		r->thread += sibling < cpu;
	r->state = ISLE_RCPU_LOST;
	if (isle_park_slot_take(r)) {
		kfree(r);
		return NULL;
	}
	return r;
}

static void forget(struct isle_rcpu *r)
{
	list_del(&r->list);
	isle_park_slot_give_back(r);
	kfree(r);
}

static int describe_all(const struct isle_cpuset *set, struct list_head *taken)
{
	struct isle_rcpu *r;
	unsigned int cpu;
	int err = 0;

	cpus_read_lock();
	for (cpu = 0; cpu < MAX_SET && !err; cpu++) {
		if (!isle_cpuset_has(set, cpu))
			continue;
		r = describe(cpu);
		if (r)
			list_add_tail(&r->list, taken);
		else
			err = -ENOMEM;
	}
	cpus_read_unlock();
	return err;
}

static int take_offline(struct isle_rcpu *r, char *why)
{
	int err;

	cpumask_set_cpu(r->linux_cpu, &leaving);
	err = remove_cpu(r->linux_cpu);
	cpumask_clear_cpu(r->linux_cpu, &leaving);
	if (err) {
		snprintf(why, ISLE_TEXT_SIZE,
			 "Linux does not let CPU %u go (error %d): see the kernel's log, and what is "
			 "bound to it", r->linux_cpu, -err);
		return -EBUSY;
	}
	cpumask_set_cpu(r->linux_cpu, &owned);
	return 0;
}

/* INIT first, so that the core touches none of our pages even if Linux cannot start it. */
static int bring_online(struct isle_rcpu *r)
{
	int err;

	if (!cpumask_test_cpu(r->linux_cpu, &owned))
		return 0;
	isle_lapic_send_init(r->apic_id);
	cpumask_clear_cpu(r->linux_cpu, &owned);
	cpumask_set_cpu(r->linux_cpu, &__cpu_present_mask);
	err = add_cpu(r->linux_cpu);
	if (err)
		pr_err(
		       "CPU %u did not come back online (%d): try echo 1 > "
		       "/sys/devices/system/cpu/cpu%u/online\n",
		       r->linux_cpu, err, r->linux_cpu);
	return err;
}

static void give_back_list(struct list_head *taken)
{
	struct isle_rcpu *r, *next;

	list_for_each_entry_safe(r, next, taken, list) {
		bring_online(r);
		forget(r);
	}
}

static int park_list(struct list_head *taken, char *why)
{
	struct isle_rcpu **cpus, *r;
	unsigned int nr = 0, lost;

	list_for_each_entry(r, taken, list)
		nr++;
	cpus = kcalloc(nr, sizeof(*cpus), GFP_KERNEL);
	if (!cpus)
		return -ENOMEM;
	nr = 0;
	list_for_each_entry(r, taken, list)
		cpus[nr++] = r;
	lost = isle_trampoline_bring(cpus, nr);
	kfree(cpus);
	list_for_each_entry(r, taken, list) {
		if (r->state == ISLE_RCPU_PARKED)
			continue;
		snprintf(why, ISLE_TEXT_SIZE,
			 "CPU %u (and %u more) did not reach the park loop: all CPUs of this "
			 "request went back to Linux",
			 r->linux_cpu, lost - 1);
		return -EIO;
	}
	return 0;
}

int isle_cpu_reserve(const struct isle_cpuset *set, bool span, bool dry,
		     u64 *offline_ns, u64 *park_ns, char *why)
{
	LIST_HEAD(taken);
	struct isle_rcpu *r;
	u64 start;
	int err;

	*offline_ns = *park_ns = 0;
	err = check_set(set, span, why);
	if (err || dry || isle_cpuset_is_empty(set))
		return err;
	err = describe_all(set, &taken);
	if (err)
		goto err_give_back;
	start = ktime_get_ns();
	list_for_each_entry(r, &taken, list) {
		err = take_offline(r, why);
		if (err)
			goto err_give_back;
	}
	*offline_ns = ktime_get_ns() - start;
	start = ktime_get_ns();
	err = park_list(&taken, why);
	if (err)
		goto err_give_back;
	*park_ns = ktime_get_ns() - start;
	isle_cpu_table_add(&taken);
	return 0;

err_give_back:
	give_back_list(&taken);
	return err;
}

unsigned int isle_cpu_release(unsigned int *bad, char *why)
{
	struct isle_rcpu *r, *next;
	unsigned int nr = 0;
	int err;

	*bad = 0;
	list_for_each_entry_safe(r, next, &isle_rcpus, list) {
		err = bring_online(r);
		nr += !err;
		if (err) {
			(*bad)++;
			snprintf(why, ISLE_TEXT_SIZE,
				 "CPU %u did not come back (error %d; %u in all): try to set it "
				 "online in /sys/devices/system/cpu",
				 r->linux_cpu, -err, *bad);
		}
		forget(r);
	}
	isle_cpu_table_clear();
	return nr;
}
