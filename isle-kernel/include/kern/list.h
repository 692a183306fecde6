/* SPDX-License-Identifier: MIT */
/*
 * list.h - a circular doubly linked list whose links live in what is listed.
 */
#ifndef KERN_LIST_H
#define KERN_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name)  { &(name), &(name) }

/* The struct of which link is the member. */
#define list_entry(link, type, member)  ((type *)((char *)(link) - offsetof(type, member)))

#define list_for_each(link, head) \
	for ((link) = (head)->next; (link) != (head); (link) = (link)->next)

/* The same when the body may take the link off. */
#define list_for_each_safe(link, after, head) \
	for ((link) = (head)->next, (after) = (link)->next; (link) != (head); (link) = (after), (after) = (link)->next)

static inline void list_init(struct list *list)
{
	list->next = list->prev = list;
}

static inline bool list_empty(const struct list *list)
{
	return list->next == list;
}

static inline void list_insert(struct list *before, struct list *link)
{
	link->next = before;
	link->prev = before->prev;
	before->prev->next = link;
	before->prev = link;
}

static inline void list_add_tail(struct list *head, struct list *link)
{
	list_insert(head, link);
}

static inline void list_add_head(struct list *head, struct list *link)
{
	list_insert(head->next, link);
}

/* Takes a link off; it is a list of its own afterwards, so that taking it off again does nothing. */
static inline void list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

#endif
