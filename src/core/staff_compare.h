/* SPDX-License-Identifier: Apache-2.0 */
/* Two ways to tell staff side by side: whom each calls what, and how good each is by people who
 * are marked. Marks that a model learnt from flatter it. */
#ifndef DW_CORE_STAFF_COMPARE_H
#define DW_CORE_STAFF_COMPARE_H

#include <stdint.h>

#include "core/visit.h"

/* All zero: nobody yet. */
struct dw_staff_compared {
    int64_t people[DW_ROLE_COUNT][DW_ROLE_COUNT];    /* [by the first][by the second] */
    int64_t marked[2][DW_ROLE_COUNT][DW_ROLE_COUNT]; /* by each: [marked as][found] */
};

/* Somebody with this mark, or unknown, and what each way calls them. */
void dw_staff_compared_add(struct dw_staff_compared *compared, enum dw_role mark,
                           enum dw_role first, enum dw_role second);

/* Of those who are marked, by one of the two. */
struct dw_staff_marks {
    int64_t staff, shoppers;             /* marked so */
    int64_t staff_found, shoppers_found; /* of them, called staff */
};
struct dw_staff_marks dw_staff_compared_marks(const struct dw_staff_compared *compared, int which);

#endif
