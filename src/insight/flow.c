/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/flow.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/macros.h"

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_person_and_time(const void *left, const void *right)
{
    const struct dw_flow_visit *a = left, *b = right;
    int result = order(a->run, b->run);
    if (result == 0)
        result = order(a->person, b->person);
    if (result == 0)
        result = order(a->enter_us, b->enter_us);
    return result != 0 ? result : order(a->exit_us, b->exit_us);
}

static void begin_way(struct dw_flow *out, const struct dw_flow_visit *visit)
{
    out->ways++;
    if (visit->cut_start)
        return;
    out->ways_first++;
    out->first[visit->zone]++;
}

static void end_way(struct dw_flow *out, const struct dw_flow_visit *visit)
{
    if (visit->cut_end) {
        out->unknown[visit->zone]++;
        return;
    }
    out->ways_last++;
    out->last[visit->zone]++;
}

/* until_us: when the last of the visits of this way so far ended. */
static bool goes_on(const struct dw_flow_visit *from, const struct dw_flow_visit *to,
                    int64_t until_us, int64_t gap_us)
{
    return from->run == to->run && from->person == to->person && to->enter_us - until_us <= gap_us;
}

void dw_flow(struct dw_flow *out, size_t zone_count, struct dw_flow_visit *visits, size_t count,
             int64_t gap_us)
{
    int64_t until_us = 0;
    size_t room = DW_MAX(zone_count, (size_t)1);
    *out = (struct dw_flow){
        .zone_count = zone_count,
        .next = dw_alloc_array0(room * room, sizeof(*out->next)),
        .visits = dw_alloc_array0(room, sizeof(*out->visits)),
        .first = dw_alloc_array0(room, sizeof(*out->first)),
        .last = dw_alloc_array0(room, sizeof(*out->last)),
        .unknown = dw_alloc_array0(room, sizeof(*out->unknown)),
    };
    if (count > 0)
        qsort(visits, count, sizeof(*visits), by_person_and_time);
    for (size_t i = 0; i < count; i++) {
        const struct dw_flow_visit *visit = &visits[i];
        bool follows = i > 0 && goes_on(visit - 1, visit, until_us, gap_us);
        out->visits[visit->zone]++;
        if (follows)
            out->next[visit[-1].zone * zone_count + visit->zone]++;
        else
            begin_way(out, visit);
        until_us = follows ? DW_MAX(until_us, visit->exit_us) : visit->exit_us;
        if (i + 1 == count || !goes_on(visit, visit + 1, until_us, gap_us))
            end_way(out, visit);
    }
}

void dw_flow_fini(struct dw_flow *flow)
{
    free(flow->next);
    free(flow->visits);
    free(flow->first);
    free(flow->last);
    free(flow->unknown);
    *flow = (struct dw_flow){ 0 };
}
