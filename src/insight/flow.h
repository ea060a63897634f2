/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which zone people go to after which: ways of one person before one camera. Works on plain arrays
 * that the caller brings; reads no store. Any thread.
 */
#ifndef DW_INSIGHT_FLOW_H
#define DW_INSIGHT_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dw_flow_visit {
    int64_t run, person; /* a person's number is unique within its run */
    size_t zone;         /* index */
    int64_t enter_us, exit_us;
    bool cut_start, cut_end;
};

struct dw_flow {
    size_t zone_count;
    size_t *next;    /* [from * zone_count + to]: visits to `from` with that next visit */
    size_t *visits;  /* by zone; each has a next one, or is the last, or what came is not known */
    size_t *first;   /* ways that began here */
    size_t *last;    /* ways that ended here */
    size_t *unknown; /* visits cut off at their end with no next one: nobody saw where to */
    size_t ways, ways_first, ways_last; /* all; with a known first and last zone */
};

/*
 * A way is the visits of one person in order of entering, each beginning within gap_us of the end
 * of those before; after a longer time away a new way begins. Where zones overlap the next visit
 * may begin before the last has ended. Zone to itself: left and came back. A way whose first visit
 * is cut at its start has no known first zone, likewise the last. Sorts the visits. Free with
 * dw_flow_fini().
 */
void dw_flow(struct dw_flow *out, size_t zone_count, struct dw_flow_visit *visits, size_t count,
             int64_t gap_us);
void dw_flow_fini(struct dw_flow *flow);

#endif
