/* SPDX-License-Identifier: MIT */
/*
 * doctor.c - islectl doctor: runs the checks and prints what they found, problems last, where they
 * are seen.
 */
#include "doctor.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

void doctor_say(struct doctor *d, enum severity severity, const char *area, const char *advice,
		const char *format, ...)
{
	struct finding *finding = &d->finding[d->nr];
	va_list args;

	if (d->nr == DOCTOR_FINDINGS)
		return;
	d->nr++;
	d->problems += severity == DOCTOR_PROBLEM;
	d->notes += severity == DOCTOR_NOTE;
	finding->severity = severity;
	finding->area = area;
	snprintf(finding->advice, sizeof(finding->advice), "%s", advice);
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
}

const char *doctor_path(const struct doctor *d, const char *path, char *buffer)
{
	snprintf(buffer, DOCTOR_PATH, "%s%s", d->root, path);
	return buffer;
}

static FILE *open_args(const struct doctor *d, const char *format, va_list args)
{
	char name[DOCTOR_PATH], path[DOCTOR_PATH];

	vsnprintf(name, sizeof(name), format, args);
	return fopen(doctor_path(d, name, path), "re");
}

FILE *doctor_open(const struct doctor *d, const char *format, ...)
{
	va_list args;
	FILE *file;

	va_start(args, format);
	file = open_args(d, format, args);
	va_end(args);
	return file;
}

bool doctor_text(const struct doctor *d, char *text, size_t size, const char *format, ...)
{
	va_list args;
	FILE *file;
	bool got;

	va_start(args, format);
	file = open_args(d, format, args);
	va_end(args);
	got = file && fgets(text, (int)size, file);
	if (!got)
		text[0] = 0;
	text[strcspn(text, "\n")] = 0;
	if (file)
		fclose(file);
	return got;
}

bool doctor_booted_with(const struct doctor *d, const char *word)
{
	char find[64];

	snprintf(find, sizeof(find), " %s", word);
	return strstr(d->cmdline, find) != NULL;
}

static void doctor_begin(struct doctor *d)
{
	char line[sizeof(d->cmdline) - 2];
	struct utsname name;

	memset(d, 0, sizeof(*d));
	d->root = getenv("ISLE_DOCTOR_ROOT") ? getenv("ISLE_DOCTOR_ROOT") : "";
	if (!doctor_text(d, d->release, sizeof(d->release), "/proc/sys/kernel/osrelease") &&
	    uname(&name) == 0)
		snprintf(d->release, sizeof(d->release), "%s", name.release);
	doctor_text(d, line, sizeof(line), "/proc/cmdline");
	snprintf(d->cmdline, sizeof(d->cmdline), " %s ", line);
}

static void print_findings(const struct doctor *d)
{
	static const char *const words[] = { "ok", "note", "PROBLEM" };
	enum severity severity;
	unsigned int i;

	for (severity = DOCTOR_OK; severity <= DOCTOR_PROBLEM; severity++) {
		for (i = 0; i < d->nr; i++) {
			const struct finding *finding = &d->finding[i];

			if (finding->severity != severity)
				continue;
			printf("%-8s %-10s %s\n", words[severity], finding->area, finding->text);
			if (finding->advice[0])
				printf("%-8s %-10s -> %s\n", "", "", finding->advice);
		}
	}
	if (d->problems)
		printf("\nNot fit yet: %u problem%s, %u note%s.\n", d->problems,
		       d->problems == 1 ? "" : "s", d->notes, d->notes == 1 ? "" : "s");
	else
		printf("\nFit for isles: no problem, %u note%s.\n", d->notes,
		       d->notes == 1 ? "" : "s");
}

static void json_findings(struct json *json, const struct doctor *d)
{
	static const char *const words[] = { "ok", "note", "problem" };
	unsigned int i;

	json_begin(json, stdout, false);
	json_object(json, NULL);
	json_bool(json, "fit", d->problems == 0);
	json_unsigned(json, "problems", d->problems);
	json_unsigned(json, "notes", d->notes);
	json_string(json, "kernel", d->release);
	ctl_json_cpus(json, "cpus_that_could_leave", &d->leaving);
	json_array(json, "findings");
	for (i = 0; i < d->nr; i++) {
		json_object(json, NULL);
		json_string(json, "severity", words[d->finding[i].severity]);
		json_string(json, "area", d->finding[i].area);
		json_string(json, "text", d->finding[i].text);
		json_string(json, "advice", d->finding[i].advice);
		json_object_end(json);
	}
	json_array_end(json);
	json_object_end(json);
	json_end(json);
}

int doctor_run(struct ctl *ctl, int argc, char **argv)
{
	const struct opt opts[] = { CTL_JSON(ctl), CTL_HELP(ctl) };
	struct doctor *d;
	int status, nr;

	status = ctl_parse(ctl, opts, argc, argv, 0, &nr);
	if (status != CTL_GO)
		return status;
	d = malloc(sizeof(*d));
	if (!d)
		abort();
	doctor_begin(d);
	doctor_host(d);
	doctor_module(d);
	doctor_cpus(d);
	doctor_irqs(d);
	doctor_memory(d);
	if (ctl->json)
		json_findings(&ctl->out, d);
	else
		print_findings(d);
	status = d->problems ? CTL_FAILED : CTL_OK;
	free(d);
	return status;
}
