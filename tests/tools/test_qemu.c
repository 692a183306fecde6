/* SPDX-License-Identifier: MIT */
/*
 * test_qemu.c - QEMU's command line, the variables it comes from, and the versions that are old.
 */
#include "check.h"

#include "plat/qemu_args.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct qemu_args args;
static struct why why;

/* The word after a word, or NULL. */
static const char *after(const char *option)
{
	uint32_t i;

	for (i = 0; i + 1 < args.nr; i++)
		if (!strcmp(args.argv[i], option))
			return args.argv[i + 1];
	return NULL;
}

static bool has(const char *word)
{
	uint32_t i;

	for (i = 0; i < args.nr; i++)
		if (!strcmp(args.argv[i], word))
			return true;
	return false;
}

static const struct qemu_machine machine = {
	.nr_cpus = 3,
	.mem_size = 64ull << 20,
	.boot_ipa = 200704,
	.image = "/lib/isle,1.elf",
};

static void environment_clear(void)
{
	unsetenv("HERMIT_QEMU");
	unsetenv("HERMIT_QEMU_OPTIONS");
	unsetenv("HERMIT_KVM");
	unsetenv("HERMIT_MONITOR");
	unsetenv("HERMIT_DEBUG");
	unsetenv("HERMIT_PORT");
}

TEST(qemu_line_is_complete)
{
	struct qemu_wish wish = { .path = "/bin/qemu" };

	ASSERT_EQ(qemu_args_build(&args, &wish, &machine, &why), 0);
	EXPECT_THAT(!strcmp(args.argv[0], "/bin/qemu"), "the program comes first: %s", args.argv[0]);
	EXPECT_THAT(!args.argv[args.nr], "the list ends");
	EXPECT_THAT(!strcmp(after("-smp"), "3,sockets=1,cores=3,threads=1"), "%s", after("-smp"));
	EXPECT_THAT(!strcmp(after("-m"), "66M"), "isle memory and the machine's own: %s", after("-m"));
	EXPECT_THAT(has("memory-backend-file,id=isle,size=67108864,mem-path=/proc/self/fd/3,share=on"), "the file");
	EXPECT_THAT(!strcmp(after("-append"), "boot=200704"), "%s", after("-append"));
	EXPECT_THAT(!strcmp(after("-accel"), "tcg"), "%s", after("-accel"));
	EXPECT_THAT(has("-nodefaults") && has("-no-user-config"), "nothing that the user's files add");
	EXPECT_THAT(!after("-mon") && !after("-gdb"), "nothing listens unless it is asked for");
}

TEST(qemu_commas_are_doubled)
{
	struct qemu_wish wish = { .path = "/bin/qemu" };

	ASSERT_EQ(qemu_args_build(&args, &wish, &machine, &why), 0);
	EXPECT_THAT(!strcmp(after("-kernel"), "/lib/isle,,1.elf"), "%s", after("-kernel"));
}

TEST(qemu_listens_on_loopback_only)
{
	struct qemu_wish wish = { .path = "q", .monitor = 18767, .gdb = 1234, .kvm = true };

	ASSERT_EQ(qemu_args_build(&args, &wish, &machine, &why), 0);
	EXPECT_THAT(has("socket,id=monitor,host=127.0.0.1,port=18767,server=on,wait=off,telnet=on"), "monitor");
	EXPECT_THAT(after("-gdb") && !strcmp(after("-gdb"), "tcp:127.0.0.1:1234"), "gdb");
	EXPECT_THAT(!strcmp(after("-accel"), "kvm") && !strcmp(after("-cpu"), "host"), "KVM");
}

TEST(qemu_options_come_last)
{
	struct qemu_wish wish = { .path = "q", .options = "  -icount shift=0\t-cpu qemu64 " };

	ASSERT_EQ(qemu_args_build(&args, &wish, &machine, &why), 0);
	EXPECT_THAT(!strcmp(args.argv[args.nr - 4], "-icount") && !strcmp(args.argv[args.nr - 1], "qemu64"), "words");
}

TEST(qemu_options_have_a_bound)
{
	struct qemu_wish wish = { .path = "q" };
	static char many[20000];

	memset(many, 'x', sizeof(many) - 1);
	wish.options = many;
	EXPECT_EQ(qemu_args_build(&args, &wish, &machine, &why), -E2BIG);
	memset(many, ' ', sizeof(many) - 1);
	for (size_t i = 0; i < 400; i += 2)
		many[i] = 'x';
	EXPECT_EQ(qemu_args_build(&args, &wish, &machine, &why), -E2BIG);
}

TEST(qemu_versions_are_read)
{
	uint32_t major = 0, minor = 0;

	EXPECT_THAT(qemu_version_parse("QEMU emulator version 10.0.2 (Debian 1:10)", &major, &minor), "QEMU 10");
	EXPECT_THAT(major == 10 && minor == 0, "%u.%u", major, minor);
	EXPECT_THAT(!qemu_version_parse("GNU bash, version 5.2", &major, &minor), "not QEMU");
	EXPECT_THAT(!qemu_version_parse("", &major, &minor), "nothing");
}

/* A program that says what it is told; path is a buffer of 64. */
static void fake_qemu(char *path, const char *says)
{
	FILE *file;
	int fd;

	strcpy(path, "/tmp/test-qemu.XXXXXX");
	fd = mkstemp(path);
	file = fdopen(fd, "w");
	fprintf(file, "#!/bin/sh\necho '%s'\n", says);
	fclose(file);
	chmod(path, 0755);
}

TEST(qemu_that_is_too_old_is_named)
{
	static const struct {
		const char *says, *sentence;
	} rows[] = {
		{ "QEMU emulator version 4.2.1", "QEMU 4.2, which is too old" },
		{ "QEMU emulator version 7.1.0", "too old" },
		{ "QEMU emulator version 7.2.22 (Debian)", NULL },
		{ "something else", "is not QEMU" },
	};
	char path[64];
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int err;

		fake_qemu(path, rows[i].says);
		err = qemu_version_check(path, &why);
		unlink(path);
		EXPECT_THAT(rows[i].sentence ? err && strstr(why.text, rows[i].sentence) : err == 0, "'%s': %s",
			    rows[i].says, err ? why.text : "taken");
	}
}

TEST(qemu_variables_are_checked)
{
	static const struct {
		const char *name, *value;
		int err;
		const char *sentence;
	} rows[] = {
		{ "HERMIT_KVM", "yes", -EINVAL, "HERMIT_KVM is 0 or 1" },
		{ "HERMIT_MONITOR", "2", -EINVAL, "HERMIT_MONITOR is 0 or 1" },
		{ "HERMIT_PORT", "65535", -EINVAL, "HERMIT_PORT" },
		{ "HERMIT_PORT", "0x10", -EINVAL, "HERMIT_PORT" },
		{ "HERMIT_QEMU", "/nonexistent", -ENOENT, "not there" },
		{ "HERMIT_QEMU", "no-such-qemu", -ENOENT, "on PATH" },
		{ "HERMIT_QEMU", "/etc/passwd", -EACCES, "not a program" },
		{ "HERMIT_QEMU", "/tmp", -EACCES, "not a program" },
		{ "HERMIT_KVM", "0", 0, NULL },
	};
	struct qemu_wish wish;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int err;

		environment_clear();
		setenv("HERMIT_QEMU", "/bin/sh", 1);
		setenv(rows[i].name, rows[i].value, 1);
		err = qemu_wish_read(&wish, &why);
		EXPECT_THAT(err == rows[i].err && (!err || strstr(why.text, rows[i].sentence)), "%s=%s: %d %s",
			    rows[i].name, rows[i].value, err, err ? why.text : "");
	}
	environment_clear();
}

TEST(qemu_ports_follow_hermit_port)
{
	struct qemu_wish wish;

	environment_clear();
	setenv("HERMIT_QEMU", "/bin/sh", 1);
	setenv("HERMIT_MONITOR", "1", 1);
	setenv("HERMIT_PORT", "28800", 1);
	ASSERT_EQ(qemu_wish_read(&wish, &why), 0);
	EXPECT_EQ(wish.monitor, 28801);
	EXPECT_EQ(wish.gdb, 0);
	environment_clear();
}
