/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/remeasure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "core/foot_path.h"
#include "core/stats.h"
#include "insight/made_id.h"
#include "store/store_care.h"

/* A run with foot tracks. */
struct run {
    int64_t id, camera_id, start_us, end_us, utc_offset_us;
    char *site, *camera, *source, *identity, *model, *settings;
    int width_px, height_px;
    bool complete;
    int remeasured;
    double score_sum;
    size_t score_count;
};

/* What the visits so far say of somebody. */
struct person {
    int64_t run, number;
    enum dw_role role;
    double role_p, score_sum;
    size_t score_count;
};

struct gap {
    int64_t run;
    struct dw_gap gap; /* media time */
    char *reason;
};

struct step {
    int64_t person;
    struct dw_foot_point point; /* media time */
};

struct durations {
    struct dw_duration *items;
    size_t count, capacity;
};

struct zone_id {
    int64_t id;
    size_t zone; /* of the layout */
};

struct remeasuring {
    const struct dw_remeasure_conf *conf;
    struct dw_store *store;
    struct dw_remeasure_zone *zones;
    DW_VEC(struct run) runs;
    DW_VEC(struct gap) gaps;
    DW_VEC(struct person) persons;
    DW_VEC(struct zone_id) zone_ids;
    struct durations *stays; /* by zone, while visits are counted */
    bool after;              /* they are counted for the second time */
};

/* One run, being measured again. */
struct measuring {
    struct remeasuring *all;
    const struct run *run;
    int64_t id;           /* of the new run */
    const char *identity; /* ... */
    struct dw_layout layout;
    DW_VEC(struct step) steps;
    struct dw_foot_path path;
    const struct person *person; /* NULL: they never made a visit */
    int64_t number;
    int zone;
    int result;
    struct dw_err *err;
};

/* --- What there is -------------------------------------------------------------------------- */

static struct run *find_run(struct remeasuring *all, int64_t id)
{
    for (size_t i = 0; i < all->runs.count; i++)
        if (all->runs.items[i].id == id)
            return &all->runs.items[i];
    return NULL;
}

static int take_run(void *context, const struct dw_store_run *found)
{
    struct remeasuring *all = context;
    dw_vec_push(&all->runs, ((struct run){
                                .id = found->id,
                                .camera_id = found->camera_id,
                                .start_us = found->start_us,
                                .end_us = found->end_us,
                                .utc_offset_us = found->utc_offset_us,
                                .site = dw_strdup(found->site),
                                .camera = dw_strdup(found->camera),
                                .source = dw_strdup(found->source),
                                .identity = dw_strdup(found->identity),
                                .model = dw_strdup(found->model),
                                .settings = dw_strdup(found->settings),
                                .width_px = found->width_px,
                                .height_px = found->height_px,
                                .complete = found->complete,
                                .remeasured = found->remeasured,
                            }));
    return 0;
}

static int take_gap(void *context, const struct dw_store_gap *found)
{
    struct remeasuring *all = context;
    const struct run *run = find_run(all, found->run);
    if (run == NULL)
        return 0;
    struct gap gap = { .run = run->id, .reason = dw_strdup(found->reason) };
    gap.gap = (struct dw_gap){ found->start_us - run->start_us, found->end_us - run->start_us,
                               gap.reason };
    dw_vec_push(&all->gaps, gap);
    return 0;
}

static int compare_persons(const void *a, const void *b)
{
    const struct person *one = a, *other = b;
    if (one->run != other->run)
        return one->run < other->run ? -1 : 1;
    return (one->number > other->number) - (one->number < other->number);
}

/* Joins the entries that each visit of a person made. */
static void join_persons(struct remeasuring *all)
{
    size_t kept = 0;
    if (all->persons.count > 0)
        qsort(all->persons.items, all->persons.count, sizeof(*all->persons.items), compare_persons);
    for (size_t i = 0; i < all->persons.count; i++) {
        const struct person *next = &all->persons.items[i];
        struct person *last = kept > 0 ? &all->persons.items[kept - 1] : NULL;
        if (last == NULL || compare_persons(last, next) != 0) {
            all->persons.items[kept++] = *next;
            continue;
        }
        last->score_sum += next->score_sum;
        last->score_count += next->score_count;
        if (next->role_p > last->role_p) {
            last->role = next->role;
            last->role_p = next->role_p;
        }
    }
    all->persons.count = kept;
}

static const struct person *find_person(const struct remeasuring *all, int64_t run, int64_t number)
{
    struct person key = { .run = run, .number = number };
    if (all->persons.count == 0)
        return NULL;
    return bsearch(&key, all->persons.items, all->persons.count, sizeof(key), compare_persons);
}

static int take_zone(void *context, const struct dw_store_zone *found)
{
    struct remeasuring *all = context;
    for (size_t i = 0; i < all->conf->layout->zone_count; i++)
        if (strcmp(all->conf->layout->zones[i].name, found->zone.name) == 0)
            dw_vec_push(&all->zone_ids, ((struct zone_id){ found->id, i }));
    return 0;
}

static void count_visit(struct remeasuring *all, size_t zone, const struct dw_visit *visit)
{
    struct dw_remeasure_zone *counted = &all->zones[zone];
    struct dw_remeasure_figures *figures = all->after ? &counted->after : &counted->before;
    if (visit->pass) {
        figures->passes++;
        return;
    }
    figures->visits++;
    dw_vec_push(&all->stays[zone], ((struct dw_duration){ dw_time_to_seconds(visit->dwell_us),
                                                          visit->cut_start || visit->cut_end }));
}

static int take_visit(void *context, const struct dw_store_visit *found)
{
    struct remeasuring *all = context;
    const struct dw_visit *visit = &found->visit;
    struct run *run = find_run(all, found->run);
    if (run == NULL)
        return 0;
    run->score_sum += visit->score;
    run->score_count++;
    if (!all->after)
        dw_vec_push(&all->persons, ((struct person){ run->id, visit->person, visit->role,
                                                     visit->role_p, visit->score, 1 }));
    for (size_t i = 0; i < all->zone_ids.count; i++)
        if (all->zone_ids.items[i].id == found->zone_id)
            count_visit(all, all->zone_ids.items[i].zone, visit);
    return 0;
}

/* Counts what is there of the layout's zones, and remembers the people. */
static int count_visits(struct remeasuring *all, struct dw_err *err)
{
    size_t zones = all->conf->layout->zone_count;
    struct dw_store_filter filter = { .camera = all->conf->camera,
                                      .from_us = all->runs.items[0].start_us };
    for (size_t i = 0; i < all->runs.count; i++) {
        filter.from_us = DW_MIN(filter.from_us, all->runs.items[i].start_us);
        filter.to_us = DW_MAX(filter.to_us, all->runs.items[i].end_us + 1);
    }
    all->stays = dw_alloc_array0(zones, sizeof(*all->stays));
    dw_vec_clear(&all->zone_ids);
    int result = dw_store_read_zones(all->store, &filter, take_zone, all, err);
    if (result == 0)
        result = dw_store_read_visits(all->store, &filter, take_visit, all, err);
    for (size_t i = 0; i < zones; i++) {
        struct dw_remeasure_zone *zone = &all->zones[i];
        (all->after ? &zone->after : &zone->before)->median_s =
            dw_stats_survival_median(all->stays[i].items, all->stays[i].count).value;
        dw_vec_fini(&all->stays[i]);
    }
    free(all->stays);
    return result;
}

static int check_runs(const struct remeasuring *all, struct dw_err *err)
{
    int64_t pruned_us = 0;
    char pruned[DW_ISO8601_SIZE], began[DW_ISO8601_SIZE];
    if (all->runs.count == 0)
        return dw_fail(err, -ENOENT, "store '%s' holds nothing of this camera and period",
                       dw_store_name(all->store));
    int result = dw_store_pruned_before(all->store, DW_KIND_FEET, &pruned_us, err);
    for (size_t i = 0; i < all->runs.count && result == 0; i++) {
        const struct run *run = &all->runs.items[i], *first = &all->runs.items[0];
        if (run->camera_id != first->camera_id && all->conf->camera == NULL)
            result = dw_fail(err, -EINVAL,
                             "store '%s' has cameras '%s' and '%s': say with --camera whose zones "
                             "these are",
                             dw_store_name(all->store), first->camera, run->camera);
        else if (run->start_us < pruned_us)
            result = dw_fail(err, -ENODATA,
                             "store '%s': foot tracks before %s were pruned, and the run of %s "
                             "needs them; begin later with --from",
                             dw_store_name(all->store), dw_time_iso8601(pruned, pruned_us),
                             dw_time_iso8601(began, run->start_us));
    }
    return result;
}

static int load(struct remeasuring *all, struct dw_err *err)
{
    struct dw_store_filter filter = { .camera = all->conf->camera,
                                      .from_us = all->conf->from_us,
                                      .to_us = all->conf->to_us };
    int result = dw_store_read_runs(all->store, &filter, take_run, all, err);
    if (result == 0)
        result = check_runs(all, err);
    filter.from_us = filter.to_us = 0; /* runs are whole */
    if (result == 0)
        result = dw_store_read_gaps(all->store, &filter, take_gap, all, err);
    if (result == 0)
        result = count_visits(all, err);
    if (result == 0)
        join_persons(all);
    return result;
}

/* --- Measuring ------------------------------------------------------------------------------ */

static void take_measured(void *user, const struct dw_visit *found)
{
    struct measuring *measuring = user;
    struct dw_visit visit = *found;
    if (measuring->result < 0)
        return;
    visit.zone = measuring->zone;
    visit.person = measuring->number;
    if (measuring->person != NULL) {
        visit.role = measuring->person->role;
        visit.role_p = measuring->person->role_p;
    }
    const char *texts[] = { measuring->identity, measuring->layout.zones[visit.zone].name, NULL };
    dw_made_id(visit.id, texts, visit.person, visit.enter_us);
    measuring->result =
        dw_store_put_visit(measuring->all->store, measuring->id, &visit, measuring->err);
}

/* The unbroken stretch of measuring in which the person was there: nobody outlives a gap. */
static void find_stretch(const struct measuring *measuring, struct dw_replay *replay)
{
    const struct dw_foot_path *path = &measuring->path;
    for (size_t i = 0; i < measuring->all->gaps.count; i++) {
        const struct gap *gap = &measuring->all->gaps.items[i];
        if (gap->run != measuring->run->id)
            continue;
        if (gap->gap.end_us <= path->items[0].time_us)
            replay->from_us = DW_MAX(replay->from_us, gap->gap.end_us);
        if (gap->gap.start_us >= path->items[path->count - 1].time_us &&
            gap->gap.start_us < replay->end_us) {
            replay->end_us = gap->gap.start_us;
            replay->reason = DW_END_GAP;
        }
    }
}

static void measure_person(struct measuring *measuring, const struct dw_foot_point *points,
                           size_t count)
{
    const struct run *run = measuring->run;
    const struct person *person = find_person(measuring->all, run->id, measuring->number);
    struct dw_foot_view view = { run->width_px, run->height_px, 0 };
    if (person != NULL)
        view.score = person->score_sum / (double)person->score_count;
    else if (run->score_count > 0)
        view.score = run->score_sum / (double)run->score_count;
    measuring->person = person;
    dw_foot_path(&measuring->path, points, count, &view);
    for (size_t i = 0; i < measuring->layout.zone_count; i++) {
        const struct dw_zone *zone = &measuring->layout.zones[i];
        struct dw_replay replay = {
            .zone = zone,
            .rules = &zone->rules,
            .width_px = run->width_px,
            .height_px = run->height_px,
            .interval_us = DW_FOOT_STEP_US,
            .end_us = run->end_us - run->start_us,
            .reason = DW_END_STOPPED,
            .tell = take_measured,
            .user = measuring,
        };
        find_stretch(measuring, &replay);
        /* What no track alone may bridge was two, joined. */
        for (size_t k = 0; k < measuring->path.count; k++)
            measuring->path.items[k].linked =
                measuring->path.items[k].gap_us > zone->rules.bridge_us;
        measuring->zone = (int)i;
        dw_replay_path(&replay, measuring->path.items, measuring->path.count);
    }
}

static int take_track(void *context, const struct dw_store_foot_track *track)
{
    struct measuring *measuring = context;
    for (size_t i = 0; i < track->count && track->run == measuring->run->id; i++) {
        struct step step = { track->person, track->points[i] };
        step.point.time_us -= measuring->run->start_us;
        dw_vec_push(&measuring->steps, step);
    }
    return 0;
}

static int compare_steps(const void *a, const void *b)
{
    const struct step *one = a, *other = b;
    if (one->person != other->person)
        return one->person < other->person ? -1 : 1;
    return (one->point.time_us > other->point.time_us) -
           (one->point.time_us < other->point.time_us);
}

static int measure_everybody(struct measuring *measuring)
{
    DW_VEC(struct dw_foot_point) points = { 0 };
    struct step *steps = measuring->steps.items;
    size_t count = measuring->steps.count;
    if (count > 0)
        qsort(steps, count, sizeof(*steps), compare_steps);
    for (size_t i = 0; i < count && measuring->result == 0; i++) {
        dw_vec_push(&points, steps[i].point);
        if (i + 1 < count && steps[i + 1].person == steps[i].person)
            continue;
        measuring->number = steps[i].person;
        measure_person(measuring, points.items, points.count);
        dw_vec_clear(&points);
    }
    dw_vec_fini(&points);
    return measuring->result;
}

static int begin_run(struct measuring *measuring, struct dw_err *err)
{
    const struct run *run = measuring->run;
    struct dw_buf source = { 0 };
    dw_buf_printf(&source, "%s, measured again from foot tracks", run->source);
    struct dw_store_run_conf conf = {
        .site = run->site,
        .camera = run->camera,
        .source = dw_buf_text(&source),
        .identity = measuring->identity,
        .width_px = run->width_px,
        .height_px = run->height_px,
        .start_wall_us = run->start_us,
        .utc_offset_us = run->utc_offset_us,
        .layout = &measuring->layout,
        .model = run->model,
        .settings = run->settings,
        .remeasures = run->id,
    };
    int result = dw_store_run_begin(measuring->all->store, &conf, &measuring->id, err);
    dw_buf_fini(&source);
    return result;
}

static int measure(struct measuring *measuring, struct dw_err *err)
{
    const struct run *run = measuring->run;
    struct dw_store_filter filter = { .camera = run->camera,
                                      .from_us = run->start_us,
                                      .to_us = run->end_us + 1 };
    struct dw_buf identity = { 0 };
    dw_buf_printf(&identity, "%s remeasured %d", run->identity, run->remeasured + 1);
    measuring->identity = dw_buf_text(&identity);
    int result = begin_run(measuring, err);
    if (result == 0)
        result =
            dw_store_read_foot_tracks(measuring->all->store, &filter, take_track, measuring, err);
    if (result == 0 && measuring->steps.count == 0 && run->score_count > 0)
        result = dw_fail(err, -ENODATA,
                         "store '%s': of '%s' there are visits and no foot tracks to measure them "
                         "again from; leave it out with --from and --to",
                         dw_store_name(measuring->all->store), run->source);
    if (result == 0)
        result = measure_everybody(measuring);
    if (result == 0)
        result = dw_store_run_measured(measuring->all->store, measuring->id,
                                       run->end_us - run->start_us, run->complete, err);
    dw_buf_fini(&identity);
    return result;
}

static int remeasure_run(struct remeasuring *all, const struct run *run, struct dw_err *err)
{
    const struct dw_layout *layout = all->conf->layout;
    struct measuring measuring = { .all = all, .run = run, .err = err };
    int result = 0;
    measuring.layout.zones = dw_alloc_array0(layout->zone_count, sizeof(struct dw_zone));
    for (size_t i = 0; i < layout->zone_count && result == 0; i++) {
        enum dw_store_recall found = DW_RECALL_NONE;
        struct dw_remeasure_zone *zone = &all->zones[i];
        result = dw_store_recall(all->store, run->id, &layout->zones[i], &found, err);
        zone->kept += found == DW_RECALL_CURRENT;
        zone->recalled += found == DW_RECALL_CHANGED;
        zone->measured += found == DW_RECALL_NONE;
        if (found == DW_RECALL_NONE)
            measuring.layout.zones[measuring.layout.zone_count++] = layout->zones[i];
    }
    if (result == 0 && measuring.layout.zone_count > 0)
        result = measure(&measuring, err);
    free(measuring.layout.zones);
    dw_vec_fini(&measuring.steps);
    dw_vec_fini(&measuring.path);
    return result;
}

static int remeasure_all(struct remeasuring *all, struct dw_err *err)
{
    int result = load(all, err);
    for (size_t i = 0; i < all->runs.count && result == 0; i++)
        result = remeasure_run(all, &all->runs.items[i], err);
    if (result < 0)
        return result;
    all->after = true;
    return count_visits(all, err);
}

static void fini(struct remeasuring *all)
{
    for (size_t i = 0; i < all->runs.count; i++) {
        struct run *run = &all->runs.items[i];
        char *texts[] = { run->site,     run->camera, run->source,
                          run->identity, run->model,  run->settings };
        for (size_t k = 0; k < DW_LENGTH(texts); k++)
            free(texts[k]);
    }
    for (size_t i = 0; i < all->gaps.count; i++)
        free(all->gaps.items[i].reason);
    dw_vec_fini(&all->runs);
    dw_vec_fini(&all->gaps);
    dw_vec_fini(&all->persons);
    dw_vec_fini(&all->zone_ids);
}

int dw_remeasure(struct dw_store *store, const struct dw_remeasure_conf *conf,
                 struct dw_remeasure_zone *zones, struct dw_err *err)
{
    struct remeasuring all = { .conf = conf, .store = store, .zones = zones };
    for (size_t i = 0; i < conf->layout->zone_count; i++)
        zones[i] = (struct dw_remeasure_zone){ .name = conf->layout->zones[i].name };
    int result = dw_store_begin(store, err);
    if (result < 0)
        return result;
    result = remeasure_all(&all, err);
    if (result == 0 && !conf->dry_run)
        result = dw_store_commit(store, err);
    if (result < 0 || conf->dry_run)
        dw_store_rollback(store);
    fini(&all);
    return result;
}
