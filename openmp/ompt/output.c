// SPDX-License-Identifier: MIT
/*
 * output.c - opens the report before the run, so that a wrong name is noticed before the hours.
 */
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* %p and %h keep the ranks of an MPI program apart. */
static int expand(char *to, size_t size, const char *from)
{
	char text[80];
	size_t n = 0, len;

	for (; *from; from++) {
		text[0] = *from;
		text[1] = 0;
		if (from[0] == '%' && from[1] == 'p')
			snprintf(text, sizeof(text), "%d", (int)getpid());
		else if (from[0] == '%' && from[1] == 'h' && gethostname(text, sizeof(text)) < 0)
			snprintf(text, sizeof(text), "unknown");
		text[sizeof(text) - 1] = 0;
		if (from[0] == '%' && (from[1] == 'p' || from[1] == 'h'))
			from++;
		len = strlen(text);
		if (n + len >= size)
			return -ENAMETOOLONG;
		memcpy(to + n, text, len);
		n += len;
	}
	to[n] = 0;
	return 0;
}

static void complain(const char *path, int err)
{
	fprintf(stderr, "isle-ompt: cannot write %s: %s\n", path, strerror(err));
}

void output_open(struct output *output, const char *setting)
{
	int ret;

	memset(output, 0, sizeof(*output));
	output->out = stderr;
	if (!setting || !*setting || !strcmp(setting, "1"))
		return;
	output->json = !strcmp(setting, "json") || !strncmp(setting, "json:", 5);
	if (output->json)
		setting += setting[4] == ':' ? 5 : 4;
	if (!*setting)
		return;
	ret = expand(output->path, sizeof(output->path), setting);
	if (!ret) {
		output->out = fopen(output->path, "we");
		if (output->out)
			return;
		ret = -errno;
	}
	complain(setting, -ret);
	fprintf(stderr, "isle-ompt: the report will go to standard error\n");
	output->out = stderr;
	output->path[0] = 0;
}

void output_close(struct output *output)
{
	int bad;

	if (output->out == stderr) {
		fflush(stderr);
		return;
	}
	errno = 0;
	bad = fflush(output->out) | ferror(output->out);
	if (bad)
		complain(output->path, errno ? errno : EIO);
	if (fclose(output->out) && !bad)
		complain(output->path, errno);
	output->out = NULL;
}
