/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/foot_codec.h"
#include "store/store_impl.h"

/* ?1 camera or NULL, ?2 and ?3 the period, in each query. */
#define CAMERA_WANTED " (camera.name=?1 OR ?1 IS NULL)"
#define RUN_OVERLAPS " run.start_us < ?3 AND (run.end_us > ?2 OR run.start_us >= ?2)"
#define BEGAN(column) " " column " >= ?2 AND " column " < ?3"

#define PERIOD_VALUES(filter)                                                                      \
    (filter)->camera != NULL ? DW_TEXT((filter)->camera) : DW_NULL,                                \
        DW_INTEGER((filter)->from_us != 0 ? (filter)->from_us : INT64_MIN),                        \
        DW_INTEGER((filter)->to_us != 0 ? (filter)->to_us : INT64_MAX)

static int query(struct dw_store *store, const char *sql, const struct dw_store_filter *filter,
                 dw_sql_row_fn fn, void *context, struct dw_err *err)
{
    return dw_sql_query(store, sql, DW_VALUES(PERIOD_VALUES(filter)), fn, context, err);
}

struct runs_query {
    dw_store_run_fn fn;
    void *context;
};

static int run_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                   struct dw_err *err)
{
    (void)store, (void)err;
    const struct runs_query *runs = context;
    return runs->fn(runs->context, &(struct dw_store_run){
                                       .id = dw_row_integer(row, 0),
                                       .camera_id = dw_row_integer(row, 1),
                                       .site = dw_row_text(row, 2),
                                       .camera = dw_row_text(row, 3),
                                       .source = dw_row_text(row, 4),
                                       .identity = dw_row_text(row, 5),
                                       .model = dw_row_text(row, 6),
                                       .settings = dw_row_text(row, 7),
                                       .program = dw_row_text(row, 8),
                                       .width_px = (int)dw_row_integer(row, 9),
                                       .height_px = (int)dw_row_integer(row, 10),
                                       .start_us = dw_row_integer(row, 11),
                                       .end_us = dw_row_integer(row, 12),
                                       .complete = dw_row_integer(row, 13) != 0,
                                       .utc_offset_us = dw_row_integer(row, 14),
                                       .remeasured = (int)dw_row_integer(row, 15),
                                   });
}

int dw_store_read_runs(struct dw_store *store, const struct dw_store_filter *filter,
                       dw_store_run_fn fn, void *context, struct dw_err *err)
{
    return query(
        store,
        "SELECT run.id, run.camera_id, site.name, camera.name, run.source, run.identity,"
        " run.model, run.settings, run.program, run.width_px, run.height_px,"
        " run.start_us, run.end_us, run.complete, run.utc_offset_us,"
        " (SELECT count(*) FROM run AS again WHERE again.remeasures=run.id)"
        " FROM run JOIN camera ON camera.id=run.camera_id"
        " JOIN site ON site.id=camera.site_id WHERE run.remeasures IS NULL AND" CAMERA_WANTED
        " AND" RUN_OVERLAPS " ORDER BY site.name, camera.name, run.start_us, run.id",
        filter, run_row, &(struct runs_query){ fn, context }, err);
}

static const char *const anchors[] = {
    [DW_ANCHOR_FOOTPRINT] = "footprint",
    [DW_ANCHOR_BOTTOM_CENTER] = "bottom_center",
    [DW_ANCHOR_CENTER] = "center",
};

const char *dw_store_anchor_name(enum dw_anchor anchor)
{
    return anchors[anchor];
}

static enum dw_anchor parse_anchor(const char *name)
{
    for (size_t i = 0; i < DW_LENGTH(anchors); i++)
        if (strcmp(name, anchors[i]) == 0)
            return (enum dw_anchor)i;
    return DW_ANCHOR_FOOTPRINT;
}

static int corner_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                      struct dw_err *err)
{
    struct dw_zone *zone = context;
    if (zone->corner_count == DW_ZONE_CORNERS_MAX)
        return dw_fail(err, -EINVAL, "store '%s': zone '%s' has more than %d corners", store->name,
                       zone->name, DW_ZONE_CORNERS_MAX);
    zone->corners[zone->corner_count++] =
        (struct dw_point){ dw_row_real(row, 0), dw_row_real(row, 1) };
    return 0;
}

/* A zone whose corners are still text: a row function may not ask for them. */
struct zone_found {
    struct dw_store_zone zone;
    char *polygon;
};

struct zones_query {
    DW_VEC(struct zone_found) found;
};

static int zone_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                    struct dw_err *err)
{
    (void)store, (void)err;
    struct zones_query *zones = context;
    struct zone_found *found = dw_vec_add(&zones->found);
    found->polygon = dw_strdup(dw_row_text(row, 5));
    found->zone = (struct dw_store_zone){
        .id = dw_row_integer(row, 0),
        .camera_id = dw_row_integer(row, 1),
        .revision = (int)dw_row_integer(row, 2),
        .revisions = (int)dw_row_integer(row, 3),
        .zone = { .target_side = (int)dw_row_integer(row, 6),
                  .rules = { .enter_after_us = dw_row_integer(row, 7),
                             .grace_us = dw_row_integer(row, 8),
                             .bridge_us = dw_row_integer(row, 9),
                             .link_us = dw_row_integer(row, 10),
                             .reentry_us = dw_row_integer(row, 11),
                             .min_dwell_us = dw_row_integer(row, 12),
                             .stop_us = dw_row_integer(row, 13),
                             .engage_us = dw_row_integer(row, 14),
                             .hysteresis = dw_row_real(row, 15),
                             .anchor = parse_anchor(dw_row_text(row, 16)) } },
    };
    snprintf(found->zone.zone.name, sizeof(found->zone.zone.name), "%s", dw_row_text(row, 4));
    return 0;
}

int dw_store_read_zones(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_zone_fn fn, void *context, struct dw_err *err)
{
    struct zones_query zones = { 0 };
    int result = query(
        store,
        "WITH measured AS (SELECT zone_id, revision,"
        " row_number() OVER (PARTITION BY zone_id ORDER BY run.start_us DESC, run.id DESC) AS age"
        " FROM run_zone JOIN run ON run.id=run_id JOIN camera ON camera.id=run.camera_id"
        " WHERE superseded=0 AND" CAMERA_WANTED " AND" RUN_OVERLAPS ")"
        "SELECT zone.id, zone.camera_id, revision, (SELECT count(DISTINCT other.revision)"
        " FROM measured AS other WHERE other.zone_id=zone.id), zone.name, polygon,"
        " settings ->> 'target_side', settings ->> 'enter_after_us', settings ->> 'grace_us',"
        " settings ->> 'bridge_us', settings ->> 'link_us', settings ->> 'reentry_us',"
        " settings ->> 'min_dwell_us', settings ->> 'stop_us', settings ->> 'engage_us',"
        " settings ->> 'hysteresis', settings ->> 'anchor'"
        " FROM measured JOIN zone_revision USING(zone_id, revision)"
        " JOIN zone ON zone.id=zone_id JOIN camera ON camera.id=zone.camera_id"
        " JOIN site ON site.id=camera.site_id WHERE age=1"
        " ORDER BY site.name, camera.name, zone.id",
        filter, zone_row, &zones, err);
    for (size_t i = 0; i < zones.found.count && result == 0; i++) {
        struct zone_found *found = &zones.found.items[i];
        result = dw_sql_query(store, store->impl->corners_sql, DW_VALUES(DW_TEXT(found->polygon)),
                              corner_row, &found->zone.zone, err);
        if (result == 0)
            result = fn(context, &found->zone);
    }
    for (size_t i = 0; i < zones.found.count; i++)
        free(zones.found.items[i].polygon);
    dw_vec_fini(&zones.found);
    return result;
}

struct run_zones_query {
    dw_store_run_zone_fn fn;
    void *context;
};

static int run_zone_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                        struct dw_err *err)
{
    (void)store, (void)err;
    const struct run_zones_query *run_zones = context;
    return run_zones->fn(run_zones->context, &(struct dw_store_run_zone){
                                                 dw_row_integer(row, 0), dw_row_integer(row, 1),
                                                 (int)dw_row_integer(row, 2) });
}

int dw_store_read_run_zones(struct dw_store *store, const struct dw_store_filter *filter,
                            dw_store_run_zone_fn fn, void *context, struct dw_err *err)
{
    return query(store,
                 "SELECT coalesce(remeasures, run_id) AS shown, zone_id, revision FROM run_zone"
                 " JOIN run ON run.id=run_id"
                 " JOIN camera ON camera.id=run.camera_id WHERE superseded=0 AND" CAMERA_WANTED
                 " AND" RUN_OVERLAPS " ORDER BY shown, zone_id",
                 filter, run_zone_row, &(struct run_zones_query){ fn, context }, err);
}

#define CROSSED(to_right)                                                                          \
    " (SELECT count(*) FROM crossing WHERE line_id=line.id AND to_right=" to_right                 \
    " AND" BEGAN("time_us") ")"

struct lines_query {
    dw_store_line_fn fn;
    void *context;
};

static int line_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                    struct dw_err *err)
{
    (void)store, (void)err;
    const struct lines_query *lines = context;
    struct dw_store_line found = {
        .id = dw_row_integer(row, 0),
        .camera_id = dw_row_integer(row, 1),
        .line = { .start = { dw_row_real(row, 3), dw_row_real(row, 4) },
                  .end = { dw_row_real(row, 5), dw_row_real(row, 6) } },
        .to_right = dw_row_integer(row, 7),
        .to_left = dw_row_integer(row, 8),
    };
    snprintf(found.line.name, sizeof(found.line.name), "%s", dw_row_text(row, 2));
    return lines->fn(lines->context, &found);
}

int dw_store_read_lines(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_line_fn fn, void *context, struct dw_err *err)
{
    return query(
        store,
        "SELECT line.id, line.camera_id, line.name, x1, y1, x2, y2," CROSSED("1") "," CROSSED(
            "0") " FROM line JOIN camera ON camera.id=line.camera_id"
                 " JOIN site ON site.id=camera.site_id WHERE" CAMERA_WANTED
                 " AND line.id IN (SELECT line_id FROM run_line JOIN run ON run.id=run_id"
                 " WHERE" RUN_OVERLAPS ") ORDER BY site.name, camera.name, line.id",
        filter, line_row, &(struct lines_query){ fn, context }, err);
}

struct crossings_query {
    dw_store_crossing_fn fn;
    void *context;
};

static int crossing_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                        struct dw_err *err)
{
    (void)store, (void)err;
    const struct crossings_query *crossings = context;
    return crossings->fn(crossings->context,
                         &(struct dw_store_crossing){ .line_id = dw_row_integer(row, 0),
                                                      .run = dw_row_integer(row, 1),
                                                      .time_us = dw_row_integer(row, 2),
                                                      .person = dw_row_integer(row, 3),
                                                      .to_right = dw_row_integer(row, 4) != 0,
                                                      .score = dw_row_real(row, 5) });
}

int dw_store_read_crossings(struct dw_store *store, const struct dw_store_filter *filter,
                            dw_store_crossing_fn fn, void *context, struct dw_err *err)
{
    return query(store,
                 "SELECT line_id, run_id, time_us, person, to_right, score FROM crossing"
                 " WHERE line_id IN (SELECT line.id FROM line JOIN camera ON camera.id=camera_id"
                 " WHERE" CAMERA_WANTED
                 ") AND" BEGAN("time_us") " ORDER BY line_id, time_us, run_id,"
                                          " person",
                 filter, crossing_row, &(struct crossings_query){ fn, context }, err);
}

/* What a run says of a zone; asked once, as a visit looks it up and there are millions of them. */
struct origin {
    int64_t run, zone_id;
    int64_t told_as; /* the run in whose name: itself, or the one that it measured again */
    int revision;
    bool superseded;
};

struct visits_query {
    dw_store_visit_fn fn;
    dw_store_brief_fn brief_fn; /* one of the two */
    void *context;
    DW_VEC(struct origin) origins; /* sorted */
    const struct origin *last;     /* that of the visit before */
};

static int origin_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                      struct dw_err *err)
{
    (void)store, (void)err;
    struct visits_query *visits = context;
    dw_vec_push(
        &visits->origins,
        ((struct origin){ dw_row_integer(row, 0), dw_row_integer(row, 1), dw_row_integer(row, 2),
                          (int)dw_row_integer(row, 3), dw_row_integer(row, 4) != 0 }));
    return 0;
}

static int compare_origins(const void *a, const void *b)
{
    const struct origin *one = a, *other = b;
    if (one->run != other->run)
        return one->run < other->run ? -1 : 1;
    return (one->zone_id > other->zone_id) - (one->zone_id < other->zone_id);
}

static const struct origin *find_origin(struct visits_query *visits, int64_t run, int64_t zone_id)
{
    const struct origin *last = visits->last;
    struct origin key = { .run = run, .zone_id = zone_id };
    if (last == NULL || compare_origins(last, &key) != 0)
        visits->last = visits->origins.count == 0
                           ? NULL
                           : bsearch(&key, visits->origins.items, visits->origins.count,
                                     sizeof(key), compare_origins);
    return visits->last;
}

static double measured_real(const struct dw_sql_row *row, int column)
{
    return dw_row_null(row, column) ? -1 : dw_row_real(row, column);
}

static void copy_id(uint8_t out[16], const struct dw_sql_row *row, int column)
{
    size_t size = 0;
    const void *id = dw_row_blob(row, column, &size);
    if (size == 16)
        memcpy(out, id, 16);
}

static void fill_visit(const struct dw_sql_row *row, struct dw_store_visit *found)
{
    *found = (struct dw_store_visit){
        .zone_id = dw_row_integer(row, 0),
        .run = dw_row_integer(row, 1),
        .visit = { .zone = -1,
                   .pass = dw_row_integer(row, 2) != 0,
                   .enter_us = dw_row_integer(row, 4),
                   .exit_us = dw_row_integer(row, 5),
                   .person = dw_row_integer(row, 6),
                   .dwell_us = dw_row_integer(row, 7),
                   .observed_us = dw_row_integer(row, 8),
                   .bridged_us = dw_row_integer(row, 9),
                   .links = (int)dw_row_integer(row, 10),
                   .cut_start = dw_row_integer(row, 11) != 0,
                   .cut_end = dw_row_integer(row, 12) != 0,
                   .enter_side = (int)dw_row_integer(row, 14),
                   .exit_side = (int)dw_row_integer(row, 15),
                   .score = dw_row_real(row, 16),
                   .role_p = dw_row_real(row, 18),
                   .facing_us = dw_row_null(row, 19) ? -1 : dw_row_integer(row, 19),
                   .speed_avg = measured_real(row, 20),
                   .speed_min = measured_real(row, 21) },
    };
    copy_id(found->visit.id, row, 3);
}

static int visit_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    struct visits_query *visits = context;
    struct dw_store_visit found;
    const struct origin *origin =
        find_origin(visits, dw_row_integer(row, 1), dw_row_integer(row, 0));
    if (origin != NULL && origin->superseded)
        return 0;
    fill_visit(row, &found);
    if (origin != NULL) {
        found.run = origin->told_as;
        found.revision = origin->revision;
    }
    int reason = dw_end_reason_parse(dw_row_text(row, 13)),
        role = dw_role_parse(dw_row_text(row, 17));
    if (reason < 0 || role < 0)
        return dw_fail(err, -EINVAL,
                       "store '%s' holds a visit with end reason '%s' and role '%s', which this "
                       "dwell does not know: update dwell",
                       store->name, dw_row_text(row, 13), dw_row_text(row, 17));
    found.visit.end_reason = (enum dw_end_reason)reason;
    found.visit.role = (enum dw_role)role;
    return visits->fn(visits->context, &found);
}

static int brief_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    (void)store, (void)err;
    struct visits_query *visits = context;
    struct dw_store_brief found = {
        .zone_id = dw_row_integer(row, 0),
        .run = dw_row_integer(row, 1),
        .person = dw_row_integer(row, 2),
        .enter_us = dw_row_integer(row, 3),
        .exit_us = dw_row_integer(row, 4),
        .cut_start = dw_row_integer(row, 5) != 0,
        .cut_end = dw_row_integer(row, 6) != 0,
    };
    const struct origin *origin = find_origin(visits, found.run, found.zone_id);
    if (origin != NULL && origin->superseded)
        return 0;
    if (origin != NULL)
        found.run = origin->told_as;
    return visits->brief_fn(visits->context, &found);
}

#define OF_CAMERA                                                                                  \
    " WHERE zone_id IN (SELECT zone.id FROM zone"                                                  \
    " JOIN camera ON camera.id=camera_id WHERE" CAMERA_WANTED ") AND" BEGAN("enter_us")

static int read_stays(struct dw_store *store, struct visits_query *visits, const char *sql,
                      struct dw_sql_values values, struct dw_err *err)
{
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_sql_query(store,
                          "SELECT run_id, zone_id, coalesce(remeasures, run_id), revision,"
                          " superseded FROM run_zone JOIN run ON run.id=run_id",
                          DW_NO_VALUES, origin_row, visits, err);
    if (visits->origins.count > 0)
        qsort(visits->origins.items, visits->origins.count, sizeof(*visits->origins.items),
              compare_origins);
    if (result == 0)
        result = dw_sql_query(store, sql, values, visits->fn != NULL ? visit_row : brief_row,
                              visits, err);
    dw_vec_fini(&visits->origins);
    return dw_sql_leave(store, own, result, err);
}

#define SELECT_STAYS(table, pass)                                                                  \
    "SELECT zone_id, run_id," pass                                                                 \
    ", uid, enter_us, exit_us, person, dwell_us, observed_us, bridged_us, links, cut_start,"       \
    " cut_end, end_reason, enter_side, exit_side, score, role, role_p, facing_us, speed_avg,"      \
    " speed_min FROM " table OF_CAMERA " AND (CAST(?4 AS BIGINT)=0 OR role='staff')"

int dw_store_read_visits(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_visit_fn fn, void *context, struct dw_err *err)
{
    return read_stays(store, &(struct visits_query){ .fn = fn, .context = context },
                      SELECT_STAYS("visit", "0") " UNION ALL " SELECT_STAYS(
                          "pass", "1") " AND CAST(?5 AS BIGINT)=0 ORDER BY zone_id, enter_us, uid",
                      DW_VALUES(PERIOD_VALUES(filter), DW_INTEGER(filter->staff_only ? 1 : 0),
                                DW_INTEGER(filter->no_passes ? 1 : 0)),
                      err);
}

int dw_store_read_briefs(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_brief_fn fn, void *context, struct dw_err *err)
{
    return read_stays(store, &(struct visits_query){ .brief_fn = fn, .context = context },
                      "SELECT zone_id, run_id, person, enter_us, exit_us, cut_start, cut_end"
                      " FROM visit" OF_CAMERA " AND (CAST(?4 AS BIGINT)=0 OR role<>'staff')"
                      " ORDER BY zone_id, enter_us",
                      DW_VALUES(PERIOD_VALUES(filter), DW_INTEGER(filter->no_staff ? 1 : 0)), err);
}

struct doubt_query {
    dw_store_doubt_fn fn;
    void *context;
};

static int doubt_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    const struct doubt_query *doubt = context;
    int variant = dw_variant_parse(dw_row_text(row, 2));
    if (variant < 0)
        return dw_fail(err, -EINVAL,
                       "store '%s' holds visits measured with '%s', which this dwell does not "
                       "know: update dwell",
                       store->name, dw_row_text(row, 2));
    return doubt->fn(doubt->context, &(struct dw_store_doubt){
                                         .zone_id = dw_row_integer(row, 0),
                                         .run = dw_row_integer(row, 1),
                                         .variant = (enum dw_variant)variant,
                                         .enter_us = dw_row_integer(row, 3),
                                         .dwell_us = dw_row_integer(row, 4),
                                         .cut = dw_row_integer(row, 5) != 0,
                                     });
}

int dw_store_read_doubt(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_doubt_fn fn, void *context, struct dw_err *err)
{
    return query(store,
                 "SELECT zone_id, run_id, variant, enter_us, dwell_us, cut FROM doubt"
                 " WHERE zone_id IN (SELECT zone.id FROM zone JOIN camera ON camera.id=camera_id"
                 " WHERE" CAMERA_WANTED ") AND" BEGAN("enter_us") " AND" DW_COUNTS(
                     "zone_id") " ORDER BY zone_id, enter_us",
                 filter, doubt_row, &(struct doubt_query){ fn, context }, err);
}

struct alerts_query {
    dw_store_alert_fn fn;
    void *context;
};

static int alert_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    const struct alerts_query *alerts = context;
    bool cleared = !dw_row_null(row, 9);
    int kind = dw_alert_kind_parse(dw_row_text(row, 4));
    int end = cleared ? dw_alert_end_parse(dw_row_text(row, 10)) : 0;
    if (kind < 0 || end < 0)
        return dw_fail(err, -EINVAL,
                       "store '%s' holds an alert of kind '%s' with end '%s', which this dwell "
                       "does not know: update dwell",
                       store->name, dw_row_text(row, 4), dw_row_text(row, 10));
    struct dw_store_alert found = {
        .zone_id = dw_row_integer(row, 0),
        .run = dw_row_integer(row, 1),
        .name = dw_row_text(row, 3),
        .kind = (enum dw_alert_kind)kind,
        .cleared = cleared,
        .alert = { .rule = -1,
                   .person = dw_row_integer(row, 5),
                   .people = (int)dw_row_integer(row, 6),
                   .since_us = dw_row_integer(row, 7),
                   .told = (int)dw_row_integer(row, 8),
                   .cleared_us = dw_row_integer(row, 9),
                   .end = (enum dw_alert_end)end,
                   .raised_us = dw_row_integer(row, 11) },
    };
    copy_id(found.alert.id, row, 2);
    return alerts->fn(alerts->context, &found);
}

int dw_store_read_alerts(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_alert_fn fn, void *context, struct dw_err *err)
{
    return query(store,
                 "SELECT zone_id, run_id, uid, name, kind, person, people, since_us, told,"
                 " cleared_us, end_reason, raised_us FROM alert"
                 " WHERE zone_id IN (SELECT zone.id FROM zone JOIN camera ON camera.id=camera_id"
                 " WHERE" CAMERA_WANTED
                 ") AND" BEGAN("raised_us") " ORDER BY raised_us DESC, zone_id, uid",
                 filter, alert_row, &(struct alerts_query){ fn, context }, err);
}

struct gaps_query {
    dw_store_gap_fn fn;
    void *context;
};

static int gap_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                   struct dw_err *err)
{
    (void)store, (void)err;
    const struct gaps_query *gaps = context;
    return gaps->fn(gaps->context,
                    &(struct dw_store_gap){ dw_row_integer(row, 0), dw_row_integer(row, 1),
                                            dw_row_integer(row, 2), dw_row_text(row, 3) });
}

int dw_store_read_gaps(struct dw_store *store, const struct dw_store_filter *filter,
                       dw_store_gap_fn fn, void *context, struct dw_err *err)
{
    return query(
        store,
        "SELECT run_id, gap.start_us, gap.end_us, reason FROM gap JOIN run ON run.id=run_id"
        " JOIN camera ON camera.id=run.camera_id WHERE" CAMERA_WANTED
        " AND gap.start_us < ?3 AND gap.end_us > ?2 ORDER BY run_id, gap.start_us",
        filter, gap_row, &(struct gaps_query){ fn, context }, err);
}

struct foot_tracks_query {
    dw_store_foot_track_fn fn;
    void *context;
    struct dw_foot_points points; /* room kept from track to track */
};

static int foot_track_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                          struct dw_err *err)
{
    struct foot_tracks_query *tracks = context;
    struct dw_store_foot_track found = { .run = dw_row_integer(row, 0),
                                         .person = dw_row_integer(row, 1) };
    size_t size = 0;
    const void *bytes = dw_row_blob(row, 3, &size);
    dw_vec_clear(&tracks->points);
    if (dw_foot_decode(&tracks->points, dw_row_integer(row, 2), bytes, size) < 0)
        return dw_fail(err, -EBADMSG,
                       "store '%s': the foot track of person %lld in run %lld is damaged; analyze "
                       "its source again",
                       store->name, (long long)found.person, (long long)found.run);
    found.points = tracks->points.items;
    found.count = tracks->points.count;
    return tracks->fn(tracks->context, &found);
}

int dw_store_read_foot_tracks(struct dw_store *store, const struct dw_store_filter *filter,
                              dw_store_foot_track_fn fn, void *context, struct dw_err *err)
{
    struct foot_tracks_query tracks = { .fn = fn, .context = context };
    int result = query(store,
                       "SELECT run_id, person, foot_track.start_us, points FROM foot_track"
                       " JOIN run ON run.id=run_id JOIN camera ON camera.id=run.camera_id"
                       " WHERE" CAMERA_WANTED
                       " AND" BEGAN("foot_track.start_us") " ORDER BY run_id, foot_track.start_us",
                       filter, foot_track_row, &tracks, err);
    dw_vec_fini(&tracks.points);
    return result;
}
