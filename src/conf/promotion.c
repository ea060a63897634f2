/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/promotion.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"

#define DAYS_MOST 36500

struct key {
    const char *name;
    bool whole;
    int shift; /* what people count from 1 is counted from 0 */
    size_t offset;
    double least, most;
};

static const struct key keys[] = {
    { "display", true, 1, offsetof(struct dw_promotion, display), 1, DW_SIMULATED_DISPLAYS_MAX },
    { "from", true, 1, offsetof(struct dw_promotion, first_day), 1, DAYS_MOST },
    { "to", true, 1, offsetof(struct dw_promotion, last_day), 1, DAYS_MOST },
    { "every", true, 0, offsetof(struct dw_promotion, every), 1, DAYS_MOST },
    { "footfall", false, 0, offsetof(struct dw_promotion, footfall), .1, 10 },
    { "stop", false, 0, offsetof(struct dw_promotion, stop), .1, 10 },
    { "dwell", false, 0, offsetof(struct dw_promotion, dwell), .1, 10 },
};

static const struct key *find_key(const char *name, struct dw_err *err)
{
    const char *names[DW_LENGTH(keys)];
    for (size_t i = 0; i < DW_LENGTH(keys); i++) {
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
        names[i] = keys[i].name;
    }
    const char *near = dw_suggest(name, names, DW_LENGTH(keys));
    dw_fail(err, -EINVAL,
            "promotion: '%.40s' is not known%s%s; display, from, to, every, footfall, "
            "stop and dwell are",
            name, near != NULL ? ", did you mean " : "", near != NULL ? near : "");
    return NULL;
}

static int take(struct dw_promotion *out, char *word, struct dw_err *err)
{
    char *value = strchr(word, '='), *end = NULL;
    if (value == NULL)
        return dw_fail(err, -EINVAL, "promotion: '%.40s' wants the form key=value", word);
    *value++ = '\0';
    const struct key *key = find_key(word, err);
    if (key == NULL)
        return -EINVAL;
    double number = strtod(value, &end);
    bool fits = end != value && *end == '\0' && number >= key->least && number <= key->most;
    if (!fits || (key->whole && number != (double)(int)number))
        return dw_fail(err, -EINVAL, "promotion: %s wants a %snumber from %g to %g, got '%.40s'",
                       key->name, key->whole ? "whole " : "", key->least, key->most, value);
    if (key->whole)
        *(int *)(void *)((char *)out + key->offset) = (int)number - key->shift;
    else
        *(double *)(void *)((char *)out + key->offset) = number;
    return 0;
}

int dw_promotion_parse(struct dw_promotion *out, const char *text, struct dw_err *err)
{
    struct dw_promotion found = {
        .display = -1, .last_day = DAYS_MOST - 1, .every = 1, .footfall = 1, .stop = 1, .dwell = 1
    };
    char *copy = dw_strdup(text), *rest = copy;
    int result = 0;
    for (char *word = NULL; result == 0 && (word = strsep(&rest, ",")) != NULL;)
        result = take(&found, word, err);
    free(copy);
    if (result == 0 && found.last_day < found.first_day)
        result = dw_fail(err, -EINVAL,
                         "promotion: it ends on day %d, before day %d on which it "
                         "begins",
                         found.last_day + 1, found.first_day + 1);
    if (result == 0)
        *out = found;
    return result;
}

void dw_promotion_print(const struct dw_promotion *promotion, struct dw_buf *out)
{
    if (promotion->display >= 0)
        dw_buf_printf(out, "display=%d,", promotion->display + 1);
    dw_buf_printf(out, "from=%d,to=%d,every=%d,footfall=", promotion->first_day + 1,
                  promotion->last_day + 1, promotion->every);
    dw_buf_put_real(out, promotion->footfall);
    dw_buf_puts(out, ",stop=");
    dw_buf_put_real(out, promotion->stop);
    dw_buf_puts(out, ",dwell=");
    dw_buf_put_real(out, promotion->dwell);
}
