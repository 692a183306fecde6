/* SPDX-License-Identifier: MIT */
/*
 * doctor_cpu.c - which CPUs could leave, and what of Linux is tied to them: interrupts, vectors,
 * irqbalance.
 */
#include "doctor.h"

#include "topo.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

void doctor_cpus(struct doctor *d)
{
	char text[CPUSET_TEXT], smt[32];
	unsigned int i, boot_core = CPUSET_MAX * 2;
	struct why why;
	bool real;

	if (topo_read(&d->machine, &real, &why)) {
		doctor_say(d, DOCTOR_PROBLEM, "CPUs", "", "%.400s", why.text);
		return;
	}
	for (i = 0; i < d->machine.nr_cpus; i++)
		if (d->machine.cpu[i].cpu == 0)
			boot_core = d->machine.cpu[i].core;
	for (i = 0; i < d->machine.nr_cpus; i++)
		if (d->machine.cpu[i].core != boot_core)
			cpuset_add(&d->leaving, d->machine.cpu[i].cpu);
	if (cpuset_count(&d->leaving))
		doctor_say(d, DOCTOR_OK, "CPUs", "",
			   "%s could leave, %u of %u cores; CPU 0's core stays with Linux",
			   cpuset_print(&d->leaving, text, sizeof(text)),
			   topo_cores(&d->machine) - 1, topo_cores(&d->machine));
	else if (d->reserved_cpus)
		doctor_say(d, DOCTOR_OK, "CPUs", "",
			   "every core but CPU 0's is in the reserve already");
	else
		doctor_say(d, DOCTOR_PROBLEM, "CPUs", "isles need a second core",
			   "no core can leave: CPU 0's core is the only one online");
	if (cpuset_count(&d->machine.offline) && !d->reserved_cpus)
		doctor_say(d, DOCTOR_NOTE, "CPUs",
			   "bring them online first if they shall be reserved (echo 1 > "
			   "/sys/devices/system/cpu/cpuN/online)",
			   "CPUs %s are offline",
			   cpuset_print(&d->machine.offline, text, sizeof(text)));
	doctor_text(d, smt, sizeof(smt), "/sys/devices/system/cpu/smt/control");
	if (topo_smt(&d->machine) > 1)
		doctor_say(d, DOCTOR_NOTE, "CPUs", "",
			   "cores have up to %u hardware threads; they leave together, and an isle "
			   "gets all of a core",
			   topo_smt(&d->machine));
	else if (!strcmp(smt, "off") || !strcmp(smt, "forceoff"))
		doctor_say(d, DOCTOR_OK, "CPUs", "", "SMT is switched off: a core is a CPU");
}

/* Row of the table in debugfs: CPU, vectors available, managed twice, active. */
struct vectors {
	unsigned long available_here; /* on CPUs that stay */
	unsigned long active_leaving; /* on CPUs that could leave */
	unsigned int rows;
};

static void count_vectors(const struct doctor *d, FILE *file, struct vectors *v)
{
	unsigned int cpu, available, managed, managed_active, active;
	char line[512];

	memset(v, 0, sizeof(*v));
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %u %u %u %u %u", &cpu, &available, &managed, &managed_active,
			   &active) != 5)
			continue;
		v->rows++;
		if (cpuset_has(&d->leaving, cpu))
			v->active_leaving += active > managed_active ? active - managed_active : 0;
		else
			v->available_here += available;
	}
}

/* A CPU cannot go offline if the vectors of its interrupts do not fit on the CPUs that stay. */
static void check_vectors(struct doctor *d)
{
	FILE *file = doctor_open(d, "/sys/kernel/debug/irq/domains/VECTOR");
	struct vectors v;

	if (!file) {
		doctor_say(
			d, DOCTOR_NOTE, "vectors",
			"run doctor as root with debugfs mounted to check",
			"free interrupt vectors were not checked: /sys/kernel/debug/irq cannot be "
			"read");
		return;
	}
	count_vectors(d, file, &v);
	fclose(file);
	if (v.rows == 0)
		doctor_say(d, DOCTOR_NOTE, "vectors", "",
			   "the kernel's table of interrupt vectors was not understood");
	else if (v.active_leaving + 8 > v.available_here)
		doctor_say(d, DOCTOR_PROBLEM, "vectors",
			   "leave more cores to Linux (--keep), or have drivers use fewer queues "
			   "(ethtool -L, nvme module parameters)",
			   "%lu interrupts of CPUs that could leave do not fit into the %lu free "
			   "vectors of the others",
			   v.active_leaving, v.available_here);
	else
		doctor_say(d, DOCTOR_OK, "vectors", "",
			   "%lu interrupts of CPUs that could leave fit into %lu free vectors of "
			   "the others",
			   v.active_leaving, v.available_here);
}

struct routes {
	unsigned int now;   /* interrupts that arrive at CPUs that could leave */
	unsigned int bound; /* of all, those that may arrive only there */
	char names[128];    /* of bound ones */
};

static bool irq_list(const struct doctor *d, const char *irq, const char *file,
		     struct isle_cpuset *set)
{
	char text[CPUSET_TEXT];
	struct why why;

	return doctor_text(d, text, sizeof(text), "/proc/irq/%s/%s", irq, file) && *text &&
	       !cpuset_parse(text, set, &why);
}

static void look_at_irq(const struct doctor *d, const char *irq, struct routes *routes)
{
	struct isle_cpuset set;
	unsigned int cpu;
	bool stays = false;
	char one[24];

	if (irq_list(d, irq, "effective_affinity_list", &set) && cpuset_overlaps(&set, &d->leaving))
		routes->now++;
	if (!irq_list(d, irq, "smp_affinity_list", &set))
		return;
	for (cpu = 0; cpu < CPUSET_MAX && !stays; cpu++)
		stays = cpuset_has(&set, cpu) && !cpuset_has(&d->leaving, cpu);
	if (stays || !cpuset_overlaps(&set, &d->leaving))
		return;
	routes->bound++;
	snprintf(one, sizeof(one), "%s%lu", routes->names[0] ? "," : "", strtoul(irq, NULL, 10));
	if (strlen(routes->names) + strlen(one) + 5 < sizeof(routes->names))
		strcat(routes->names, one);
	else if (routes->names[strlen(routes->names) - 1] != '.')
		strcat(routes->names, ",...");
}

static void check_routes(struct doctor *d)
{
	struct routes routes = { .now = 0 };
	char path[DOCTOR_PATH];
	struct dirent *entry;
	DIR *dir = opendir(doctor_path(d, "/proc/irq", path));

	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			look_at_irq(d, entry->d_name, &routes);
	if (dir)
		closedir(dir);
	if (routes.now)
		doctor_say(d, DOCTOR_OK, "interrupts", "",
			   "%u arrive at CPUs that could leave; Linux moves them when the CPUs go",
			   routes.now);
	else
		doctor_say(d, DOCTOR_OK, "interrupts", "", "none arrives at CPUs that could leave");
	if (routes.bound)
		doctor_say(
			d, DOCTOR_NOTE, "interrupts",
			"nothing to do; if they were bound by hand, bind them anew after a release",
			"%u may arrive only at CPUs that could leave (%s): queues of such CPUs are "
			"shut down or moved when they go",
			routes.bound, routes.names);
}

static bool process_runs(const struct doctor *d, const char *name)
{
	char path[DOCTOR_PATH], comm[32];
	struct dirent *entry;
	DIR *dir = opendir(doctor_path(d, "/proc", path));
	bool found = false;

	while (dir && !found && (entry = readdir(dir)))
		found = isdigit((unsigned char)entry->d_name[0]) &&
			doctor_text(d, comm, sizeof(comm), "/proc/%s/comm", entry->d_name) &&
			!strcmp(comm, name);
	if (dir)
		closedir(dir);
	return found;
}

void doctor_irqs(struct doctor *d)
{
	check_vectors(d);
	check_routes(d);
	if (process_runs(d, "irqbalance"))
		doctor_say(d, DOCTOR_OK, "interrupts", "",
			   "irqbalance runs; it cannot reach CPUs that have left");
	else
		doctor_say(d, DOCTOR_OK, "interrupts", "",
			   "irqbalance does not run; isles do not care");
}
