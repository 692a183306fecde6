/* SPDX-License-Identifier: MIT */
/*
 * messages.c - docs/mpi.md ends with the messages of the code, and each is worth reading.
 */
#include "../lib/check.h"

#include "refusal.h"

TEST(the_document_has_the_messages_of_the_code)
{
	static const char mark[] = "<!-- messages -->\n";
	char *want = NULL, *have, *end;
	size_t size;
	FILE *file = open_memstream(&want, &size);

	ASSERT(file);
	refusal_document(file);
	fclose(file);
	file = fopen(SOURCES "/docs/mpi.md", "re");
	ASSERT(file);
	have = calloc(1, 1 << 20);
	ASSERT(have);
	EXPECT_GT(fread(have, 1, (1 << 20) - 1, file), 0);
	fclose(file);
	end = strstr(have, mark);
	if (EXPECT_THAT(end, "docs/mpi.md has no line %s", mark))
		EXPECT_THAT(strcmp(end + strlen(mark), want) == 0,
			    "docs/mpi.md is behind messages.h: make -C mpi-support messages");
	free(have);
	free(want);
}

TEST(sentences_are_sentences)
{
	static const struct {
		const char *name, *text, *todo;
	} rows[] = {
#define M(name, err, text, todo) { #name, text, todo },
		MPI_MESSAGES(M)
#undef M
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = rows[i].text, *todo = rows[i].todo;

		EXPECT_THAT(!strpbrk(text, "\n|") && !strpbrk(todo, "\n|"), "%s", rows[i].name);
		EXPECT_THAT(text[strlen(text) - 1] != '.', "%s ends with a stop", rows[i].name);
		EXPECT_THAT(todo[strlen(todo) - 1] == '.', "%s: what to do has no stop", rows[i].name);
		EXPECT_THAT(strlen(text) < REFUSAL_SIZE / 2, "%s is long", rows[i].name);
		for (unsigned int j = 0; j < i; j++)
			EXPECT_THAT(strcmp(text, rows[j].text), "%s and %s", rows[i].name,
				    rows[j].name);
	}
}

TEST(a_sentence_is_filled_in_and_cut)
{
	char longer[2 * REFUSAL_SIZE];
	struct refusal why;

	EXPECT_ERR(refuse(&why, FIT_NO_MPI, "./a"), -ENOEXEC);
	EXPECT_EQ(why.message, MSG_FIT_NO_MPI);
	EXPECT_STR(why.text, "./a is not linked with an MPI library");
	EXPECT_STR(refusal_name(why.message), "FIT_NO_MPI");
	EXPECT_STR(refusal_name(MSG_NONE), "none");
	EXPECT_STR(refusal_name(MSG_COUNT), "unknown");
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	refuse(&why, FIT_NO_MPI, longer);
	EXPECT_EQ(strlen(why.text), REFUSAL_SIZE - 1);
}

int main(void)
{
	return check_main(NULL);
}
