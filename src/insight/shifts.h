/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who works from when to when: shifts of one day that put enough people on the floor in each hour
 * with as few hours paid as possible. Pure.
 */
#ifndef DW_INSIGHT_SHIFTS_H
#define DW_INSIGHT_SHIFTS_H

#include <stddef.h>

#define DW_SHIFT_HOURS 24

struct dw_shift {
    int from_hour, to_hour; /* 9 to 13: four hours */
    int people;
};

/* At most so many different shifts of one day. */
#define DW_SHIFTS_MAX (DW_SHIFT_HOURS * (DW_SHIFT_HOURS + 1) / 2)

/*
 * `need`: people wanted in each hour. Shifts lie between the first and the last hour in which
 * somebody is wanted and last min_hours to max_hours (1 <= min <= max; where the day is shorter
 * than min_hours, as long as the day). Writes them by beginning and length to `out`, which has
 * room for DW_SHIFTS_MAX, and returns how many.
 *
 * Exact: of all such plans this is one with the fewest hours, and of these one with the fewest
 * shifts. Shifts are intervals of hours, so the covering problem is one of least-cost flow (Veinott
 * and Wagner 1962; Segal 1974): subtracting each hour's row from the next leaves, for every shift,
 * an arc from its beginning to its end, and for surplus people an arc back by an hour at no cost.
 * Solved by successive shortest paths.
 */
size_t dw_shifts_cover(struct dw_shift *out, const int need[DW_SHIFT_HOURS], int min_hours,
                       int max_hours);

#endif
