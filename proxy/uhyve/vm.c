// SPDX-License-Identifier: MIT
/*
 * vm.c - the machine around an isle: opened, made, started, rung, ended.
 *
 * How it ends: a CPU leaves KVM_RUN for good because it parked, because it cannot go on, or because vm_end()
 * took it back. The last one to leave says so (memfd_ended). When the isle has stopped or panicked and some CPU does
 * not park, the bell's thread takes it back after a bounded time.
 */
#include "uhyve.h"

#include <isle/uhyve.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PARK_MS      2000   /* from the first row that parks to the last */
#define STACK_SIZE   (128u << 10)
#define APIC_PINS    24     /* of the interrupt controller that nobody has: KVM wants a number */

static int fail(struct why *why, const char *what)
{
	int err = errno;

	return why_say(why, -err, "KVM: %s: %s", what, strerror(err));
}

int kvm_open(struct why *why)
{
	static const struct {
		int cap;
		const char *name;
	} needed[] = {
		{ KVM_CAP_USER_MEMORY, "user memory" },
		{ KVM_CAP_SPLIT_IRQCHIP, "local APICs in the kernel" },
		{ KVM_CAP_SIGNAL_MSI, "message interrupts" },
		{ KVM_CAP_IOEVENTFD, "ioeventfd" },
		{ KVM_CAP_IMMEDIATE_EXIT, "immediate exit" },
	};
	const char *path = getenv("ISLE_KVM");
	int kvm, err;
	size_t i;

	path = path && *path ? path : "/dev/kvm";
	kvm = open(path, O_RDWR | O_CLOEXEC);
	if (kvm < 0) {
		err = errno;
		if (err == ENOENT || err == ENODEV || err == ENXIO)
			return why_say(why, -err, "there is no KVM: %s: %s (is the module kvm_intel or kvm_amd "
				       "loaded, and virtualization switched on in the firmware?)",
				       path, strerror(err));
		if (err == EACCES || err == EPERM)
			return why_say(why, -err, "%s may not be opened: %s (become a member of its group, most "
				       "often kvm)", path, strerror(err));
		return why_say(why, -err, "%s cannot be opened: %s", path, strerror(err));
	}
	if (ioctl(kvm, KVM_GET_API_VERSION, 0) != KVM_API_VERSION) {
		close(kvm);
		return why_say(why, -ENOTTY, "%s is not KVM, or of another interface than version %d", path,
			       KVM_API_VERSION);
	}
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (ioctl(kvm, KVM_CHECK_EXTENSION, needed[i].cap) > 0)
			continue;
		close(kvm);
		return why_say(why, -EOPNOTSUPP, "this KVM has no %s: it is too old", needed[i].name);
	}
	return kvm;
}

static int vm_open(struct vm *m, struct why *why)
{
	struct kvm_enable_cap irqchip = { .cap = KVM_CAP_SPLIT_IRQCHIP, .args = { APIC_PINS } };
	struct kvm_enable_cap ids = {
		.cap = KVM_CAP_X2APIC_API,
		.args = { KVM_X2APIC_API_USE_32BIT_IDS | KVM_X2APIC_API_DISABLE_BROADCAST_QUIRK },
	};

	/* EINTR: a signal came while the kernel set up its side. */
	do {
		m->fd = ioctl(m->kvm, KVM_CREATE_VM, 0);
	} while (m->fd < 0 && errno == EINTR);
	if (m->fd < 0)
		return fail(why, "no machine could be made");
	/* Intel without "unrestricted guest" wants three pages that the machine does not use. */
	ioctl(m->fd, KVM_SET_TSS_ADDR, 0xfffbd000ul);
	if (ioctl(m->fd, KVM_ENABLE_CAP, &irqchip))
		return fail(why, "no local APICs could be had");
	/* Only machines with an APIC id of 255 need it. */
	ioctl(m->fd, KVM_ENABLE_CAP, &ids);
	return 0;
}

static int bell_make(struct vm *m, struct why *why)
{
	struct kvm_ioeventfd bell = {
		.addr = ISLE_UHYVE_PORT_BELL,
		.len = 0, /* any width */
		.flags = KVM_IOEVENTFD_FLAG_PIO,
	};

	m->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (m->bell < 0)
		return fail(why, "no eventfd could be made");
	bell.fd = m->bell;
	if (ioctl(m->kvm, KVM_CHECK_EXTENSION, KVM_CAP_IOEVENTFD_ANY_LENGTH) <= 0)
		bell.len = 1;
	return ioctl(m->fd, KVM_IOEVENTFD, &bell) ? fail(why, "the doorbell could not be made") : 0;
}

static int vcpus_make(struct vm *m, struct why *why)
{
	int most = ioctl(m->kvm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS), size;
	uint32_t row;
	int err = 0;

	if (most > 0 && m->isle.nr_cpus > (uint32_t)most)
		return why_say(why, -EINVAL, "%u CPUs were asked for, but KVM allows a machine %d", m->isle.nr_cpus,
			       most);
	size = ioctl(m->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (size < (int)sizeof(struct kvm_run))
		return fail(why, "the size of a CPU's page is unknown");
	m->run_size = (size_t)size;
	m->vcpu = calloc(m->isle.nr_cpus, sizeof(*m->vcpu));
	if (!m->vcpu)
		return why_say(why, -ENOMEM, "out of memory");
	for (row = 0; row < m->isle.nr_cpus && !err; row++) {
		m->vcpu[row] = (struct vcpu){ .vm = m, .row = row, .fd = -1 };
		m->nr_vcpus = row + 1;
		err = vcpu_create(m, row, why);
	}
	return err;
}

static bool is_one(const char *name, bool otherwise)
{
	const char *value = getenv(name);

	return value && *value ? strcmp(value, "0") != 0 : otherwise;
}

int vm_create(struct isle *isle)
{
	static const struct memfd_layout layout = {
		.platform = ISLE_PLAT_UHYVE,
		.hpa_base = UHYVE_BASE,
		.pins = true,
	};
	const char *huge = getenv("HERMIT_HUGEPAGE");
	const struct memfd_wish wish = {
		.thp = is_one("HERMIT_HUGEPAGE", true),
		.huge = huge && !strcmp(huge, "all"),
		.prefault = is_one("HERMIT_PREFAULT", false),
	};
	struct vm *m = calloc(1, sizeof(*m));
	int err;

	if (!m)
		return why_say(&isle->why, -ENOMEM, "out of memory");
	m->kvm = m->fd = m->bell = m->isle.fd = m->isle.event[0] = m->isle.event[1] = -1;
	pthread_mutex_init(&m->lock, NULL);
	pthread_mutex_init(&m->pin_lock, NULL);
	pthread_cond_init(&m->released, NULL);
	isle->own = m;
	m->kvm = kvm_open(&isle->why);
	if (m->kvm < 0)
		return m->kvm;
	err = memfd_create_isle(&m->isle, isle, &layout, &wish);
	if (!err)
		err = vm_open(m, &isle->why);
	if (!err)
		err = bell_make(m, &isle->why);
	if (!err)
		err = vcpus_make(m, &isle->why);
	if (!err)
		err = slots_add_memory(m, &isle->why);
	return err;
}

/* The lock is held. */
static void others_release(struct vm *m)
{
	m->others = true;
	pthread_cond_broadcast(&m->released);
}

static void state_look(struct vm *m)
{
	if (__atomic_load_n(&m->isle.boot->state, __ATOMIC_ACQUIRE) < ISLE_STATE_BOOTING_CPUS)
		return;
	pthread_mutex_lock(&m->lock);
	if (!m->others)
		others_release(m);
	pthread_mutex_unlock(&m->lock);
}

/* Sleeps on the doorbell until no CPU is left. */
static void *bell_main(void *opaque)
{
	struct vm *m = opaque;
	struct pollfd bell = { .fd = m->bell, .events = POLLIN };
	int bound = -1;
	uint64_t count;
	bool ending;

	worker_signals();
	for (;;) {
		int n = poll(&bell, 1, bound);

		if (n > 0 && read(m->bell, &count, sizeof(count)) == sizeof(count)) {
			memfd_bell(&m->isle);
			state_look(m);
		}
		pthread_mutex_lock(&m->lock);
		ending = m->ending;
		if (!m->running) {
			pthread_mutex_unlock(&m->lock);
			return NULL;
		}
		pthread_mutex_unlock(&m->lock);
		/* Rows that should have parked by now are taken back; how the isle ended stands in its state. */
		if (n == 0 && bound >= 0)
			vm_end(m, ISLE_LIFE_NONE, NULL);
		bound = ending ? PARK_MS : -1;
	}
}

static int thread_make(pthread_t *thread, void *(*entry)(void *), void *arg)
{
	pthread_attr_t attr;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	err = pthread_create(thread, &attr, entry, arg);
	pthread_attr_destroy(&attr);
	return -err;
}

/* Signals are for threads that ask for them; new threads inherit the mask. */
static int threads_make(struct vm *m)
{
	sigset_t all, before;
	uint32_t row;
	int err = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (row = 0; row < m->nr_vcpus && !err; row++) {
		pthread_mutex_lock(&m->lock);
		m->running++;
		pthread_mutex_unlock(&m->lock);
		err = thread_make(&m->vcpu[row].thread, vcpu_main, &m->vcpu[row]);
		m->vcpu[row].started = !err;
	}
	if (err) {
		pthread_mutex_lock(&m->lock);
		m->running--;
		pthread_mutex_unlock(&m->lock);
	} else {
		err = thread_make(&m->bell_thread, bell_main, m);
		m->bell_started = !err;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

int vm_start(struct isle *isle, uint32_t timeout_ms)
{
	struct vm *m = vm_of(isle);
	uint32_t row;
	int err = 0;

	for (row = 0; row < m->nr_vcpus && !err; row++)
		err = vcpu_reset(&m->vcpu[row], &isle->why);
	if (!err)
		err = confine(&isle->why);
	if (err)
		return err;
	memfd_clock(&m->isle, m->tsc_khz, 0);
	m->isle.life = ISLE_LIFE_STARTING;
	err = threads_make(m);
	if (err) {
		vm_end(m, ISLE_LIFE_KILLED, "its threads could not be started");
		return why_say(&isle->why, err, "no threads for %u CPUs could be started: %s", m->nr_vcpus,
			       strerror(-err));
	}
	err = memfd_await_up(&m->isle, isle, timeout_ms);
	if (err)
		vm_end(m, ISLE_LIFE_HUNG, isle->why.text);
	return err;
}

int vm_ring(struct vm *m, uint32_t row)
{
	/* Message address and data: Intel SDM vol. 3, 11.11; the high half has the upper bits of x2APIC ids. */
	struct kvm_msi msi = {
		.address_lo = 0xfee00000u | (row & 0xff) << 12,
		.address_hi = row & 0xffffff00u,
		.data = ISLE_VECTOR_DOORBELL,
	};

	if (row >= m->nr_vcpus)
		return -EINVAL;
	return ioctl(m->fd, KVM_SIGNAL_MSI, &msi) < 0 ? -errno : 0;
}

void vm_end(struct vm *m, uint32_t life, const char *why)
{
	uint32_t row;
	uint64_t one = 1;

	pthread_mutex_lock(&m->lock);
	if (!m->end_life && life) {
		m->end_life = life;
		snprintf(m->end_why, sizeof(m->end_why), "%s", why ? why : "");
	}
	__atomic_store_n(&m->stopping, true, __ATOMIC_SEQ_CST);
	others_release(m);
	for (row = 0; row < m->nr_vcpus; row++) {
		struct vcpu *v = &m->vcpu[row];

		if (!v->run)
			continue;
		/* Looked at by KVM before it enters the machine; the signal ends a stay in it. */
		__atomic_store_n(&v->run->immediate_exit, 1, __ATOMIC_SEQ_CST);
		if (v->started)
			worker_interrupt(v->thread);
	}
	if (m->bell >= 0 && write(m->bell, &one, sizeof(one)) < 0)
		row = 0; /* a full eventfd wakes as well */
	pthread_mutex_unlock(&m->lock);
}

void vm_close(struct vm *m)
{
	uint32_t row;

	if (!m)
		return;
	if (m->vcpu)
		vm_end(m, ISLE_LIFE_KILLED, "isle-run ended");
	for (row = 0; row < m->nr_vcpus; row++)
		if (m->vcpu[row].started)
			pthread_join(m->vcpu[row].thread, NULL);
	if (m->bell_started)
		pthread_join(m->bell_thread, NULL);
	for (row = 0; row < m->nr_vcpus; row++)
		vcpu_close(&m->vcpu[row]);
	free(m->vcpu);
	slots_close(m);
	memfd_fd_close(&m->bell);
	memfd_fd_close(&m->fd);
	memfd_fd_close(&m->kvm);
	memfd_close(&m->isle);
	free(m);
}

int vm_guard(struct isle *isle)
{
	struct vm *m = vm_of(isle);
	int err = memfd_guard(&m->isle, isle);
	uint32_t row;

	if (!err)
		err = memfd_fd_guard(&m->kvm);
	if (!err)
		err = memfd_fd_guard(&m->fd);
	if (!err)
		err = memfd_fd_guard(&m->bell);
	for (row = 0; row < m->nr_vcpus && !err; row++)
		err = memfd_fd_guard(&m->vcpu[row].fd);
	return err;
}
