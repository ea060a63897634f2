/* SPDX-License-Identifier: Apache-2.0 */
/* --store: everything measured goes to the store; what belongs to one second in one transaction. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "engine/output.h"
#include "store/store.h"

/* Foot tracks are kept at 2 Hz; points wait here until a person has this many, or is gone. */
#define POINTS_KEPT 64
#define POINT_EVERY_US 500000

struct walker {
    int64_t person;
    int64_t last_us;
    size_t count;
    struct dw_foot_point points[POINTS_KEPT];
};

struct store_output {
    const struct dw_output_context *context;
    struct dw_store *store;
    int64_t run;
    int64_t saved_us; /* when the transaction going on was begun */
    DW_VEC(struct walker) walkers;
    DW_VEC(struct dw_visit) open;
};

static void close_store(void *self)
{
    struct store_output *output = self;
    if (output == NULL)
        return;
    dw_store_destroy(output->store);
    dw_vec_fini(&output->walkers);
    dw_vec_fini(&output->open);
    free(output);
}

static int begin_run(struct store_output *output, struct dw_err *err)
{
    const struct dw_output_context *context = output->context;
    struct dw_store_run_conf conf = {
        .site = context->record.site,
        .camera = context->record.camera,
        .source = context->source,
        .identity = context->identity,
        .width_px = context->record.width_px,
        .height_px = context->record.height_px,
        .start_wall_us = context->record.start_wall_us,
        .layout = context->record.layout,
        .model = context->model,
        .settings = context->settings,
    };
    int r = dw_store_run_begin(output->store, &conf, &output->run, err);
    return r < 0 ? r : dw_store_begin(output->store, err);
}

static int open_store(void **self, const char *path, const struct dw_output_context *context,
                      struct dw_err *err)
{
    struct store_output *output = dw_alloc0(sizeof(*output));
    output->context = context;
    int r = dw_store_create(&output->store, path, err);
    if (r == 0)
        r = begin_run(output, err);
    if (r < 0) {
        close_store(output);
        return r;
    }
    *self = output;
    return 0;
}

static int flush_walker(struct store_output *output, struct walker *walker, struct dw_err *err)
{
    if (walker->count == 0)
        return 0;
    int r = dw_store_put_foot_track(output->store, output->run, walker->person, walker->points,
                                    walker->count, err);
    walker->count = 0;
    return r;
}

static struct walker *find_walker(struct store_output *output, int64_t person)
{
    for (size_t i = output->walkers.count; i-- > 0;)
        if (output->walkers.items[i].person == person)
            return &output->walkers.items[i];
    struct walker *walker = dw_vec_add(&output->walkers);
    walker->person = person;
    walker->last_us = INT64_MIN / 2;
    return walker;
}

static int take_sighting(struct store_output *output, const struct dw_sighting *sighting,
                         struct dw_err *err)
{
    struct walker *walker = find_walker(output, sighting->person);
    if (sighting->time_us - walker->last_us < POINT_EVERY_US)
        return 0;
    struct dw_point anchor =
        dw_lane_anchor(output->context->lane, DW_ANCHOR_FOOTPRINT, sighting->box);
    walker->last_us = sighting->time_us;
    walker->points[walker->count++] = (struct dw_foot_point){
        .time_us = sighting->time_us,
        .x_norm = (float)anchor.x,
        .y_norm = (float)anchor.y,
        .h_norm = sighting->box.h / (float)output->context->record.height_px,
        .bridged = sighting->gap_us > 0,
    };
    return walker->count == POINTS_KEPT ? flush_walker(output, walker, err) : 0;
}

static int take_event(struct store_output *output, const struct dw_lane_event *event,
                      struct dw_err *err)
{
    switch (event->kind) {
    case DW_LANE_FINISHED:
        return dw_store_put_visit(output->store, output->run, &event->visit, err);
    case DW_LANE_CROSSED:
        return dw_store_put_crossing(output->store, output->run, &event->crossing, err);
    case DW_LANE_ENTERED:
        break;
    }
    return 0;
}

/* Those not seen for long are gone: their points are written and their place is freed. */
static int forget_walkers(struct store_output *output, int64_t before_us, struct dw_err *err)
{
    for (size_t i = output->walkers.count; i-- > 0;) {
        struct walker *walker = &output->walkers.items[i];
        if (walker->last_us >= before_us)
            continue;
        int r = flush_walker(output, walker, err);
        if (r < 0)
            return r;
        dw_vec_remove(&output->walkers, i);
    }
    return 0;
}

static int save_open(struct store_output *output, struct dw_err *err)
{
    const struct dw_lane *lane = output->context->lane;
    size_t count = dw_lane_open_visits(lane, output->open.items, output->open.capacity);
    while (count > output->open.capacity) {
        while (output->open.count < count)
            (void)dw_vec_add(&output->open);
        count = dw_lane_open_visits(lane, output->open.items, output->open.capacity);
    }
    for (size_t i = 0; i < count; i++)
        dw_output_identify(output->context, &output->open.items[i]);
    return dw_store_put_open(output->store, output->run, output->open.items, count, err);
}

/* Every second of media time: open visits saved, all of it committed. */
static int save(struct store_output *output, int64_t now_us, bool complete, struct dw_err *err)
{
    int r = save_open(output, err);
    if (r == 0)
        r = dw_store_run_measured(output->store, output->run, now_us, complete, err);
    return r == 0 ? dw_store_commit(output->store, err) : r;
}

static int take(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    struct store_output *output = self;
    int r =
        moment->gap != NULL ? dw_store_put_gap(output->store, output->run, moment->gap, err) : 0;
    for (size_t i = 0; r == 0 && i < moment->lane.sighting_count; i++)
        r = take_sighting(output, &moment->lane.sightings[i], err);
    for (size_t i = 0; r == 0 && i < moment->lane.event_count; i++)
        r = take_event(output, &moment->lane.events[i], err);
    for (size_t i = 0; r == 0 && i < moment->doubt_count; i++)
        r = dw_store_put_doubt(output->store, output->run, &moment->doubt[i], err);
    if (r < 0 || moment->frame == NULL || moment->time_us - output->saved_us < DW_SECOND_US)
        return r;
    output->saved_us = moment->time_us;
    r = forget_walkers(output, moment->time_us - output->context->settle_us, err);
    if (r == 0)
        r = save(output, moment->time_us, false, err);
    return r == 0 ? dw_store_begin(output->store, err) : r;
}

static int finish(void *self, int64_t end_us, bool complete, struct dw_err *err)
{
    struct store_output *output = self;
    int r = forget_walkers(output, INT64_MAX, err);
    return r == 0 ? save(output, end_us, complete, err) : r;
}

const struct dw_output_impl dw_output_store = {
    .name = "store",
    .open = open_store,
    .take = take,
    .finish = finish,
    .close = close_store,
};
