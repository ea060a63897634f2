/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a zone. docs/figures.md gives the formulas. */
#include <math.h>

#include "base/wall_time.h"
#include "core/presence.h"
#include "insight/report_impl.h"

static int compare_person(const void *left, const void *right)
{
    const struct dw_report_stay *a = left, *b = right;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    return (a->person > b->person) - (a->person < b->person);
}

/* Numbers of persons are only unique within a run. */
static size_t count_people(const struct dw_report_zone *zone)
{
    size_t visits = 0, people = 0;
    struct dw_report_stay *sorted = dw_alloc_array0(zone->visits + 1, sizeof(*sorted));
    for (size_t i = 0; i < zone->stays.count; i++)
        if (!zone->stays.items[i].pass)
            sorted[visits++] = zone->stays.items[i];
    qsort(sorted, visits, sizeof(*sorted), compare_person);
    for (size_t i = 0; i < visits; i++)
        people += i == 0 || compare_person(&sorted[i - 1], &sorted[i]) != 0;
    free(sorted);
    return people;
}

static void count_stays(struct dw_report_zone *zone)
{
    int64_t dwell_us = 0, bridged_us = 0;
    for (size_t i = 0; i < zone->stays.count; i++) {
        const struct dw_report_stay *stay = &zone->stays.items[i];
        if (!stay->cut_start) {
            bool side_known = stay->enter_side > 0 && stay->enter_side <= DW_ZONE_CORNERS_MAX;
            zone->entries++;
            zone->side_entries[side_known ? stay->enter_side : 0]++;
        }
        if (stay->pass) {
            zone->passes++;
            continue;
        }
        zone->visits++;
        zone->cut_visits += stay->cut_start || stay->cut_end ? 1 : 0;
        dwell_us += stay->dwell_us;
        bridged_us += stay->bridged_us;
    }
    zone->total_s = dw_time_to_seconds(dwell_us);
    zone->bridged_share = dwell_us > 0 ? (double)bridged_us / (double)dwell_us : 0;
    zone->people = count_people(zone);
}

/* Shown from the count on at which one visit is expected beyond it: n (1 - p) >= 1. */
static struct dw_report_quantile quantile(const struct dw_report_zone *zone,
                                          const struct dw_duration *sorted, double p,
                                          size_t wanted_visits)
{
    struct dw_report_quantile found = {
        .known = zone->visits >= wanted_visits,
        .s = dw_stats_survival_quantile(zone->curve, zone->curve_count, p),
    };
    if (zone->cut_visits == 0)
        found.s.value = dw_stats_quantile(sorted, zone->visits, p);
    return found;
}

static struct dw_report_share share_over(const struct dw_report_zone *zone,
                                         const struct dw_duration *sorted, int64_t level_us)
{
    struct dw_report_share found = { .level_us = level_us, .known = zone->visits > 0 };
    double level = dw_time_to_seconds(level_us);
    for (size_t i = 0; i < zone->visits; i++) {
        found.hits += sorted[i].value >= level ? 1 : 0;
        found.curve |= sorted[i].value < level && sorted[i].cut;
    }
    /* The curve says nothing beyond the longest stay when that one was cut. */
    if (found.curve && sorted[zone->visits - 1].cut && sorted[zone->visits - 1].value < level)
        found.known = false;
    found.share = found.curve ? dw_stats_survival_share(zone->curve, zone->curve_count, level)
                              : dw_stats_share(found.hits, zone->visits);
    return found;
}

static void compute_dwell(struct dw_report_zone *zone)
{
    size_t count = 0;
    struct dw_duration *sorted = dw_alloc_array0(zone->visits + 1, sizeof(*sorted));
    for (size_t i = 0; i < zone->stays.count; i++) {
        const struct dw_report_stay *stay = &zone->stays.items[i];
        if (!stay->pass)
            sorted[count++] = (struct dw_duration){ dw_time_to_seconds(stay->dwell_us),
                                                    stay->cut_start || stay->cut_end };
    }
    dw_stats_sort(sorted, count);
    zone->curve = dw_alloc_array0(count + 1, sizeof(*zone->curve));
    zone->curve_count = dw_stats_survival(sorted, count, zone->curve);
    zone->longest_s = count > 0 ? sorted[count - 1].value : 0;
    zone->mean_s = dw_stats_mean(sorted, count);
    zone->median = quantile(zone, sorted, .5, 2);
    zone->p75 = quantile(zone, sorted, .75, 4);
    zone->p90 = quantile(zone, sorted, .9, 10);
    zone->stop = share_over(zone, sorted, zone->zone.rules.stop_us);
    zone->engage = share_over(zone, sorted, zone->zone.rules.engage_us);
    free(sorted);
}

void dw_report_zone_occupancy(const struct dw_report_zone *zone, struct dw_span span,
                              size_t *slices, size_t count)
{
    struct dw_presence steps = { 0 };
    size_t present = 0, at = 0;
    for (size_t i = 0; i < zone->stays.count; i++)
        dw_presence_add(&steps, zone->stays.items[i].enter_us, zone->stays.items[i].exit_us);
    dw_presence_sort(&steps);
    double slice_us = (double)(span.end_us - span.start_us) / (double)count;
    for (size_t i = 0; i < count; i++) {
        double end_us = (double)span.start_us + slice_us * (double)(i + 1);
        slices[i] = present;
        for (; at < steps.count && ((double)steps.items[at].time_us < end_us || i + 1 == count);
             at++) {
            present += steps.items[at].change > 0 ? 1 : 0;
            present -= steps.items[at].change < 0 ? 1 : 0;
            slices[i] = DW_MAX(slices[i], present);
        }
    }
    dw_vec_fini(&steps);
}

static void compute_occupancy(struct dw_report_zone *zone)
{
    int64_t present_us = 0, measured_us = dw_spans_total(&zone->measured);
    int64_t scheduled_us = dw_spans_total(&zone->scheduled);
    for (size_t i = 0; i < zone->stays.count; i++)
        present_us += zone->stays.items[i].dwell_us;
    zone->occupancy_average = measured_us > 0 ? (double)present_us / (double)measured_us : 0;
    zone->coverage = scheduled_us > 0 ? (double)measured_us / (double)scheduled_us : 0;
    dw_report_zone_occupancy(zone, (struct dw_span){ 0, 1 }, &zone->occupancy_peak, 1);
}

static void compute_staff(struct dw_report_zone *zone, bool included)
{
    size_t staff = zone->staff_visits + zone->staff_passes;
    size_t all = zone->stays.count + (included ? 0 : staff);
    zone->staff_share = all > 0 ? (double)staff / (double)all : (double)NAN;
}

void dw_report_zone_compute(struct dw_report_zone *zone, bool include_staff)
{
    count_stays(zone);
    compute_staff(zone, include_staff);
    compute_dwell(zone);
    compute_occupancy(zone);
}

static void note_zone(struct dw_report *report, const struct dw_report_zone *zone)
{
    const char *name = zone->zone.name;
    if (zone->cut_visits > 0)
        dw_vec_push(
            &report->notes,
            dw_strdup_printf("%s: cut off: %zu of %zu visits. Their dwell is a lower bound; "
                             "median, p75 and p90 allow for it (Kaplan-Meier)",
                             name, zone->cut_visits, zone->visits));
    if (zone->staff_visits + zone->staff_passes > 0)
        dw_vec_push(&report->notes,
                    dw_strdup_printf(
                        "%s: staff %s: visits %zu, passes %zu, %.1f %% of all stays", name,
                        report->include_staff ? "are counted too" : "are left out of every figure",
                        zone->staff_visits, zone->staff_passes, 100 * zone->staff_share));
    if (zone->revisions > 1)
        dw_vec_push(&report->notes,
                    dw_strdup_printf("%s: the zone or its settings changed; the figures put %d "
                                     "revisions together",
                                     name, zone->revisions));
    dw_report_note_doubt(report, zone);
}

/* Of the camera, and of those of its zones that were not measured just as long. */
static void note_coverage(struct dw_report *report, const char *name, double coverage)
{
    if (coverage < .995)
        dw_vec_push(&report->notes,
                    dw_strdup_printf("%s: %.1f %% of the scheduled time was not measured; counts "
                                     "are not scaled up",
                                     name, 100 * (1 - coverage)));
}

static void note_camera(struct dw_report *report, const struct dw_report_camera *camera)
{
    int64_t scheduled_us = dw_spans_total(&camera->scheduled);
    if (scheduled_us == 0)
        return;
    double coverage = (double)dw_spans_total(&camera->measured) / (double)scheduled_us;
    note_coverage(report, camera->name, coverage);
    for (size_t i = 0; i < report->zones.count; i++) {
        const struct dw_report_zone *zone = &report->zones.items[i];
        bool own = zone->camera_id == camera->id && fabs(zone->coverage - coverage) > .005;
        if (own)
            note_coverage(report, zone->zone.name, zone->coverage);
    }
}

static void note_runs(struct dw_report *report)
{
    size_t unfinished = 0, overlaps = 0;
    for (size_t i = 0; i < report->runs.count; i++) {
        const struct dw_report_run *run = &report->runs.items[i];
        unfinished += run->complete ? 0 : 1;
        overlaps += i > 0 && run[-1].camera_id == run->camera_id &&
                    run[-1].end_us > run->start_us && run[-1].start_us < run->end_us;
    }
    if (overlaps > 0)
        dw_vec_push(&report->notes,
                    dw_strdup("Runs of one camera overlap in time: people may be counted twice; "
                              "analyze each recording with its own --start"));
    if (unfinished > 0)
        dw_vec_push(&report->notes,
                    dw_strdup_printf("%zu of %zu runs did not reach the end of their source, or "
                                     "still go on",
                                     unfinished, report->runs.count));
}

void dw_report_write_notes(struct dw_report *report)
{
    if (report->simulated)
        dw_vec_push(&report->notes, dw_strdup("SIMULATED: dwell simulate made these visits up; "
                                              "nothing of them was measured"));
    for (size_t i = 0; i < report->zones.count; i++)
        note_zone(report, &report->zones.items[i]);
    for (size_t i = 0; i < report->cameras.count; i++)
        note_camera(report, &report->cameras.items[i]);
    note_runs(report);
}
