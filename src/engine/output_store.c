/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --store: everything measured goes to the store; what belongs to one second in one transaction.
 * When the disk is full or a server away, it waits in memory and is stored as soon as that is over.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "engine/output.h"
#include "store/store.h"

/* Foot tracks are kept at 2 Hz; points wait here until a person has this many, or is gone. */
#define POINTS_KEPT 64
#define POINT_EVERY_US 500000
/* While nothing can be stored: a day of a busy shop, about 50 MB. */
#define WAITING_MAX 100000
#define RETRY_MAX_US (30 * DW_SECOND_US)
#define PATIENCE_US 100000 /* how long measuring waits for a store that is pruned, say */

struct walker {
    int64_t person;
    int64_t last_us;             /* of the points */
    struct dw_foot_point latest; /* where the person was seen last, kept if it was the last time */
    size_t count;
    struct dw_foot_point points[POINTS_KEPT];
};

/* Something to be stored. */
struct item {
    enum { ITEM_VISIT, ITEM_CROSSING, ITEM_GAP, ITEM_DOUBT, ITEM_ALERT, ITEM_ROLE, ITEM_WAY } kind;
    union {
        struct dw_visit visit;
        struct dw_crossing crossing;
        struct dw_gap gap;
        struct dw_doubt_visit doubt;
        struct dw_alert_event alert;
        struct dw_role_change role;
        struct {
            int64_t person;
            size_t count;
            struct dw_foot_point *points; /* owned */
        } way;
    };
};

struct store_output {
    const struct dw_output_context *context;
    struct dw_shared_store *shared, *own; /* own NULL: it is the analysis's */
    struct dw_store *store;               /* while it is taken */
    int64_t run;
    int64_t saved_us, save_every_us; /* the last attempt, and how long until the next */
    bool waits;                      /* the last attempt failed and will be made again */
    bool waited;
    DW_VEC(struct walker) walkers;
    DW_VEC(struct dw_visit) open;
    DW_VEC(struct item) items; /* measured, not stored yet */
};

static void forget_items(struct store_output *output)
{
    for (size_t i = 0; i < output->items.count; i++)
        if (output->items.items[i].kind == ITEM_WAY)
            free(output->items.items[i].way.points);
    dw_vec_clear(&output->items);
}

static void close_store(void *self)
{
    struct store_output *output = self;
    if (output == NULL)
        return;
    dw_shared_store_destroy(output->own);
    forget_items(output);
    dw_vec_fini(&output->items);
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
        .utc_offset_us = context->utc_offset_us,
        .layout = context->record.layout,
        .model = context->model,
        .settings = context->settings,
    };
    struct dw_store *store = dw_shared_store_take(output->shared, -1);
    int r = dw_store_run_begin(store, &conf, &output->run, err);
    dw_shared_store_give(output->shared);
    return r;
}

static int open_store(void **self, const char *path, const struct dw_output_context *context,
                      struct dw_err *err)
{
    struct store_output *output = dw_alloc0(sizeof(*output));
    output->context = context;
    output->save_every_us = DW_SECOND_US;
    int r = context->store == NULL ? dw_shared_store_create(&output->own, path, err) : 0;
    output->shared = context->store != NULL ? context->store : output->own;
    if (r == 0)
        r = begin_run(output, err);
    if (r < 0) {
        close_store(output);
        return r;
    }
    *self = output;
    return 0;
}

static void flush_walker(struct store_output *output, struct walker *walker)
{
    if (walker->count == 0)
        return;
    struct item item = { .kind = ITEM_WAY, .way = { walker->person, walker->count, NULL } };
    item.way.points = dw_alloc_array0(walker->count, sizeof(*item.way.points));
    memcpy(item.way.points, walker->points, walker->count * sizeof(*item.way.points));
    dw_vec_push(&output->items, item);
    walker->count = 0;
}

static void keep_latest(struct store_output *output, struct walker *walker)
{
    walker->last_us = walker->latest.time_us;
    walker->points[walker->count++] = walker->latest;
    if (walker->count == POINTS_KEPT)
        flush_walker(output, walker);
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

static void take_sighting(struct store_output *output, const struct dw_sighting *sighting)
{
    struct walker *walker = find_walker(output, sighting->person);
    struct dw_point anchor =
        dw_lane_anchor(output->context->lane, DW_ANCHOR_FOOTPRINT, sighting->box);
    walker->latest = (struct dw_foot_point){
        .time_us = sighting->time_us,
        .x_norm = (float)anchor.x,
        .y_norm = (float)anchor.y,
        .h_norm = sighting->box.h / (float)output->context->record.height_px,
        .bridged = sighting->gap_us > 0,
    };
    if (sighting->time_us - walker->last_us >= POINT_EVERY_US)
        keep_latest(output, walker);
}

static void take_event(struct store_output *output, const struct dw_lane_event *event)
{
    struct item item = { .kind = ITEM_VISIT };
    switch (event->kind) {
    case DW_LANE_FINISHED:
        item.visit = event->visit;
        break;
    case DW_LANE_CROSSED:
        item.kind = ITEM_CROSSING;
        item.crossing = event->crossing;
        break;
    case DW_LANE_ENTERED:
        return;
    }
    dw_vec_push(&output->items, item);
}

/* Those not seen for long are gone: their points are handed on and their place is freed. */
static void forget_walkers(struct store_output *output, int64_t before_us)
{
    for (size_t i = output->walkers.count; i-- > 0;) {
        struct walker *walker = &output->walkers.items[i];
        if (walker->last_us >= before_us)
            continue;
        if (walker->latest.time_us > walker->last_us)
            keep_latest(output, walker);
        flush_walker(output, walker);
        dw_vec_remove(&output->walkers, i);
    }
}

/* Its `before` becomes what the store says. */
static int put_role(struct store_output *output, struct dw_role_change *change, struct dw_err *err)
{
    struct dw_role_change stored = *change;
    stored.visit.enter_us += output->context->record.start_wall_us;
    int r = dw_store_find_role(output->store, &stored, err);
    change->before = stored.before;
    return r;
}

static int put_item(struct store_output *output, struct item *item, struct dw_err *err)
{
    switch (item->kind) {
    case ITEM_VISIT:
        return dw_store_put_visit(output->store, output->run, &item->visit, err);
    case ITEM_CROSSING:
        return dw_store_put_crossing(output->store, output->run, &item->crossing, err);
    case ITEM_GAP:
        return dw_store_put_gap(output->store, output->run, &item->gap, err);
    case ITEM_DOUBT:
        return dw_store_put_doubt(output->store, output->run, &item->doubt, err);
    case ITEM_ALERT:
        return dw_store_put_alert(output->store, output->run,
                                  &output->context->record.layout->alerts[item->alert.alert.rule],
                                  &item->alert, err);
    case ITEM_ROLE:
        return put_role(output, &item->role, err);
    case ITEM_WAY:
        return dw_store_put_foot_track(output->store, output->run, item->way.person,
                                       item->way.points, item->way.count, err);
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

/* Roles that are another in the store now. */
static void tell_roles(const struct store_output *output)
{
    const struct dw_output_context *context = output->context;
    for (size_t i = 0; context->role_stored != NULL && i < output->items.count; i++) {
        const struct dw_role_change *change = &output->items.items[i].role;
        if (output->items.items[i].kind == ITEM_ROLE && change->before != change->visit.role)
            context->role_stored(context->user, &context->record, change);
    }
}

/* Everything that waits, and the open visits, in one transaction; the store is taken. */
static int save_taken(struct store_output *output, int64_t now_us, bool complete,
                      struct dw_err *err)
{
    int r = dw_store_begin(output->store, err);
    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < output->items.count; i++)
        r = put_item(output, &output->items.items[i], err);
    if (r == 0)
        r = save_open(output, err);
    if (r == 0)
        r = dw_store_run_measured(output->store, output->run, now_us, complete, err);
    if (r == 0)
        r = dw_store_commit(output->store, err);
    if (r < 0) {
        dw_store_rollback(output->store);
        return r;
    }
    tell_roles(output);
    forget_items(output);
    return 0;
}

/* -EALREADY: somebody else had the store for all of `wait_us`; negative: waits for ever. */
static int save_all(struct store_output *output, int64_t wait_us, int64_t now_us, bool complete,
                    struct dw_err *err)
{
    output->store = dw_shared_store_take(output->shared, wait_us);
    if (output->store == NULL)
        return dw_fail(err, -EALREADY, "the store is being worked on");
    int r = save_taken(output, now_us, complete, err);
    dw_shared_store_give(output->shared);
    return r;
}

static bool passes_by_itself(int error)
{
    return error == -ENOSPC || error == -ENOTCONN || error == -EAGAIN || error == -EBUSY;
}

/* Who watches a stream that runs for months must be told now, not at its end. */
static void say(struct store_output *output, int error, const struct dw_err *why)
{
    if (error < 0 && !output->waits)
        fprintf(stderr, "dwell: %s; measuring goes on, and what is measured waits\n", why->text);
    else if (error == 0 && output->waits)
        fputs("dwell: the store is written again; nothing was lost\n", stderr);
    output->waits = error < 0;
    output->waited = output->waited || output->waits;
}

/* Every second of media time; less often while it fails. */
static int save(struct store_output *output, int64_t now_us, struct dw_err *err)
{
    struct dw_err why = { 0 };
    int r = save_all(output, PATIENCE_US, now_us, false, &why);
    if (r == -EALREADY && output->items.count <= WAITING_MAX)
        return 0; /* the next frame tries again */
    output->saved_us = now_us;
    if (r < 0 && (!passes_by_itself(r) || output->items.count > WAITING_MAX))
        return dw_fail(err, r, "%s", why.text);
    output->save_every_us = r < 0 ? DW_MIN(output->save_every_us * 2, RETRY_MAX_US) : DW_SECOND_US;
    say(output, r, &why);
    return 0;
}

static int take(void *self, const struct dw_output_moment *moment, struct dw_err *err)
{
    struct store_output *output = self;
    if (moment->gap != NULL)
        dw_vec_push(&output->items, ((struct item){ .kind = ITEM_GAP, .gap = *moment->gap }));
    for (size_t i = 0; i < moment->lane.sighting_count; i++)
        take_sighting(output, &moment->lane.sightings[i]);
    for (size_t i = 0; i < moment->lane.event_count; i++)
        take_event(output, &moment->lane.events[i]);
    for (size_t i = 0; i < moment->doubt_count; i++)
        dw_vec_push(&output->items,
                    ((struct item){ .kind = ITEM_DOUBT, .doubt = moment->doubt[i] }));
    for (size_t i = 0; i < moment->alerts.count; i++)
        dw_vec_push(&output->items,
                    ((struct item){ .kind = ITEM_ALERT, .alert = moment->alerts.events[i] }));
    for (size_t i = 0; i < moment->role_count; i++)
        dw_vec_push(&output->items, ((struct item){ .kind = ITEM_ROLE, .role = moment->roles[i] }));
    /* Who follows a site live is told of nothing that is not kept. */
    bool told = output->own == NULL && !output->waits && output->items.count > 0 &&
                (moment->lane.event_count > 0 || moment->alerts.count > 0 || moment->gap_goes_on);
    bool due = moment->frame != NULL && moment->time_us - output->saved_us >= output->save_every_us;
    if (!told && !due)
        return 0;
    forget_walkers(output, moment->time_us - output->context->settle_us);
    return save(output, moment->time_us, err);
}

static int finish(void *self, int64_t end_us, bool complete, struct dw_err *err)
{
    struct store_output *output = self;
    forget_walkers(output, INT64_MAX);
    int r = save_all(output, -1, end_us, complete, err);
    if (r == 0)
        say(output, 0, NULL);
    return r;
}

static const char *warning(const void *self)
{
    const struct store_output *output = self;
    return output->waited ? "the store could not be written for a while" : NULL;
}

const struct dw_output_impl dw_output_store = {
    .name = "store",
    .open = open_store,
    .take = take,
    .finish = finish,
    .close = close_store,
    .warning = warning,
};
