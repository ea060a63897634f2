/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff_compare.h"

void dw_staff_compared_add(struct dw_staff_compared *compared, enum dw_role mark,
                           enum dw_role first, enum dw_role second)
{
    compared->people[first][second]++;
    compared->marked[0][mark][first]++;
    compared->marked[1][mark][second]++;
}

struct dw_staff_marks dw_staff_compared_marks(const struct dw_staff_compared *compared, int which)
{
    const int64_t(*marked)[DW_ROLE_COUNT] = compared->marked[which];
    struct dw_staff_marks marks = {
        .staff_found = marked[DW_ROLE_STAFF][DW_ROLE_STAFF],
        .shoppers_found = marked[DW_ROLE_SHOPPER][DW_ROLE_STAFF],
    };
    for (int found = 0; found < DW_ROLE_COUNT; found++) {
        marks.staff += marked[DW_ROLE_STAFF][found];
        marks.shoppers += marked[DW_ROLE_SHOPPER][found];
    }
    return marks;
}
