/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "core/stats.h"

void dw_summary_take(struct dw_summary *summary, const struct dw_lane_output *output)
{
    for (size_t i = 0; i < output->event_count; i++) {
        const struct dw_lane_event *event = &output->events[i];
        if (event->kind == DW_LANE_FINISHED)
            dw_vec_push(&summary->visits, event->visit);
        else if (event->kind == DW_LANE_CROSSED)
            dw_vec_push(&summary->crossings, event->crossing);
    }
}

void dw_summary_fini(struct dw_summary *summary)
{
    dw_vec_fini(&summary->visits);
    dw_vec_fini(&summary->crossings);
}

/* As `dwell report` has it: when visits were cut, which lasted at least so long, Kaplan-Meier. */
static double find_median(struct dw_duration *sorted, size_t count, bool any_cut)
{
    return any_cut ? dw_stats_survival_median(sorted, count).value
                   : dw_stats_quantile(sorted, count, 0.5);
}

static void print_zone(const struct dw_summary *summary, const struct dw_zone *zone, int index)
{
    DW_VEC(struct dw_duration) dwells = { 0 };
    int passes = 0, cuts = 0;
    for (size_t i = 0; i < summary->visits.count; i++) {
        const struct dw_visit *visit = &summary->visits.items[i];
        if (visit->zone != index)
            continue;
        bool cut = visit->cut_start || visit->cut_end;
        passes += visit->pass;
        cuts += !visit->pass && cut;
        if (!visit->pass)
            dw_vec_push(&dwells,
                        ((struct dw_duration){ dw_time_to_seconds(visit->dwell_us), cut }));
    }
    printf("%-24s %7zu %7d %5d", zone->name, dwells.count, passes, cuts);
    if (dwells.count > 0) {
        dw_stats_sort(dwells.items, dwells.count);
        double median_s = find_median(dwells.items, dwells.count, cuts > 0);
        if (isfinite(median_s))
            printf(" %8.1f s", median_s);
        else
            printf(" %10s", "> longest");
        printf(" %8.1f s", dwells.items[dwells.count - 1].value);
    } else {
        printf(" %10s %10s", "-", "-");
    }
    putchar('\n');
    dw_vec_fini(&dwells);
}

static void print_line(const struct dw_summary *summary, const struct dw_line *line, int index)
{
    int right = 0, left = 0;
    for (size_t i = 0; i < summary->crossings.count; i++)
        if (summary->crossings.items[i].line == index) {
            right += summary->crossings.items[i].to_right;
            left += !summary->crossings.items[i].to_right;
        }
    printf("%-24s %d to the right, %d to the left\n", line->name, right, left);
}

void dw_summary_print(const struct dw_summary *summary, const struct dw_layout *layout,
                      const struct dw_analysis_result *result)
{
    printf("%-24s %7s %7s %5s %10s %10s\n", "zone", "visits", "passes", "cut", "median", "longest");
    for (size_t i = 0; i < layout->zone_count; i++)
        print_zone(summary, &layout->zones[i], (int)i);
    for (size_t i = 0; i < layout->line_count; i++)
        print_line(summary, &layout->lines[i], (int)i);
    printf("%.1f s measured in %.1f s: %lld frames, %.1f frames/s",
           dw_time_to_seconds(result->end_us), result->seconds, (long long)result->pipeline.frames,
           (double)result->pipeline.frames / (result->seconds > 0 ? result->seconds : 1));
    if (result->pipeline.dropped > 0)
        printf(", %lld dropped", (long long)result->pipeline.dropped);
    puts(result->stopped ? " (stopped early)" : "");
}
