/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "store/foot_codec.h"
#include "store/sqlite_impl.h"

/* ?1 camera or NULL, ?2 and ?3 the period, in each query. */
#define CAMERA_WANTED " (?1 IS NULL OR camera.name=?1)"
#define RUN_OVERLAPS " run.start_us < ?3 AND (run.end_us > ?2 OR run.start_us >= ?2)"
#define BEGAN(column) " " column " >= ?2 AND " column " < ?3"

/* Hands one row to the caller's function. */
typedef int (*row_fn)(struct dw_sqlite *self, sqlite3_stmt *row, void *query, struct dw_err *err);

static int for_each_row(struct dw_sqlite *self, sqlite3_stmt *statement, row_fn fn, void *query,
                        struct dw_err *err)
{
    int result = 0, step = SQLITE_ROW;
    while (result == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW)
        result = fn(self, statement, query, err);
    if (result == 0 && step != SQLITE_DONE)
        result = dw_sqlite_fail(self, err);
    sqlite3_reset(statement);
    return result;
}

static int query(struct dw_store *store, const char *sql, const struct dw_store_filter *filter,
                 row_fn fn, void *context, struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    sqlite3_stmt *statement = NULL;
    int result =
        dw_sqlite_bind(self, sql,
                       DW_VALUES(filter->camera != NULL ? DW_TEXT(filter->camera) : DW_NULL,
                                 DW_INTEGER(filter->from_us != 0 ? filter->from_us : INT64_MIN),
                                 DW_INTEGER(filter->to_us != 0 ? filter->to_us : INT64_MAX)),
                       &statement, err);
    return result < 0 ? result : for_each_row(self, statement, fn, context, err);
}

static const char *text(sqlite3_stmt *row, int column)
{
    const char *found = (const char *)sqlite3_column_text(row, column);
    return found != NULL ? found : "";
}

struct runs_query {
    dw_store_run_fn fn;
    void *context;
};

static int run_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context, struct dw_err *err)
{
    (void)self, (void)err;
    const struct runs_query *runs = context;
    return runs->fn(runs->context, &(struct dw_store_run){
                                       .id = sqlite3_column_int64(row, 0),
                                       .camera_id = sqlite3_column_int64(row, 1),
                                       .site = text(row, 2),
                                       .camera = text(row, 3),
                                       .source = text(row, 4),
                                       .identity = text(row, 5),
                                       .model = text(row, 6),
                                       .settings = text(row, 7),
                                       .program = text(row, 8),
                                       .width_px = sqlite3_column_int(row, 9),
                                       .height_px = sqlite3_column_int(row, 10),
                                       .start_us = sqlite3_column_int64(row, 11),
                                       .end_us = sqlite3_column_int64(row, 12),
                                       .complete = sqlite3_column_int(row, 13) != 0,
                                   });
}

int dw_sqlite_read_runs(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_run_fn fn, void *context, struct dw_err *err)
{
    return query(store,
                 "SELECT run.id, run.camera_id, site.name, camera.name, run.source, run.identity,"
                 " run.model, run.settings, run.program, run.width_px, run.height_px,"
                 " run.start_us, run.end_us, run.complete"
                 " FROM run JOIN camera ON camera.id=run.camera_id"
                 " JOIN site ON site.id=camera.site_id WHERE" CAMERA_WANTED " AND" RUN_OVERLAPS
                 " ORDER BY site.name, camera.name, run.start_us, run.id",
                 filter, run_row, &(struct runs_query){ fn, context }, err);
}

static const char *const anchors[] = {
    [DW_ANCHOR_FOOTPRINT] = "footprint",
    [DW_ANCHOR_BOTTOM_CENTER] = "bottom_center",
    [DW_ANCHOR_CENTER] = "center",
};

const char *dw_sqlite_anchor_name(enum dw_anchor anchor)
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

static int corner_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context, struct dw_err *err)
{
    struct dw_zone *zone = context;
    if (zone->corner_count == DW_ZONE_CORNERS_MAX)
        return dw_fail(err, -EINVAL, "store '%s': zone '%s' has more than %d corners", self->path,
                       zone->name, DW_ZONE_CORNERS_MAX);
    zone->corners[zone->corner_count++] =
        (struct dw_point){ sqlite3_column_double(row, 0), sqlite3_column_double(row, 1) };
    return 0;
}

static int read_corners(struct dw_sqlite *self, const char *polygon, struct dw_zone *zone,
                        struct dw_err *err)
{
    sqlite3_stmt *statement = NULL;
    int result =
        dw_sqlite_bind(self, "SELECT value ->> '$[0]', value ->> '$[1]' FROM json_each(?1)",
                       DW_VALUES(DW_TEXT(polygon)), &statement, err);
    return result < 0 ? result : for_each_row(self, statement, corner_row, zone, err);
}

struct zones_query {
    dw_store_zone_fn fn;
    void *context;
};

static int zone_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context, struct dw_err *err)
{
    const struct zones_query *zones = context;
    struct dw_store_zone found = {
        .id = sqlite3_column_int64(row, 0),
        .camera_id = sqlite3_column_int64(row, 1),
        .revision = sqlite3_column_int(row, 2),
        .revisions = sqlite3_column_int(row, 3),
        .zone = { .target_side = sqlite3_column_int(row, 6),
                  .rules = { .enter_after_us = sqlite3_column_int64(row, 7),
                             .grace_us = sqlite3_column_int64(row, 8),
                             .bridge_us = sqlite3_column_int64(row, 9),
                             .link_us = sqlite3_column_int64(row, 10),
                             .reentry_us = sqlite3_column_int64(row, 11),
                             .min_dwell_us = sqlite3_column_int64(row, 12),
                             .stop_us = sqlite3_column_int64(row, 13),
                             .engage_us = sqlite3_column_int64(row, 14),
                             .hysteresis = sqlite3_column_double(row, 15),
                             .anchor = parse_anchor(text(row, 16)) } },
    };
    snprintf(found.zone.name, sizeof(found.zone.name), "%s", text(row, 4));
    int result = read_corners(self, text(row, 5), &found.zone, err);
    return result < 0 ? result : zones->fn(zones->context, &found);
}

int dw_sqlite_read_zones(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_zone_fn fn, void *context, struct dw_err *err)
{
    /* max() makes `revision` that of the latest run (SQLite's rule for bare columns). */
    return query(
        store,
        "WITH measured AS (SELECT zone_id, revision, count(DISTINCT revision) AS revisions,"
        " max(run.start_us) FROM run_zone JOIN run ON run.id=run_id"
        " JOIN camera ON camera.id=run.camera_id WHERE" CAMERA_WANTED " AND" RUN_OVERLAPS
        " GROUP BY zone_id)"
        "SELECT zone.id, zone.camera_id, revision, revisions, zone.name, polygon,"
        " settings ->> '$.target_side', settings ->> '$.enter_after_us',"
        " settings ->> '$.grace_us', settings ->> '$.bridge_us',"
        " settings ->> '$.link_us', settings ->> '$.reentry_us',"
        " settings ->> '$.min_dwell_us', settings ->> '$.stop_us',"
        " settings ->> '$.engage_us', settings ->> '$.hysteresis',"
        " settings ->> '$.anchor'"
        " FROM measured JOIN zone_revision USING(zone_id, revision)"
        " JOIN zone ON zone.id=zone_id JOIN camera ON camera.id=zone.camera_id"
        " JOIN site ON site.id=camera.site_id"
        " ORDER BY site.name, camera.name, zone.id",
        filter, zone_row, &(struct zones_query){ fn, context }, err);
}

struct run_zones_query {
    dw_store_run_zone_fn fn;
    void *context;
};

static int run_zone_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context,
                        struct dw_err *err)
{
    (void)self, (void)err;
    const struct run_zones_query *run_zones = context;
    return run_zones->fn(run_zones->context,
                         &(struct dw_store_run_zone){ sqlite3_column_int64(row, 0),
                                                      sqlite3_column_int64(row, 1),
                                                      sqlite3_column_int(row, 2) });
}

int dw_sqlite_read_run_zones(struct dw_store *store, const struct dw_store_filter *filter,
                             dw_store_run_zone_fn fn, void *context, struct dw_err *err)
{
    return query(store,
                 "SELECT run_id, zone_id, revision FROM run_zone JOIN run ON run.id=run_id"
                 " JOIN camera ON camera.id=run.camera_id WHERE" CAMERA_WANTED " AND" RUN_OVERLAPS
                 " ORDER BY run_id, zone_id",
                 filter, run_zone_row, &(struct run_zones_query){ fn, context }, err);
}

struct lines_query {
    dw_store_line_fn fn;
    void *context;
};

static int line_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context, struct dw_err *err)
{
    (void)self, (void)err;
    const struct lines_query *lines = context;
    struct dw_store_line found = {
        .id = sqlite3_column_int64(row, 0),
        .camera_id = sqlite3_column_int64(row, 1),
        .line = { .start = { sqlite3_column_double(row, 3), sqlite3_column_double(row, 4) },
                  .end = { sqlite3_column_double(row, 5), sqlite3_column_double(row, 6) } },
        .to_right = sqlite3_column_int64(row, 7),
        .to_left = sqlite3_column_int64(row, 8),
    };
    snprintf(found.line.name, sizeof(found.line.name), "%s", text(row, 2));
    return lines->fn(lines->context, &found);
}

int dw_sqlite_read_lines(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_line_fn fn, void *context, struct dw_err *err)
{
    return query(
        store,
        "SELECT line.id, line.camera_id, line.name, x1, y1, x2, y2,"
        " (SELECT count(*) FROM crossing WHERE line_id=line.id AND to_right=1 AND" BEGAN(
            "time_us") "),"
                       " (SELECT count(*) FROM crossing WHERE line_id=line.id AND to_right=0 "
                       "AND" BEGAN(
                           "time_us") ")"
                                      " FROM line JOIN camera ON camera.id=line.camera_id"
                                      " JOIN site ON site.id=camera.site_id WHERE" CAMERA_WANTED
                                      " AND line.id IN (SELECT line_id FROM run_line JOIN run ON "
                                      "run.id=run_id"
                                      " WHERE" RUN_OVERLAPS ")"
                                      " ORDER BY site.name, camera.name, line.id",
        filter, line_row, &(struct lines_query){ fn, context }, err);
}

struct visits_query {
    dw_store_visit_fn fn;
    void *context;
};

static double measured_real(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? -1
                                                           : sqlite3_column_double(row, column);
}

static void fill_visit(sqlite3_stmt *row, struct dw_store_visit *found)
{
    *found = (struct dw_store_visit){
        .zone_id = sqlite3_column_int64(row, 0),
        .run = sqlite3_column_int64(row, 1),
        .revision = sqlite3_column_int(row, 2),
        .visit = { .zone = -1,
                   .pass = sqlite3_column_int(row, 3) != 0,
                   .enter_us = sqlite3_column_int64(row, 5),
                   .exit_us = sqlite3_column_int64(row, 6),
                   .person = sqlite3_column_int64(row, 7),
                   .dwell_us = sqlite3_column_int64(row, 8),
                   .observed_us = sqlite3_column_int64(row, 9),
                   .bridged_us = sqlite3_column_int64(row, 10),
                   .links = sqlite3_column_int(row, 11),
                   .cut_start = sqlite3_column_int(row, 12) != 0,
                   .cut_end = sqlite3_column_int(row, 13) != 0,
                   .enter_side = sqlite3_column_int(row, 15),
                   .exit_side = sqlite3_column_int(row, 16),
                   .score = sqlite3_column_double(row, 17),
                   .role_p = sqlite3_column_double(row, 19),
                   .facing_us = sqlite3_column_type(row, 20) == SQLITE_NULL
                                    ? -1
                                    : sqlite3_column_int64(row, 20),
                   .speed_avg = measured_real(row, 21),
                   .speed_min = measured_real(row, 22) },
    };
    if (sqlite3_column_bytes(row, 4) == (int)sizeof(found->visit.id))
        memcpy(found->visit.id, sqlite3_column_blob(row, 4), sizeof(found->visit.id));
}

static int visit_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context, struct dw_err *err)
{
    const struct visits_query *visits = context;
    struct dw_store_visit found;
    fill_visit(row, &found);
    int reason = dw_end_reason_parse(text(row, 14)), role = dw_role_parse(text(row, 18));
    if (reason < 0 || role < 0)
        return dw_fail(err, -EINVAL,
                       "store '%s' holds a visit with end reason '%s' and role '%s', which this "
                       "dwell does not know: update dwell",
                       self->path, text(row, 14), text(row, 18));
    found.visit.end_reason = (enum dw_end_reason)reason;
    found.visit.role = (enum dw_role)role;
    return visits->fn(visits->context, &found);
}

#define SELECT_STAYS(table, pass)                                                                  \
    "SELECT zone_id, run_id, (SELECT revision FROM run_zone WHERE run_zone.run_id=" table          \
    ".run_id AND run_zone.zone_id=" table ".zone_id)," pass                                        \
    ", uid, enter_us, exit_us, person, dwell_us, observed_us, bridged_us, links, cut_start,"       \
    " cut_end, end_reason, enter_side, exit_side, score, role, role_p, facing_us, speed_avg,"      \
    " speed_min FROM " table " WHERE zone_id IN (SELECT zone.id FROM zone"                         \
    " JOIN camera ON camera.id=camera_id WHERE" CAMERA_WANTED ") AND" BEGAN("enter_us")

int dw_sqlite_read_visits(struct dw_store *store, const struct dw_store_filter *filter,
                          dw_store_visit_fn fn, void *context, struct dw_err *err)
{
    return query(store,
                 SELECT_STAYS("visit", "0") " UNION ALL " SELECT_STAYS(
                     "pass", "1") " ORDER BY zone_id, enter_us, uid",
                 filter, visit_row, &(struct visits_query){ fn, context }, err);
}

struct doubt_query {
    dw_store_doubt_fn fn;
    void *context;
};

static int doubt_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context, struct dw_err *err)
{
    const struct doubt_query *doubt = context;
    int variant = dw_variant_parse(text(row, 2));
    if (variant < 0)
        return dw_fail(err, -EINVAL,
                       "store '%s' holds visits measured with '%s', which this dwell does not "
                       "know: update dwell",
                       self->path, text(row, 2));
    return doubt->fn(doubt->context, &(struct dw_store_doubt){
                                         .zone_id = sqlite3_column_int64(row, 0),
                                         .run = sqlite3_column_int64(row, 1),
                                         .variant = (enum dw_variant)variant,
                                         .enter_us = sqlite3_column_int64(row, 3),
                                         .dwell_us = sqlite3_column_int64(row, 4),
                                         .cut = sqlite3_column_int(row, 5) != 0,
                                     });
}

int dw_sqlite_read_doubt(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_doubt_fn fn, void *context, struct dw_err *err)
{
    return query(store,
                 "SELECT zone_id, run_id, variant, enter_us, dwell_us, cut FROM doubt"
                 " WHERE zone_id IN (SELECT zone.id FROM zone JOIN camera ON camera.id=camera_id"
                 " WHERE" CAMERA_WANTED ") AND" BEGAN("enter_us") " ORDER BY zone_id, enter_us",
                 filter, doubt_row, &(struct doubt_query){ fn, context }, err);
}

struct gaps_query {
    dw_store_gap_fn fn;
    void *context;
};

static int gap_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context, struct dw_err *err)
{
    (void)self, (void)err;
    const struct gaps_query *gaps = context;
    return gaps->fn(gaps->context, &(struct dw_store_gap){
                                       sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                                       sqlite3_column_int64(row, 2), text(row, 3) });
}

int dw_sqlite_read_gaps(struct dw_store *store, const struct dw_store_filter *filter,
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

static int foot_track_row(struct dw_sqlite *self, sqlite3_stmt *row, void *context,
                          struct dw_err *err)
{
    struct foot_tracks_query *tracks = context;
    struct dw_store_foot_track found = { .run = sqlite3_column_int64(row, 0),
                                         .person = sqlite3_column_int64(row, 1) };
    const void *bytes = sqlite3_column_blob(row, 3);
    dw_vec_clear(&tracks->points);
    if (dw_foot_decode(&tracks->points, sqlite3_column_int64(row, 2), bytes,
                       (size_t)sqlite3_column_bytes(row, 3)) < 0)
        return dw_fail(err, -EBADMSG,
                       "store '%s': the foot track of person %lld in run %lld is damaged; analyze "
                       "its source again",
                       self->path, (long long)found.person, (long long)found.run);
    found.points = tracks->points.items;
    found.count = tracks->points.count;
    return tracks->fn(tracks->context, &found);
}

int dw_sqlite_read_foot_tracks(struct dw_store *store, const struct dw_store_filter *filter,
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
