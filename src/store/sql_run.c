/* SPDX-License-Identifier: Apache-2.0 */
/* Runs, and the sites, cameras, zones and lines they measure. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "store/store_impl.h"
#include "store/store_peak.h"

/* How long before a run that ended days are looked for whose peaks are missing. */
#define SETTLED_BACK_US (31 * DW_ROLLUP_DAY_US)

/* Each finds or makes a row and yields its id; the update changes nothing but makes it yield. */
static const char upsert_site[] = "INSERT INTO site(name) VALUES(?1) ON CONFLICT(name) DO UPDATE "
                                  "SET name=excluded.name RETURNING id";
static const char upsert_camera[] =
    "INSERT INTO camera(site_id, name) VALUES(?1, ?2)"
    " ON CONFLICT(site_id, name) DO UPDATE SET name=excluded.name RETURNING id";
static const char upsert_zone[] =
    "INSERT INTO zone(camera_id, name) VALUES(?1, ?2)"
    " ON CONFLICT(camera_id, name) DO UPDATE SET name=excluded.name RETURNING id";
/* Drawn the same way again it is the same revision. */
static const char find_zone_revision[] =
    "SELECT revision FROM zone_revision WHERE zone_id=?1 AND polygon=?2 AND settings=?3";
static const char add_zone_revision[] =
    "INSERT INTO zone_revision(zone_id, revision, polygon, settings)"
    " VALUES(?1, (SELECT coalesce(max(revision), 0) + 1 FROM zone_revision WHERE zone_id=?1),"
    " ?2, ?3) RETURNING revision";
static const char upsert_line[] =
    "INSERT INTO line(camera_id, name, x1, y1, x2, y2) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT(camera_id, name, x1, y1, x2, y2) DO UPDATE SET name=excluded.name RETURNING id";
static const char upsert_run[] =
    "INSERT INTO run(camera_id, identity, start_us, end_us, complete, source, width_px, height_px,"
    " model, settings, utc_offset_us, remeasures, program) VALUES(?1, ?2, ?3, ?3, 0, ?4, ?5, ?6,"
    " ?7, ?8, ?9, ?10, 'dwell " DWELL_VERSION "')"
    " ON CONFLICT(camera_id, identity) DO UPDATE SET start_us=excluded.start_us,"
    " end_us=excluded.end_us, complete=0,"
    " source=excluded.source, width_px=excluded.width_px, height_px=excluded.height_px,"
    " model=excluded.model, settings=excluded.settings, program=excluded.program,"
    " utc_offset_us=excluded.utc_offset_us, remeasures=excluded.remeasures RETURNING id";

/* What an earlier run of the same source left, in an order that its queries can use. */
static const char *const forget[] = {
    "DELETE FROM visit WHERE run_id=?1"
    " AND zone_id IN (SELECT zone_id FROM run_zone WHERE run_id=?1)",
    "DELETE FROM pass WHERE run_id=?1"
    " AND zone_id IN (SELECT zone_id FROM run_zone WHERE run_id=?1)",
    "DELETE FROM crossing WHERE run_id=?1"
    " AND line_id IN (SELECT line_id FROM run_line WHERE run_id=?1)",
    "DELETE FROM open_visit WHERE run_id=?1",
    "DELETE FROM doubt WHERE run_id=?1"
    " AND zone_id IN (SELECT zone_id FROM run_zone WHERE run_id=?1)",
    "DELETE FROM alert WHERE run_id=?1"
    " AND zone_id IN (SELECT zone_id FROM run_zone WHERE run_id=?1)",
    "DELETE FROM gap WHERE run_id=?1",
    "DELETE FROM foot_track WHERE run_id=?1",
    "DELETE FROM rollup WHERE run_id=?1",
    DW_PEAK_FORGET("zone_id IN (SELECT zone_id FROM run_zone WHERE run_id=?1)"),
    "DELETE FROM run_zone WHERE run_id=?1",
    "DELETE FROM run_line WHERE run_id=?1",
};

static int compare_levels(const void *a, const void *b)
{
    const struct dw_levels *one = a, *other = b;
    if (one->run != other->run)
        return one->run < other->run ? -1 : 1;
    return (one->zone_id > other->zone_id) - (one->zone_id < other->zone_id);
}

static void sort_levels(struct dw_store *store)
{
    if (store->levels.count > 0)
        qsort(store->levels.items, store->levels.count, sizeof(*store->levels.items),
              compare_levels);
}

const struct dw_levels *dw_store_find_levels(const struct dw_store *store, int64_t run,
                                             int64_t zone_id)
{
    struct dw_levels key = { .run = run, .zone_id = zone_id };
    if (store->levels.count == 0)
        return NULL;
    return bsearch(&key, store->levels.items, store->levels.count, sizeof(key), compare_levels);
}

static int levels_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                      struct dw_err *err)
{
    (void)context, (void)err;
    dw_vec_push(&store->levels, ((struct dw_levels){ dw_row_integer(row, 0), dw_row_integer(row, 1),
                                                     dw_row_integer(row, 2), dw_row_integer(row, 3),
                                                     dw_row_integer(row, 4) }));
    return 0;
}

int dw_store_load_levels(struct dw_store *store, struct dw_err *err)
{
    dw_vec_clear(&store->levels);
    int result = dw_sql_query(store,
                              "SELECT run_id, zone_id, zone_revision.settings ->> 'stop_us',"
                              " zone_revision.settings ->> 'engage_us', utc_offset_us"
                              " FROM run_zone JOIN zone_revision USING(zone_id, revision)"
                              " JOIN run ON run.id=run_id",
                              DW_NO_VALUES, levels_row, NULL, err);
    sort_levels(store);
    return result;
}

/* What this program knows of an earlier run with this id. */
static void forget_run(struct dw_store *store, int64_t id)
{
    for (size_t i = store->levels.count; i-- > 0;)
        if (store->levels.items[i].run == id)
            dw_vec_remove(&store->levels, i);
    dw_rollups_drop_run(&store->rollups, id);
    for (size_t i = store->runs.count; i-- > 0;)
        if (store->runs.items[i].id == id) {
            dw_run_state_fini(&store->runs.items[i]);
            dw_vec_remove(&store->runs, i);
        }
}

static int forget_measured(struct dw_store *store, int64_t run, struct dw_err *err)
{
    int result = 0;
    for (size_t i = 0; i < DW_LENGTH(forget) && result == 0; i++)
        result = dw_sql_run(store, forget[i], DW_VALUES(DW_INTEGER(run)), NULL, err);
    if (result == 0)
        forget_run(store, run);
    return result;
}

/* The runs made from the foot tracks of this one, which go with them. */
static int forget_remeasured(struct dw_store *store, int64_t run, struct dw_err *err)
{
    for (;;) {
        int64_t again = 0;
        int result = dw_sql_run(store, "SELECT id FROM run WHERE remeasures=?1 ORDER BY id LIMIT 1",
                                DW_VALUES(DW_INTEGER(run)), &again, err);
        if (result < 0 || again == 0)
            return result;
        result = forget_measured(store, again, err);
        if (result == 0)
            result = dw_sql_run(store, "DELETE FROM run WHERE id=?1", DW_VALUES(DW_INTEGER(again)),
                                NULL, err);
        if (result < 0)
            return result;
    }
}

static int add_run(struct dw_store *store, const struct dw_store_run_conf *conf, int64_t camera,
                   struct dw_run_state *run, struct dw_err *err)
{
    int result = dw_sql_run(
        store, upsert_run,
        DW_VALUES(DW_INTEGER(camera), DW_TEXT(conf->identity), DW_INTEGER(conf->start_wall_us),
                  DW_TEXT(conf->source), DW_INTEGER(conf->width_px), DW_INTEGER(conf->height_px),
                  DW_TEXT(conf->model), DW_TEXT(conf->settings), DW_INTEGER(conf->utc_offset_us),
                  conf->remeasures != 0 ? DW_INTEGER(conf->remeasures) : DW_NULL),
        &run->id, err);
    if (result == 0)
        result = forget_remeasured(store, run->id, err);
    return result == 0 ? forget_measured(store, run->id, err) : result;
}

static void write_polygon(struct dw_buf *out, const struct dw_zone *zone)
{
    struct dw_json_writer json = { .out = out };
    dw_json_array_begin(&json, NULL);
    for (size_t i = 0; i < zone->corner_count; i++) {
        dw_json_array_begin(&json, NULL);
        dw_json_real(&json, NULL, zone->corners[i].x, 9);
        dw_json_real(&json, NULL, zone->corners[i].y, 9);
        dw_json_array_end(&json);
    }
    dw_json_array_end(&json);
}

static void write_settings(struct dw_buf *out, const struct dw_zone *zone)
{
    const struct dw_zone_rules *rules = &zone->rules;
    struct dw_json_writer json = { .out = out };
    dw_json_object_begin(&json, NULL);
    dw_json_integer(&json, "enter_after_us", rules->enter_after_us);
    dw_json_integer(&json, "grace_us", rules->grace_us);
    dw_json_integer(&json, "bridge_us", rules->bridge_us);
    dw_json_integer(&json, "link_us", rules->link_us);
    dw_json_integer(&json, "reentry_us", rules->reentry_us);
    dw_json_integer(&json, "min_dwell_us", rules->min_dwell_us);
    dw_json_integer(&json, "stop_us", rules->stop_us);
    dw_json_integer(&json, "engage_us", rules->engage_us);
    dw_json_real(&json, "hysteresis", rules->hysteresis, 6);
    dw_json_string(&json, "anchor", dw_store_anchor_name(rules->anchor));
    dw_json_integer(&json, "target_side", zone->target_side);
    dw_json_object_end(&json);
}

/* Of all that measured the run's pictures, `chosen` alone counts for the zone. */
static int choose(struct dw_store *store, int64_t run, int64_t chosen, int64_t zone_id,
                  struct dw_err *err)
{
    int result = dw_sql_run(
        store,
        "UPDATE run_zone SET superseded=CASE WHEN run_id=?2 THEN 0 ELSE 1 END"
        " WHERE zone_id=?3 AND run_id IN (SELECT id FROM run WHERE id=?1 OR remeasures=?1)",
        DW_VALUES(DW_INTEGER(run), DW_INTEGER(chosen), DW_INTEGER(zone_id)), NULL, err);
    return result == 0 ? dw_sql_run(store, DW_PEAK_FORGET("zone_id=?1"),
                                    DW_VALUES(DW_INTEGER(zone_id)), NULL, err)
                       : result;
}

/* 0: it was never drawn so. */
static int find_revision(struct dw_store *store, int64_t zone_id, const struct dw_zone *zone,
                         bool add, int64_t *revision, struct dw_err *err)
{
    struct dw_buf polygon = { 0 }, settings = { 0 };
    write_polygon(&polygon, zone);
    write_settings(&settings, zone);
    struct dw_sql_values drawn = DW_VALUES(DW_INTEGER(zone_id), DW_TEXT(dw_buf_text(&polygon)),
                                           DW_TEXT(dw_buf_text(&settings)));
    int result = dw_sql_run(store, find_zone_revision, drawn, revision, err);
    if (result == 0 && *revision == 0 && add)
        result = dw_sql_run(store, add_zone_revision, drawn, revision, err);
    dw_buf_fini(&polygon);
    dw_buf_fini(&settings);
    return result;
}

int dw_store_recall(struct dw_store *store, int64_t run, const struct dw_zone *zone,
                    enum dw_store_recall *found, struct dw_err *err)
{
    int64_t id = 0, revision = 0, chosen = 0, superseded = 0;
    bool own = false;
    *found = DW_RECALL_NONE;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_sql_run(store,
                        "SELECT zone.id FROM zone JOIN run USING(camera_id)"
                        " WHERE run.id=?1 AND zone.name=?2",
                        DW_VALUES(DW_INTEGER(run), DW_TEXT(zone->name)), &id, err);
    if (result == 0 && id != 0)
        result = find_revision(store, id, zone, false, &revision, err);
    struct dw_sql_values wanted = DW_VALUES(DW_INTEGER(run), DW_INTEGER(id), DW_INTEGER(revision));
    if (result == 0 && revision != 0)
        result = dw_sql_run(store,
                            "SELECT run_id FROM run_zone JOIN run ON run.id=run_id"
                            " WHERE zone_id=?2 AND revision=?3 AND (run.id=?1 OR remeasures=?1)"
                            " ORDER BY superseded, run_id",
                            wanted, &chosen, err);
    if (result == 0 && chosen != 0)
        result = dw_sql_run(store, "SELECT superseded FROM run_zone WHERE run_id=?1 AND zone_id=?2",
                            DW_VALUES(DW_INTEGER(chosen), DW_INTEGER(id)), &superseded, err);
    if (result == 0 && superseded != 0)
        result = choose(store, run, chosen, id, err);
    if (chosen != 0)
        *found = superseded != 0 ? DW_RECALL_CHANGED : DW_RECALL_CURRENT;
    return dw_sql_leave(store, own, result, err);
}

static int add_zone(struct dw_store *store, const struct dw_zone *zone, int64_t camera,
                    struct dw_run_state *run, struct dw_err *err)
{
    int64_t id = 0, revision = 0;
    int result = dw_sql_run(store, upsert_zone, DW_VALUES(DW_INTEGER(camera), DW_TEXT(zone->name)),
                            &id, err);
    if (result < 0)
        return result;
    for (size_t i = 0; i < run->zone_ids.count; i++)
        if (run->zone_ids.items[i] == id)
            return dw_fail(err, -EINVAL, "zone '%s' is there twice: give each its own name",
                           zone->name);
    dw_vec_push(&run->zone_ids, id);
    result = find_revision(store, id, zone, true, &revision, err);
    if (result < 0)
        return result;
    dw_vec_push(&store->levels, ((struct dw_levels){ run->id, id, zone->rules.stop_us,
                                                     zone->rules.engage_us, run->utc_offset_us }));
    return dw_sql_run(store, "INSERT INTO run_zone(run_id, zone_id, revision) VALUES(?1, ?2, ?3)",
                      DW_VALUES(DW_INTEGER(run->id), DW_INTEGER(id), DW_INTEGER(revision)), NULL,
                      err);
}

static int add_line(struct dw_store *store, const struct dw_line *line, int64_t camera,
                    struct dw_run_state *run, struct dw_err *err)
{
    int64_t id = 0;
    int result =
        dw_sql_run(store, upsert_line,
                   DW_VALUES(DW_INTEGER(camera), DW_TEXT(line->name), DW_REAL(line->start.x),
                             DW_REAL(line->start.y), DW_REAL(line->end.x), DW_REAL(line->end.y)),
                   &id, err);
    if (result < 0)
        return result;
    dw_vec_push(&run->line_ids, id);
    return dw_sql_run(store,
                      "INSERT INTO run_line(run_id, line_id) VALUES(?1, ?2)"
                      " ON CONFLICT(run_id, line_id) DO NOTHING",
                      DW_VALUES(DW_INTEGER(run->id), DW_INTEGER(id)), NULL, err);
}

static int add_all(struct dw_store *store, const struct dw_store_run_conf *conf,
                   struct dw_run_state *run, struct dw_err *err)
{
    int64_t site = 0, camera = 0;
    int result = dw_sql_run(store, upsert_site, DW_VALUES(DW_TEXT(conf->site)), &site, err);
    if (result == 0)
        result = dw_sql_run(store, upsert_camera,
                            DW_VALUES(DW_INTEGER(site), DW_TEXT(conf->camera)), &camera, err);
    if (result == 0)
        result = add_run(store, conf, camera, run, err);
    for (size_t i = 0; i < conf->layout->zone_count && result == 0; i++)
        result = add_zone(store, &conf->layout->zones[i], camera, run, err);
    for (size_t i = 0; i < run->zone_ids.count && conf->remeasures != 0 && result == 0; i++)
        result = choose(store, conf->remeasures, run->id, run->zone_ids.items[i], err);
    for (size_t i = 0; i < conf->layout->line_count && result == 0; i++)
        result = add_line(store, &conf->layout->lines[i], camera, run, err);
    return result;
}

void dw_run_state_fini(struct dw_run_state *run)
{
    for (size_t i = 0; run->people != NULL && i < run->zone_ids.count; i++)
        free(run->people[i]);
    free(run->people);
    dw_vec_fini(&run->zone_ids);
    dw_vec_fini(&run->line_ids);
}

int dw_store_run_begin(struct dw_store *store, const struct dw_store_run_conf *conf, int64_t *run,
                       struct dw_err *err)
{
    struct dw_run_state fresh = { .start_us = conf->start_wall_us,
                                  .utc_offset_us = conf->utc_offset_us };
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_rollup_flush(store, err); /* of an earlier run with this id: it goes with it */
    if (result == 0)
        result = add_all(store, conf, &fresh, err);
    result = dw_sql_leave(store, own, result, err);
    if (result < 0) {
        dw_run_state_fini(&fresh);
        return result;
    }
    sort_levels(store);
    fresh.people = dw_alloc_array0(fresh.zone_ids.count + 1, sizeof(struct dw_people *));
    dw_vec_push(&store->runs, fresh);
    *run = fresh.id;
    return 0;
}

int dw_store_rename_site(struct dw_store *store, const char *former, const char *name,
                         struct dw_err *err)
{
    static const char find[] = "SELECT id FROM site WHERE name=?1";
    int64_t site = 0, other = 0;
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_sql_run(store, find, DW_VALUES(DW_TEXT(former)), &site, err);
    if (result == 0)
        result = dw_sql_run(store, find, DW_VALUES(DW_TEXT(name)), &other, err);
    if (result == 0 && site != 0 && other != 0 && other != site)
        result =
            dw_fail(err, -EEXIST, "store '%s' has visits of another site '%s': choose another name",
                    store->name, name);
    if (result == 0 && site != 0)
        result = dw_sql_run(store, "UPDATE site SET name=?2 WHERE id=?1",
                            DW_VALUES(DW_INTEGER(site), DW_TEXT(name)), NULL, err);
    return dw_sql_leave(store, own, result, err);
}

struct dw_run_state *dw_store_find_run(struct dw_store *store, int64_t id, struct dw_err *err)
{
    for (size_t i = store->runs.count; i-- > 0;)
        if (store->runs.items[i].id == id)
            return &store->runs.items[i];
    (void)dw_fail(err, -EINVAL, "store '%s': run %lld was not begun by this program", store->name,
                  (long long)id);
    return NULL;
}

void dw_run_forget_first(struct dw_store *store, const struct dw_people_mark *mark)
{
    uint64_t place = (uint64_t)mark->person % DW_PEOPLE_KEPT;
    struct dw_run_state *run = dw_store_find_run(store, mark->run, NULL);
    if (run != NULL && run->people[mark->zone] != NULL)
        run->people[mark->zone]->bits[place / 64] &= ~(UINT64_C(1) << place % 64);
}

bool dw_run_is_first(struct dw_store *store, struct dw_run_state *run, int zone, int64_t person)
{
    if (run->people[zone] == NULL)
        run->people[zone] = dw_alloc0(sizeof(struct dw_people));
    struct dw_people *people = run->people[zone];
    if (person >= people->highest + DW_PEOPLE_KEPT) {
        memset(people->bits, 0, sizeof(people->bits));
        people->highest = person;
    }
    while (people->highest < person) {
        uint64_t place = (uint64_t)++people->highest % DW_PEOPLE_KEPT;
        people->bits[place / 64] &= ~(UINT64_C(1) << place % 64);
    }
    if (person <= people->highest - DW_PEOPLE_KEPT)
        return true; /* so long ago that nobody knows */
    uint64_t place = (uint64_t)person % DW_PEOPLE_KEPT, bit = UINT64_C(1) << place % 64;
    bool first = (people->bits[place / 64] & bit) == 0;
    people->bits[place / 64] |= bit;
    if (first)
        dw_vec_push(&store->marks, ((struct dw_people_mark){ run->id, person, zone }));
    return first;
}

int dw_store_run_measured(struct dw_store *store, int64_t run_id, int64_t end_us, bool complete,
                          struct dw_err *err)
{
    struct dw_run_state *run = dw_store_find_run(store, run_id, err);
    bool own = false;
    if (run == NULL)
        return -EINVAL;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    struct dw_time_span more = { run->start_us, run->start_us + DW_MAX(end_us, 0) };
    result = dw_sql_run(store, "SELECT end_us FROM run WHERE id=?1", DW_VALUES(DW_INTEGER(run_id)),
                        &more.start_us, err);
    if (result == 0)
        result = dw_sql_run(
            store, "UPDATE run SET end_us=?2, complete=?3 WHERE id=?1",
            DW_VALUES(DW_INTEGER(run_id), DW_INTEGER(more.end_us), DW_INTEGER(complete ? 1 : 0)),
            NULL, err);
    if (result == 0)
        dw_rollup_cover(store, run_id, run->utc_offset_us, DW_COVER_SCHEDULED, more);
    if (result == 0 && complete)
        result = dw_store_settle(store, run->start_us - SETTLED_BACK_US, err);
    return dw_sql_leave(store, own, result, err);
}
