/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/report.h"

#include "base/wall_time.h"
#include "insight/report_impl.h"
#include "insight/simulated_store.h"

/* A person not seen for longer did not walk straight from one point to the next. */
#define TRACK_BREAK_US (3 * DW_SECOND_US)
#define ENOUGH 1

/* What is gathered from the store before figures are computed. */
struct loading {
    struct dw_report *report;
    DW_VEC(struct dw_store_run_zone) run_zones;
    DW_VEC(struct dw_span) pieces; /* measured parts of runs, as `piece_runs` says */
    DW_VEC(int64_t) piece_runs;
    struct dw_store_filter filter;
};

static struct dw_report_camera *find_camera(struct dw_report *report, int64_t id)
{
    for (size_t i = 0; i < report->cameras.count; i++)
        if (report->cameras.items[i].id == id)
            return &report->cameras.items[i];
    return NULL;
}

static int load_run(void *context, const struct dw_store_run *found)
{
    struct loading *loading = context;
    struct dw_report *report = loading->report;
    struct dw_report_camera *camera = find_camera(report, found->camera_id);
    if (camera == NULL) {
        camera = dw_vec_add(&report->cameras);
        *camera = (struct dw_report_camera){ .id = found->camera_id,
                                             .site = dw_strdup(found->site),
                                             .name = dw_strdup(found->camera) };
    }
    camera->width_px = found->width_px;
    camera->height_px = found->height_px;
    camera->runs++;
    camera->simulated |= dw_simulated_run(found);
    report->simulated |= camera->simulated;
    int64_t start_us = found->start_us, end_us = found->end_us;
    if (loading->filter.from_us != 0)
        start_us = DW_MAX(start_us, loading->filter.from_us);
    if (loading->filter.to_us != 0)
        end_us = DW_MIN(end_us, loading->filter.to_us);
    dw_vec_push(&report->runs, ((struct dw_report_run){
                                   .id = found->id,
                                   .camera_id = found->camera_id,
                                   .start_us = start_us,
                                   .end_us = DW_MAX(start_us, end_us),
                                   .complete = found->complete,
                                   .source = dw_strdup(found->source),
                                   .model = dw_strdup(found->model),
                                   .program = dw_strdup(found->program),
                               }));
    return 0;
}

static int load_run_zone(void *context, const struct dw_store_run_zone *found)
{
    struct loading *loading = context;
    dw_vec_push(&loading->run_zones, *found);
    return 0;
}

static int load_zone(void *context, const struct dw_store_zone *found)
{
    struct loading *loading = context;
    struct dw_report_zone *zone = dw_vec_add(&loading->report->zones);
    *zone = (struct dw_report_zone){ .id = found->id,
                                     .camera_id = found->camera_id,
                                     .revisions = found->revisions,
                                     .zone = found->zone };
    return 0;
}

static int load_line(void *context, const struct dw_store_line *found)
{
    struct loading *loading = context;
    dw_vec_push(&loading->report->lines,
                ((struct dw_report_line){ found->camera_id, found->line, found->to_right,
                                          found->to_left }));
    return 0;
}

/* Gaps are taken out of the run they belong to; those of one run come in order of time. */
static int load_gap(void *context, const struct dw_store_gap *gap)
{
    struct loading *loading = context;
    for (size_t i = 0; i < loading->pieces.count; i++) {
        struct dw_span *piece = &loading->pieces.items[i];
        if (loading->piece_runs.items[i] != gap->run || gap->start_us >= piece->end_us ||
            gap->end_us <= piece->start_us)
            continue;
        struct dw_span after = { gap->end_us, piece->end_us };
        piece->end_us = DW_MAX(gap->start_us, piece->start_us);
        if (after.start_us < after.end_us) {
            dw_vec_push(&loading->pieces, after);
            dw_vec_push(&loading->piece_runs, gap->run);
        }
    }
    return 0;
}

static int load_visit(void *context, const struct dw_store_visit *found)
{
    struct loading *loading = context;
    struct dw_report *report = loading->report;
    const struct dw_visit *visit = &found->visit;
    for (size_t i = 0; i < report->zones.count; i++) {
        struct dw_report_zone *zone = &report->zones.items[i];
        if (zone->id != found->zone_id)
            continue;
        bool staff = visit->role == DW_ROLE_STAFF;
        zone->staff_visits += staff && !visit->pass ? 1 : 0;
        zone->staff_passes += staff && visit->pass ? 1 : 0;
        if (staff && !report->include_staff)
            return 0;
        dw_vec_push(&zone->stays, ((struct dw_report_stay){
                                      .enter_us = visit->enter_us,
                                      .exit_us = visit->exit_us,
                                      .dwell_us = visit->dwell_us,
                                      .bridged_us = visit->bridged_us,
                                      .run = found->run,
                                      .person = visit->person,
                                      .enter_side = visit->enter_side,
                                      .cut_start = visit->cut_start,
                                      .cut_end = visit->cut_end,
                                      .pass = visit->pass,
                                      .role = visit->role,
                                  }));
        return 0;
    }
    return 0;
}

static int load_doubt(void *context, const struct dw_store_doubt *found)
{
    struct loading *loading = context;
    for (size_t i = 0; i < loading->report->zones.count; i++)
        if (loading->report->zones.items[i].id == found->zone_id)
            dw_vec_push(&loading->report->zones.items[i].doubt, *found);
    return 0;
}

/* One track for each stretch without a break. */
static int load_track(void *context, const struct dw_store_foot_track *found)
{
    struct loading *loading = context;
    struct dw_report *report = loading->report;
    struct dw_report_track *track = NULL;
    int64_t camera_id = 0;
    for (size_t i = 0; i < report->runs.count; i++)
        if (report->runs.items[i].id == found->run)
            camera_id = report->runs.items[i].camera_id;
    for (size_t i = 0; i < found->count; i++) {
        const struct dw_foot_point *point = &found->points[i];
        if (track == NULL || point->time_us - point[-1].time_us > TRACK_BREAK_US) {
            track = dw_vec_add(&report->tracks);
            *track = (struct dw_report_track){
                .camera_id = camera_id,
                .points = dw_alloc_array0(found->count - i, sizeof(*track->points)),
            };
        }
        track->points[track->count++] =
            (struct dw_point){ (double)point->x_norm, (double)point->y_norm };
    }
    report->track_points += found->count;
    return report->track_points >= DW_REPORT_TRACK_POINTS_MAX ? ENOUGH : 0;
}

static bool run_has_zone(const struct loading *loading, int64_t run, int64_t zone_id)
{
    for (size_t i = 0; i < loading->run_zones.count; i++)
        if (loading->run_zones.items[i].run == run &&
            loading->run_zones.items[i].zone_id == zone_id)
            return true;
    return false;
}

static void load_zone_spans(const struct loading *loading, struct dw_report_zone *zone)
{
    const struct dw_report *report = loading->report;
    for (size_t i = 0; i < report->runs.count; i++)
        if (run_has_zone(loading, report->runs.items[i].id, zone->id))
            dw_spans_add(&zone->scheduled, report->runs.items[i].start_us,
                         report->runs.items[i].end_us);
    for (size_t i = 0; i < loading->pieces.count; i++)
        if (run_has_zone(loading, loading->piece_runs.items[i], zone->id))
            dw_spans_add(&zone->measured, loading->pieces.items[i].start_us,
                         loading->pieces.items[i].end_us);
    dw_spans_merge(&zone->scheduled);
    dw_spans_merge(&zone->measured);
}

static void load_camera_spans(const struct loading *loading)
{
    struct dw_report *report = loading->report;
    for (size_t i = 0; i < report->runs.count; i++) {
        const struct dw_report_run *run = &report->runs.items[i];
        struct dw_report_camera *camera = find_camera(report, run->camera_id);
        dw_spans_add(&camera->scheduled, run->start_us, run->end_us);
        for (size_t k = 0; k < loading->pieces.count; k++)
            if (loading->piece_runs.items[k] == run->id)
                dw_spans_add(&camera->measured, loading->pieces.items[k].start_us,
                             loading->pieces.items[k].end_us);
    }
    for (size_t i = 0; i < report->cameras.count; i++) {
        dw_spans_merge(&report->cameras.items[i].scheduled);
        dw_spans_merge(&report->cameras.items[i].measured);
    }
}

static int read_all(struct loading *loading, struct dw_store *store, struct dw_err *err)
{
    const struct dw_store_filter *filter = &loading->filter;
    int result = dw_store_read_runs(store, filter, load_run, loading, err);
    for (size_t i = 0; i < loading->report->runs.count; i++) {
        const struct dw_report_run *run = &loading->report->runs.items[i];
        dw_vec_push(&loading->pieces, ((struct dw_span){ run->start_us, run->end_us }));
        dw_vec_push(&loading->piece_runs, run->id);
    }
    if (result == 0)
        result = dw_store_read_run_zones(store, filter, load_run_zone, loading, err);
    if (result == 0)
        result = dw_store_read_zones(store, filter, load_zone, loading, err);
    if (result == 0)
        result = dw_store_read_lines(store, filter, load_line, loading, err);
    if (result == 0)
        result = dw_store_read_gaps(store, filter, load_gap, loading, err);
    if (result == 0)
        result = dw_store_read_visits(store, filter, load_visit, loading, err);
    if (result == 0)
        result = dw_store_read_doubt(store, filter, load_doubt, loading, err);
    if (result == 0)
        result = dw_store_read_foot_tracks(store, filter, load_track, loading, err);
    return result == ENOUGH ? 0 : result;
}

int dw_report_create(struct dw_report **out, struct dw_store *store,
                     const struct dw_report_conf *conf, struct dw_err *err)
{
    DW_AUTO(report) *report = dw_alloc0(sizeof(*report));
    report->name = dw_strdup(conf->name != NULL ? conf->name : "");
    report->camera = conf->camera != NULL ? dw_strdup(conf->camera) : NULL;
    report->from_us = conf->from_us;
    report->to_us = conf->to_us;
    report->include_staff = conf->include_staff;
    struct loading loading = {
        .report = report,
        .filter = { .camera = conf->camera, .from_us = conf->from_us, .to_us = conf->to_us }
    };
    int result = dw_store_begin(store, err);
    if (result < 0)
        return result;
    result = read_all(&loading, store, err);
    dw_store_rollback(store);
    if (result == 0) {
        load_camera_spans(&loading);
        for (size_t i = 0; i < report->zones.count; i++) {
            load_zone_spans(&loading, &report->zones.items[i]);
            dw_report_zone_compute(&report->zones.items[i], report->include_staff);
            dw_report_zone_doubt(&report->zones.items[i], report->include_staff);
        }
        dw_report_write_notes(report);
        *out = DW_TAKE(report);
    }
    dw_vec_fini(&loading.run_zones);
    dw_vec_fini(&loading.pieces);
    dw_vec_fini(&loading.piece_runs);
    return result;
}

static void free_zone(struct dw_report_zone *zone)
{
    dw_vec_fini(&zone->stays);
    dw_vec_fini(&zone->doubt);
    dw_vec_fini(&zone->scheduled);
    dw_vec_fini(&zone->measured);
    free(zone->curve);
}

static void free_camera(struct dw_report_camera *camera)
{
    free(camera->site);
    free(camera->name);
    dw_vec_fini(&camera->scheduled);
    dw_vec_fini(&camera->measured);
}

static void free_run(struct dw_report_run *run)
{
    free(run->source);
    free(run->model);
    free(run->program);
}

void dw_report_destroy(struct dw_report *report)
{
    if (report == NULL)
        return;
    for (size_t i = 0; i < report->zones.count; i++)
        free_zone(&report->zones.items[i]);
    for (size_t i = 0; i < report->cameras.count; i++)
        free_camera(&report->cameras.items[i]);
    for (size_t i = 0; i < report->runs.count; i++)
        free_run(&report->runs.items[i]);
    for (size_t i = 0; i < report->tracks.count; i++)
        free(report->tracks.items[i].points);
    for (size_t i = 0; i < report->notes.count; i++)
        free(report->notes.items[i]);
    dw_vec_fini(&report->cameras);
    dw_vec_fini(&report->zones);
    dw_vec_fini(&report->lines);
    dw_vec_fini(&report->runs);
    dw_vec_fini(&report->tracks);
    dw_vec_fini(&report->notes);
    free(report->name);
    free(report->camera);
    free(report);
}
