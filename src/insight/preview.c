/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/preview.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "insight/remeasure.h"

struct run {
    int64_t id, start_us; /* of the store, and of the copy: not before from_us */
    int64_t copy;
};

struct zone_id {
    int64_t id;
    size_t zone; /* of the layout */
};

struct stays {
    DW_VEC(struct dw_duration) list;
    size_t passes;
};

struct previewing {
    struct dw_store *copy; /* in memory */
    int64_t from_us;
    const struct dw_layout *layout;
    DW_VEC(struct run) runs;
    DW_VEC(struct zone_id) zone_ids;
    struct stays *stays; /* by zone */
    struct dw_buf points;
    struct dw_err *err;
};

static int copy_run(void *context, const struct dw_store_run *found)
{
    struct previewing *all = context;
    struct run *run = dw_vec_add(&all->runs);
    run->id = found->id;
    run->start_us = DW_MAX(found->start_us, all->from_us);
    const struct dw_layout nothing = { .zones = NULL };
    struct dw_store_run_conf conf = {
        .site = found->site,
        .camera = found->camera,
        .source = found->source,
        .identity = found->identity,
        .width_px = found->width_px,
        .height_px = found->height_px,
        .start_wall_us = run->start_us,
        .utc_offset_us = found->utc_offset_us,
        .layout = &nothing,
        .model = found->model,
        .settings = found->settings,
    };
    int result = dw_store_run_begin(all->copy, &conf, &run->copy, all->err);
    int64_t end_us = DW_MAX(found->end_us - run->start_us, 0);
    return result < 0
               ? result
               : dw_store_run_measured(all->copy, run->copy, end_us, found->complete, all->err);
}

static const struct run *find_run(const struct previewing *all, int64_t id)
{
    for (size_t i = 0; i < all->runs.count; i++)
        if (all->runs.items[i].id == id)
            return &all->runs.items[i];
    return NULL;
}

static int copy_gap(void *context, const struct dw_store_gap *found)
{
    struct previewing *all = context;
    const struct run *run = find_run(all, found->run);
    if (run == NULL || found->end_us <= run->start_us)
        return 0;
    struct dw_gap gap = { DW_MAX(found->start_us - run->start_us, 0), found->end_us - run->start_us,
                          found->reason };
    return dw_store_put_gap(all->copy, run->copy, &gap, all->err);
}

static int copy_track(void *context, const struct dw_store_foot_track *found)
{
    struct previewing *all = context;
    const struct run *run = find_run(all, found->run);
    if (run == NULL)
        return 0;
    dw_buf_clear(&all->points);
    dw_buf_append(&all->points, found->points, found->count * sizeof(*found->points));
    struct dw_foot_point *points = (struct dw_foot_point *)(void *)all->points.data;
    for (size_t i = 0; i < found->count; i++)
        points[i].time_us -= run->start_us;
    return dw_store_put_foot_track(all->copy, run->copy, found->person, points, found->count,
                                   all->err);
}

static int copy_all(struct previewing *all, struct dw_store *store, const char *camera)
{
    struct dw_store_filter filter = { .camera = camera, .from_us = all->from_us };
    int result = dw_store_begin(all->copy, all->err);
    if (result == 0)
        result = dw_store_read_runs(store, &filter, copy_run, all, all->err);
    if (result == 0)
        result = dw_store_read_gaps(store, &filter, copy_gap, all, all->err);
    if (result == 0)
        result = dw_store_read_foot_tracks(store, &filter, copy_track, all, all->err);
    if (result == 0)
        result = dw_store_commit(all->copy, all->err);
    return result;
}

static int take_zone(void *context, const struct dw_store_zone *found)
{
    struct previewing *all = context;
    for (size_t i = 0; i < all->layout->zone_count; i++)
        if (strcmp(all->layout->zones[i].name, found->zone.name) == 0)
            dw_vec_push(&all->zone_ids, ((struct zone_id){ found->id, i }));
    return 0;
}

static int take_visit(void *context, const struct dw_store_visit *found)
{
    struct previewing *all = context;
    const struct dw_visit *visit = &found->visit;
    for (size_t i = 0; i < all->zone_ids.count; i++) {
        if (all->zone_ids.items[i].id != found->zone_id)
            continue;
        struct stays *stays = &all->stays[all->zone_ids.items[i].zone];
        stays->passes += visit->pass;
        if (!visit->pass)
            dw_vec_push(&stays->list, ((struct dw_duration){ dw_time_to_seconds(visit->dwell_us),
                                                             visit->cut_start || visit->cut_end }));
    }
    return 0;
}

static struct dw_preview_figures figures_of(struct stays *stays)
{
    size_t count = stays->list.count;
    struct dw_preview_figures out = { count,
                                      stays->passes,
                                      { (double)NAN, (double)NAN, (double)NAN } };
    if (count > 0)
        out.median_s = dw_stats_survival_median(stays->list.items, count);
    dw_vec_fini(&stays->list);
    *stays = (struct stays){ .passes = 0 };
    return out;
}

/* Sums up the visits that a store has for the zones of the layout. */
static int sum_up(struct previewing *all, struct dw_store *store, const char *camera,
                  struct dw_preview_zone *zones, bool after)
{
    struct dw_store_filter filter = { .camera = camera, .from_us = all->from_us };
    dw_vec_clear(&all->zone_ids);
    int result = dw_store_read_zones(store, &filter, take_zone, all, all->err);
    if (result == 0)
        result = dw_store_read_visits(store, &filter, take_visit, all, all->err);
    for (size_t i = 0; i < all->layout->zone_count; i++)
        *(after ? &zones[i].after : &zones[i].before) = figures_of(&all->stays[i]);
    for (size_t i = 0; i < all->zone_ids.count && !after; i++)
        zones[all->zone_ids.items[i].zone].known = true;
    return result;
}

static int remeasure(struct previewing *all, const char *camera)
{
    struct dw_remeasure_conf conf = { .camera = camera, .layout = all->layout };
    struct dw_remeasure_zone *zones = dw_alloc_array0(all->layout->zone_count, sizeof(*zones));
    int result = dw_remeasure(all->copy, &conf, zones, all->err);
    free(zones);
    return result;
}

int dw_preview(struct dw_store *store, const char *camera, int64_t from_us,
               const struct dw_layout *layout, struct dw_preview_zone *zones, struct dw_err *err)
{
    struct previewing all = { .from_us = from_us, .layout = layout, .err = err };
    all.stays = dw_alloc_array0(layout->zone_count, sizeof(*all.stays));
    memset(zones, 0, layout->zone_count * sizeof(*zones));
    int result = dw_store_create(&all.copy, ":memory:", err);
    if (result == 0)
        result = sum_up(&all, store, camera, zones, false);
    if (result == 0)
        result = copy_all(&all, store, camera);
    if (result == 0 && all.runs.count == 0)
        result =
            dw_fail(err, -ENOENT, "nothing was measured by camera '%s' in these hours", camera);
    if (result == 0)
        result = remeasure(&all, camera);
    if (result == 0)
        result = sum_up(&all, all.copy, camera, zones, true);
    dw_store_destroy(all.copy);
    dw_vec_fini(&all.runs);
    dw_vec_fini(&all.zone_ids);
    dw_buf_fini(&all.points);
    free(all.stays);
    return result;
}
