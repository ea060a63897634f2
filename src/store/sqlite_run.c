/* SPDX-License-Identifier: Apache-2.0 */
/* Runs, and the sites, cameras, zones and lines they measure. */
#include <errno.h>
#include <string.h>

#include "base/json_writer.h"
#include "store/sqlite_impl.h"

/* Each finds or makes a row and yields its id; the update changes nothing but makes it yield. */
static const char upsert_site[] =
    "INSERT INTO site(name) VALUES(?1) ON CONFLICT(name) DO UPDATE SET name=name RETURNING id";
static const char upsert_camera[] =
    "INSERT INTO camera(site_id, name) VALUES(?1, ?2)"
    " ON CONFLICT(site_id, name) DO UPDATE SET name=name RETURNING id";
static const char upsert_zone[] =
    "INSERT INTO zone(camera_id, name) VALUES(?1, ?2)"
    " ON CONFLICT(camera_id, name) DO UPDATE SET name=name RETURNING id";
static const char upsert_zone_revision[] =
    "INSERT INTO zone_revision(zone_id, revision, polygon, settings)"
    " VALUES(?1, (SELECT coalesce(max(revision), 0) + 1 FROM zone_revision WHERE zone_id=?1),"
    " ?2, ?3) ON CONFLICT(zone_id, polygon, settings) DO UPDATE SET polygon=polygon"
    " RETURNING revision";
static const char upsert_line[] =
    "INSERT INTO line(camera_id, name, x1, y1, x2, y2) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT(camera_id, name, x1, y1, x2, y2) DO UPDATE SET name=name RETURNING id";
static const char upsert_run[] =
    "INSERT INTO run(camera_id, identity, start_us, end_us, complete, source, width_px, height_px,"
    " model, settings, program) VALUES(?1, ?2, ?3, ?3, 0, ?4, ?5, ?6, ?7, ?8,"
    " 'dwell " DWELL_VERSION "')"
    " ON CONFLICT(camera_id, identity) DO UPDATE SET start_us=excluded.start_us,"
    " end_us=excluded.end_us, complete=0,"
    " source=excluded.source, width_px=excluded.width_px, height_px=excluded.height_px,"
    " model=excluded.model, settings=excluded.settings, program=excluded.program RETURNING id";

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
    "DELETE FROM gap WHERE run_id=?1",
    "DELETE FROM foot_track WHERE run_id=?1",
    "DELETE FROM run_zone WHERE run_id=?1",
    "DELETE FROM run_line WHERE run_id=?1",
};

static int add_run(struct dw_sqlite *self, const struct dw_store_run_conf *conf, int64_t camera,
                   struct dw_sqlite_run *run, struct dw_err *err)
{
    int result = dw_sqlite_run(self, upsert_run,
                               DW_VALUES(DW_INTEGER(camera), DW_TEXT(conf->identity),
                                         DW_INTEGER(conf->start_wall_us), DW_TEXT(conf->source),
                                         DW_INTEGER(conf->width_px), DW_INTEGER(conf->height_px),
                                         DW_TEXT(conf->model), DW_TEXT(conf->settings)),
                               &run->id, err);
    for (size_t i = 0; i < DW_LENGTH(forget) && result == 0; i++)
        result = dw_sqlite_run(self, forget[i], DW_VALUES(DW_INTEGER(run->id)), NULL, err);
    return result;
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
    dw_json_string(&json, "anchor", dw_sqlite_anchor_name(rules->anchor));
    dw_json_integer(&json, "target_side", zone->target_side);
    dw_json_object_end(&json);
}

static int add_zone(struct dw_sqlite *self, const struct dw_zone *zone, int64_t camera,
                    struct dw_sqlite_run *run, struct dw_err *err)
{
    int64_t id = 0, revision = 0;
    int result = dw_sqlite_run(self, upsert_zone,
                               DW_VALUES(DW_INTEGER(camera), DW_TEXT(zone->name)), &id, err);
    if (result < 0)
        return result;
    for (size_t i = 0; i < run->zone_ids.count; i++)
        if (run->zone_ids.items[i] == id)
            return dw_fail(err, -EINVAL, "zone '%s' is there twice: give each its own name",
                           zone->name);
    dw_vec_push(&run->zone_ids, id);
    struct dw_buf polygon = { 0 }, settings = { 0 };
    write_polygon(&polygon, zone);
    write_settings(&settings, zone);
    result = dw_sqlite_run(
        self, upsert_zone_revision,
        DW_VALUES(DW_INTEGER(id), DW_TEXT(dw_buf_text(&polygon)), DW_TEXT(dw_buf_text(&settings))),
        &revision, err);
    dw_buf_fini(&polygon);
    dw_buf_fini(&settings);
    if (result < 0)
        return result;
    return dw_sqlite_run(self, "INSERT INTO run_zone(run_id, zone_id, revision) VALUES(?1, ?2, ?3)",
                         DW_VALUES(DW_INTEGER(run->id), DW_INTEGER(id), DW_INTEGER(revision)), NULL,
                         err);
}

static int add_line(struct dw_sqlite *self, const struct dw_line *line, int64_t camera,
                    struct dw_sqlite_run *run, struct dw_err *err)
{
    int64_t id = 0;
    int result =
        dw_sqlite_run(self, upsert_line,
                      DW_VALUES(DW_INTEGER(camera), DW_TEXT(line->name), DW_REAL(line->start.x),
                                DW_REAL(line->start.y), DW_REAL(line->end.x), DW_REAL(line->end.y)),
                      &id, err);
    if (result < 0)
        return result;
    dw_vec_push(&run->line_ids, id);
    return dw_sqlite_run(self, "INSERT OR IGNORE INTO run_line(run_id, line_id) VALUES(?1, ?2)",
                         DW_VALUES(DW_INTEGER(run->id), DW_INTEGER(id)), NULL, err);
}

static int add_all(struct dw_sqlite *self, const struct dw_store_run_conf *conf,
                   struct dw_sqlite_run *run, struct dw_err *err)
{
    int64_t site = 0, camera = 0;
    int result = dw_sqlite_run(self, upsert_site, DW_VALUES(DW_TEXT(conf->site)), &site, err);
    if (result == 0)
        result = dw_sqlite_run(self, upsert_camera,
                               DW_VALUES(DW_INTEGER(site), DW_TEXT(conf->camera)), &camera, err);
    if (result == 0)
        result = add_run(self, conf, camera, run, err);
    for (size_t i = 0; i < conf->layout->zone_count && result == 0; i++)
        result = add_zone(self, &conf->layout->zones[i], camera, run, err);
    for (size_t i = 0; i < conf->layout->line_count && result == 0; i++)
        result = add_line(self, &conf->layout->lines[i], camera, run, err);
    return result;
}

static void forget_run(struct dw_sqlite *self, int64_t id)
{
    for (size_t i = 0; i < self->runs.count; i++) {
        struct dw_sqlite_run *run = &self->runs.items[i];
        if (run->id != id)
            continue;
        dw_sqlite_run_fini(run);
        dw_vec_remove(&self->runs, i);
        return;
    }
}

void dw_sqlite_run_fini(struct dw_sqlite_run *run)
{
    dw_vec_fini(&run->zone_ids);
    dw_vec_fini(&run->line_ids);
}

int dw_sqlite_run_begin(struct dw_store *store, const struct dw_store_run_conf *conf, int64_t *run,
                        struct dw_err *err)
{
    struct dw_sqlite *self = (struct dw_sqlite *)store;
    struct dw_sqlite_run fresh = { .start_us = conf->start_wall_us };
    bool own = false;
    int result = dw_sqlite_enter(self, &own, err);
    if (result < 0)
        return result;
    result = dw_sqlite_leave(self, own, add_all(self, conf, &fresh, err), err);
    if (result < 0) {
        dw_sqlite_run_fini(&fresh);
        return result;
    }
    forget_run(self, fresh.id);
    dw_vec_push(&self->runs, fresh);
    *run = fresh.id;
    return 0;
}

int dw_sqlite_find_run(struct dw_sqlite *self, int64_t id, const struct dw_sqlite_run **run,
                       struct dw_err *err)
{
    for (size_t i = 0; i < self->runs.count; i++)
        if (self->runs.items[i].id == id) {
            *run = &self->runs.items[i];
            return 0;
        }
    return dw_fail(err, -EINVAL, "store '%s': run %lld was not begun by this program", self->path,
                   (long long)id);
}

int dw_sqlite_run_measured(struct dw_store *store, int64_t run, int64_t end_us, bool complete,
                           struct dw_err *err)
{
    return dw_sqlite_run(
        (struct dw_sqlite *)store,
        "UPDATE run SET end_us=start_us + max(?2, 0), complete=?3 WHERE id=?1",
        DW_VALUES(DW_INTEGER(run), DW_INTEGER(end_us), DW_INTEGER(complete ? 1 : 0)), NULL, err);
}
