// SPDX-License-Identifier: MIT
/*
 * kernel_string.c - lib/string.c under names that do not clash with the C library's.
 */
#define memset kern_memset
#define memcpy kern_memcpy
#define memmove kern_memmove
#define memcmp kern_memcmp
#define strlen kern_strlen
#define strnlen kern_strnlen
#define strcmp kern_strcmp
#define strncmp kern_strncmp
#define strchr kern_strchr

#include <lib/string.c>
