/* SPDX-License-Identifier: MIT */
/*
 * maps - /proc/self/maps has this function's page as r-xp of this file, the stack as [stack], writable data,
 * the heap, and no line twice. pthread_getattr_np and Rust read it.
 */
#include "conform.h"

static int find(const char *maps, const void *p, char *rights, char *name)
{
	unsigned long from, to, at = (unsigned long)(uintptr_t)p;
	const char *line;

	for (line = maps; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		name[0] = 0;
		if (sscanf(line, "%lx-%lx %4s %*x %*x:%*x %*u%*[ ]%255[^\n]", &from, &to, rights, name) >= 3 &&
		    at >= from && at < to)
			return 1;
	}
	return 0;
}

int main(void)
{
	static int data = 1;
	int (*code)(const char *, const void *, char *, char *) = find;
	char rights[8], name[256], *heap, *maps, *map;
	unsigned long from, to, last = 0;
	const char *line;
	int order = 1;

	heap = malloc(100);
	map = anon(3 * PAGE);
	must(mprotect(map + PAGE, PAGE, PROT_READ));
	maps = slurp("/proc/self/maps");
	check(find(maps, *(void **)(void *)&code, rights, name) && !strcmp(rights, "r-xp"), "code");
	check(strstr(name, "maps") != NULL, "of this file");
	check(find(maps, &data, rights, name) && !strcmp(rights, "rw-p"), "data");
	check(find(maps, &order, rights, name) && !strcmp(rights, "rw-p"), "stack");
	check(!strcmp(name, "[stack]"), "by its name");
	check(find(maps, heap, rights, name) && !strcmp(rights, "rw-p"), "heap");
	check(!strcmp(name, "[heap]"), "by its name");
	check(find(maps, map + PAGE, rights, name) && !strcmp(rights, "r--p"), "a protected page");
	check(find(maps, map, rights, name) && !strcmp(rights, "rw-p"), "the one before it");
	must(munmap(map, 3 * PAGE));
	for (line = maps; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		order &= sscanf(line, "%lx-%lx", &from, &to) == 2 && from >= last && to > from;
		last = to;
	}
	check(order, "in order, not overlapping");
	maps = slurp("/proc/self/maps");
	check(!find(maps, map, rights, name) || strcmp(rights, "rw-p"), "an unmapped page is gone");
	return done();
}
