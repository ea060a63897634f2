/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/macros.h"

#define WORD_MAX 64 /* nobody mistypes a longer word and wants it mended */

static bool same(char a, char b)
{
    if (a == '-' || b == '-')
        return (a == '-' || a == '_') && (b == '-' || b == '_');
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* One row of the classic table is enough: `row[j]` is the distance of a[0..i) and b[0..j). */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = diagonal + (same(a[i - 1], b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = DW_MIN(replaced, DW_MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_length];
}

const char *dw_suggest(const char *word, const char *const *known, size_t count)
{
    size_t length = strnlen(word, WORD_MAX + 1);
    if (length > WORD_MAX)
        return NULL;

    const char *best = NULL;
    size_t best_distance = length / 3 + 2; /* from here on it is another word */
    for (size_t i = 0; i < count; i++) {
        size_t known_length = strnlen(known[i], WORD_MAX + 1);
        if (known_length > WORD_MAX)
            continue;
        size_t slips = distance(word, length, known[i], known_length);
        if (slips < best_distance && slips < known_length) {
            best_distance = slips;
            best = known[i];
        }
    }
    return best;
}
