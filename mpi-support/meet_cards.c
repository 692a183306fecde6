/* SPDX-License-Identifier: MIT */
/*
 * meet_cards.c - what a member may ask about the others once they have come, and the end of a meeting
 * that failed.
 */
#include "meet_file.h"

#include <string.h>
#include <unistd.h>

#define FAREWELL_MS  2000u

uint32_t meet_list(const struct meeting *meeting, uint32_t *ranks)
{
	uint32_t nr = 0;

	if (!meeting->file) {
		ranks[0] = meeting->ask.rank;
		return 1;
	}
	for (uint32_t i = 0; i < meeting->ask.size; i++)
		if (meeting->file->member[i].step != MEET_ELSEWHERE)
			ranks[nr++] = i;
	return nr;
}

uint32_t meet_first(const struct meeting *meeting)
{
	for (uint32_t i = 0; meeting->file && i < meeting->ask.rank; i++)
		if (meeting->file->member[i].pid)
			return i;
	return meeting->ask.rank;
}

void meet_card(const struct meeting *meeting, uint32_t rank, void *card)
{
	memset(card, 0, MEET_CARD_SIZE);
	if (meeting->file)
		memcpy(card, meeting->file->member[rank].card, MEET_CARD_SIZE);
	else if (meeting->ask.card)
		memcpy(card, meeting->ask.card, meeting->ask.card_size);
}

void meet_farewell(const struct meeting *meeting)
{
	uint64_t deadline = meet_now_ms() + FAREWELL_MS;
	char path[sizeof(meeting->path) + sizeof(meeting->name) + 1];

	if (!meeting->name[0])
		return;
	snprintf(path, sizeof(path), "%s/%s", meeting->path, meeting->name);
	while (!access(path, F_OK) && meet_now_ms() < deadline)
		usleep(10000);
	unlink(path);
	meet_dir_remove(meeting);
}
