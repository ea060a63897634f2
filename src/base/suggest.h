/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean ...?" for words people type: settings, keys, commands. */
#ifndef DW_BASE_SUGGEST_H
#define DW_BASE_SUGGEST_H

#include <stddef.h>

/*
 * The one of `known` that is fewest slips away from `word` (letters missing, added or exchanged:
 * Levenshtein distance; "_" and "-" count as equal), or NULL when none is near.
 */
const char *dw_suggest(const char *word, const char *const *known, size_t count);

#endif
