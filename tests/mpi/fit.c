/* SPDX-License-Identifier: MIT */
/*
 * fit.c - what ldd and mpichversion say, texts in libraries, and programs that are here.
 */
#include "../lib/check.h"

#include <check.h>

#include <sys/stat.h>

static FILE *text_file(const char *text)
{
	FILE *file = tmpfile();

	ASSERT(file);
	fputs(text, file);
	rewind(file);
	return file;
}

static struct fit_libraries ldd(const char *text)
{
	struct fit_libraries libraries;
	FILE *in = text_file(text);

	fit_read_ldd(in, &libraries);
	fclose(in);
	return libraries;
}

TEST(ldd_of_mpich)
{
	struct fit_libraries got = ldd(
		"\tlinux-vdso.so.1 (0x00007f2c7be10000)\n"
		"\tlibmpich.so.12 => /lib/x86_64-linux-gnu/libmpich.so.12 (0x00007f2c79600000)\n"
		"\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2c7941e000)\n"
		"\tlibuct.so.0 => /opt/my ucx/libuct.so.0 (0x00007f2c79108000)\n"
		"\t/lib64/ld-linux-x86-64.so.2 (0x00007f2c7be12000)\n");

	EXPECT_EQ(got.mpi, FIT_MPI_MPICH);
	EXPECT_STR(got.mpi_path, "/lib/x86_64-linux-gnu/libmpich.so.12");
	EXPECT_STR(got.uct_path, "/opt/my ucx/libuct.so.0");
	EXPECT_STR(got.lost, "");
	EXPECT(!got.is_static);
}

TEST(ldd_of_open_mpi)
{
	struct fit_libraries got = ldd(
		"\tlibmpi.so.40 => /lib/x86_64-linux-gnu/libmpi.so.40 (0x00007f0000000000)\n"
		"\tlibopen-rte.so.40 => /lib/x86_64-linux-gnu/libopen-rte.so.40 (0x00007f0000000000)\n");

	EXPECT_EQ(got.mpi, FIT_MPI_OPEN);
	EXPECT_STR(got.mpi_path, "/lib/x86_64-linux-gnu/libmpi.so.40");
}

TEST(ldd_of_others)
{
	static const struct {
		const char *text;
		enum fit_mpi mpi;
		bool is_static;
		const char *lost;
	} rows[] = {
		{ "\tlibmpi.so.12 => /opt/mpich/lib/libmpi.so.12 (0x1)\n", FIT_MPI_MPICH, false, "" },
		{ "\tlibmpi.so => /opt/x/libmpi.so (0x1)\n", FIT_MPI_OTHER, false, "" },
		{ "\tlibmpich.so.12 => not found\n", FIT_MPI_MPICH, false, "libmpich.so.12" },
		{ "\tlibfoo.so => not found\n\tlibbar.so => not found\n", FIT_MPI_NONE, false, "libfoo.so" },
		{ "\tnot a dynamic executable\n", FIT_MPI_NONE, true, "" },
		{ "\tstatically linked\n", FIT_MPI_NONE, true, "" },
		{ "", FIT_MPI_NONE, false, "" },
		{ "\n => \n\tlibc.so.6 =>", FIT_MPI_NONE, false, "" },
		{ "\tlibmpifort.so.12 => /lib/libmpifort.so.12 (0x1)\n", FIT_MPI_NONE, false, "" },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fit_libraries got = ldd(rows[i].text);

		EXPECT_THAT(got.mpi == rows[i].mpi, "%u: %s", i, rows[i].text);
		EXPECT_THAT(got.is_static == rows[i].is_static, "%u: %s", i, rows[i].text);
		EXPECT_STR(got.lost, rows[i].lost);
	}
}

TEST(ldd_with_a_long_path)
{
	char line[2048] = "\tlibmpich.so.12 => /";

	memset(line + strlen(line), 'x', sizeof(line) - 1 - strlen(line));
	line[sizeof(line) - 1] = 0;
	EXPECT_EQ(strlen(ldd(line).mpi_path), FIT_PATH - 1);
}

TEST(texts_in_libraries)
{
	static const char ucx[] = "x\0ch4:ucx\0y\0posix\0self\0", ofi[] = "usage ch4:ucx\0ch4:ofi\0";
	char device[64];

	EXPECT(fit_find_device(ucx, sizeof(ucx), device));
	EXPECT_STR(device, "ch4:ucx");
	EXPECT_EQ(fit_find_transports(ucx, sizeof(ucx)), FIT_POSIX | FIT_SELF);
	EXPECT(fit_find_device(ofi, sizeof(ofi), device));
	EXPECT_STR(device, "ch4:ofi");
	EXPECT(!fit_find_device("ch4:ucx", 8, device));
	EXPECT_EQ(fit_find_transports(ofi, sizeof(ofi)), 0);
}

TEST(mpichversion)
{
	char version[64], device[64];
	FILE *in = text_file("MPICH Version:    \t4.0.2\nMPICH Release date:\tThu Apr  7\n"
			     "MPICH Device:    \tch4:ucx\nMPICH CC: \tgcc\n");

	EXPECT(fit_read_mpichversion(in, version, device));
	fclose(in);
	EXPECT_STR(version, "4.0.2");
	EXPECT_STR(device, "ch4:ucx");
	in = text_file("Open MPI v4.1.4\n");
	EXPECT(!fit_read_mpichversion(in, version, device));
	fclose(in);
}

TEST(programs_without_mpi)
{
	struct refusal why;
	struct fit fit;

	EXPECT_ERR(fit_program("/bin/sh", &fit, &why), -ENOEXEC);
	EXPECT_STR(why.text, "/bin/sh is not linked with an MPI library");
	EXPECT_ERR(fit_program(SOURCES "/tests/mpi/fit.c", &fit, &why), -ENOEXEC);
	EXPECT_ERR(fit_program("/nonexistent", &fit, &why), -ENOENT);
	EXPECT_STR(why.text, "/nonexistent cannot be read (No such file or directory)");
	EXPECT_ERR(fit_program("/tmp", &fit, &why), -ENOENT);
	EXPECT_ERR(fit_program("/dev/null", &fit, &why), -ENOENT);
}

/* mpichversion is itself linked with the library it speaks of. */
TEST(the_installed_mpich)
{
	static const char path[] = "/usr/bin/mpichversion";
	char version[64], device[64];
	struct refusal why;
	struct fit fit;
	FILE *in;

	if (access(path, X_OK))
		SKIP("MPICH is not installed");
	in = popen(path, "r");
	ASSERT(in);
	EXPECT(fit_read_mpichversion(in, version, device));
	pclose(in);
	if (strcmp(device, "ch4:ucx")) {
		EXPECT_ERR(fit_program(path, &fit, &why), -ENOTSUP);
		EXPECT_STR(fit.device, device);
		return;
	}
	EXPECT_ERR(fit_program(path, &fit, &why), 0);
	EXPECT_STR(fit.device, device);
	EXPECT_EQ(fit.transports & (FIT_POSIX | FIT_SELF), FIT_POSIX | FIT_SELF);
}

int main(void)
{
	return check_main(NULL);
}
