/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables, as numbered steps: a database's user_version says how many it has taken. A step that
 * was released is never changed; a change is a new step at the end.
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>

#include "store/store_peak.h"
#include "store/store_sqlite.h"

/* "DWEL": tells our files from other SQLite files (file(1) shows it). */
#define APPLICATION_ID 0x4457454c

/*
 * What docs/visit-model.md calls the record. Clustered on zone and time: every report reads a span
 * of time of a zone. `run_id` gives revision, settings and program.
 */
#define STAY_COLUMNS                                                                               \
    "("                                                                                            \
    " zone_id INTEGER NOT NULL REFERENCES zone(id),"                                               \
    " enter_us INTEGER NOT NULL,"                                                                  \
    " uid BLOB NOT NULL CHECK(length(uid) = 16),"                                                  \
    " exit_us INTEGER NOT NULL CHECK(exit_us >= enter_us),"                                        \
    " run_id INTEGER NOT NULL REFERENCES run(id),"                                                 \
    " person INTEGER NOT NULL,"                                                                    \
    " dwell_us INTEGER NOT NULL,"                                                                  \
    " observed_us INTEGER NOT NULL,"                                                               \
    " bridged_us INTEGER NOT NULL,"                                                                \
    " links INTEGER NOT NULL,"                                                                     \
    " cut_start INTEGER NOT NULL,"                                                                 \
    " cut_end INTEGER NOT NULL,"                                                                   \
    " end_reason TEXT NOT NULL,"                                                                   \
    " enter_side INTEGER NOT NULL,"                                                                \
    " exit_side INTEGER NOT NULL,"                                                                 \
    " score REAL NOT NULL,"                                                                        \
    " role TEXT NOT NULL,"                                                                         \
    " role_p REAL NOT NULL,"                                                                       \
    " facing_us INTEGER,"                                                                          \
    " speed_avg REAL,"                                                                             \
    " speed_min REAL,"                                                                             \
    " PRIMARY KEY(zone_id, enter_us, uid)) STRICT, WITHOUT ROWID;"

#define QUALITY                                                                                    \
    "(CASE WHEN dwell_us > 0"                                                                      \
    " THEN observed_us * score / dwell_us / (1 + links / 4.0) ELSE 0.0 END) VIRTUAL"

static const char *const migrations[] = {
    /* 1: where, when and by what was measured. */
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO meta VALUES('made_by', 'dwell " DWELL_VERSION "');"
    "CREATE TABLE site(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE camera("
    " id INTEGER PRIMARY KEY,"
    " site_id INTEGER NOT NULL REFERENCES site(id),"
    " name TEXT NOT NULL,"
    " UNIQUE(site_id, name)) STRICT;"
    "CREATE TABLE zone("
    " id INTEGER PRIMARY KEY,"
    " camera_id INTEGER NOT NULL REFERENCES camera(id),"
    " name TEXT NOT NULL,"
    " UNIQUE(camera_id, name)) STRICT;"
    /* A shape with its settings; drawn the same way again it is the same revision. */
    "CREATE TABLE zone_revision("
    " zone_id INTEGER NOT NULL REFERENCES zone(id),"
    " revision INTEGER NOT NULL,"
    " polygon TEXT NOT NULL CHECK(json_valid(polygon)),"
    " settings TEXT NOT NULL CHECK(json_valid(settings)),"
    " PRIMARY KEY(zone_id, revision),"
    " UNIQUE(zone_id, polygon, settings)) STRICT;"
    "CREATE TABLE line("
    " id INTEGER PRIMARY KEY,"
    " camera_id INTEGER NOT NULL REFERENCES camera(id),"
    " name TEXT NOT NULL,"
    " x1 REAL NOT NULL, y1 REAL NOT NULL, x2 REAL NOT NULL, y2 REAL NOT NULL,"
    " UNIQUE(camera_id, name, x1, y1, x2, y2)) STRICT;"
    "CREATE TABLE run("
    " id INTEGER PRIMARY KEY,"
    " camera_id INTEGER NOT NULL REFERENCES camera(id),"
    " identity TEXT NOT NULL,"
    " start_us INTEGER NOT NULL,"
    " end_us INTEGER NOT NULL,"
    " complete INTEGER NOT NULL,"
    " source TEXT NOT NULL,"
    " width_px INTEGER NOT NULL,"
    " height_px INTEGER NOT NULL,"
    " model TEXT NOT NULL,"
    " settings TEXT NOT NULL,"
    " program TEXT NOT NULL,"
    " UNIQUE(camera_id, identity)) STRICT;"
    "CREATE TABLE run_zone("
    " run_id INTEGER NOT NULL REFERENCES run(id),"
    " zone_id INTEGER NOT NULL,"
    " revision INTEGER NOT NULL,"
    " PRIMARY KEY(run_id, zone_id),"
    " FOREIGN KEY(zone_id, revision) REFERENCES zone_revision) STRICT, WITHOUT ROWID;"
    "CREATE TABLE run_line("
    " run_id INTEGER NOT NULL REFERENCES run(id),"
    " line_id INTEGER NOT NULL REFERENCES line(id),"
    " PRIMARY KEY(run_id, line_id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE gap("
    " run_id INTEGER NOT NULL REFERENCES run(id),"
    " start_us INTEGER NOT NULL,"
    " end_us INTEGER NOT NULL CHECK(end_us >= start_us),"
    " reason TEXT NOT NULL,"
    " PRIMARY KEY(run_id, start_us)) STRICT, WITHOUT ROWID;",

    /* 2: what was measured: stays of min_dwell or longer, shorter ones, those of people still
     * inside; crossings, foot tracks, and what is to be sent on. */
    "CREATE TABLE visit" STAY_COLUMNS "CREATE TABLE pass" STAY_COLUMNS
    "CREATE TABLE open_visit" STAY_COLUMNS "CREATE TABLE crossing("
    " line_id INTEGER NOT NULL REFERENCES line(id),"
    " time_us INTEGER NOT NULL,"
    " run_id INTEGER NOT NULL REFERENCES run(id),"
    " person INTEGER NOT NULL,"
    " to_right INTEGER NOT NULL,"
    " score REAL NOT NULL,"
    " PRIMARY KEY(line_id, time_us, run_id, person)) STRICT, WITHOUT ROWID;"
    /* Points as foot_codec.h says. */
    "CREATE TABLE foot_track("
    " id INTEGER PRIMARY KEY,"
    " run_id INTEGER NOT NULL REFERENCES run(id),"
    " start_us INTEGER NOT NULL,"
    " person INTEGER NOT NULL,"
    " points BLOB NOT NULL,"
    " UNIQUE(run_id, start_us, person)) STRICT;"
    /* Whoever sends visits on keeps a cursor here; without one nothing queues up. */
    "CREATE TABLE sender(name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE outbox("
    " seq INTEGER PRIMARY KEY AUTOINCREMENT,"
    " kind TEXT NOT NULL,"
    " zone_id INTEGER NOT NULL,"
    " enter_us INTEGER NOT NULL,"
    " uid BLOB NOT NULL) STRICT;"
    "CREATE TRIGGER visit_to_outbox AFTER INSERT ON visit"
    " WHEN EXISTS(SELECT 1 FROM sender) BEGIN"
    " INSERT INTO outbox(kind, zone_id, enter_us, uid)"
    " VALUES('visit', new.zone_id, new.enter_us, new.uid);"
    "END;",

    /* 3: how far to believe a visit (dw_visit_quality), and the visits as they would have been with
     * other settings (core/doubt.h). */
    "ALTER TABLE visit ADD COLUMN quality REAL GENERATED ALWAYS AS " QUALITY ";"
    "ALTER TABLE pass ADD COLUMN quality REAL GENERATED ALWAYS AS " QUALITY ";"
    "CREATE TABLE doubt("
    " zone_id INTEGER NOT NULL REFERENCES zone(id),"
    " enter_us INTEGER NOT NULL,"
    " run_id INTEGER NOT NULL REFERENCES run(id),"
    " variant TEXT NOT NULL,"
    " person INTEGER NOT NULL,"
    " dwell_us INTEGER NOT NULL,"
    " cut INTEGER NOT NULL,"
    " PRIMARY KEY(zone_id, enter_us, run_id, variant, person)) STRICT, WITHOUT ROWID;",

    /* 4: roll-ups (rollup.h; by time, as every question asks for all zones of a span; made from
     * what is there by dw_store_rebuild() after this), what they count people by, and up to when
     * the rows of a kind (store_care.h) have been pruned. */
    "ALTER TABLE visit ADD COLUMN first INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE pass ADD COLUMN first INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE open_visit ADD COLUMN first INTEGER NOT NULL DEFAULT 0;"
    "UPDATE visit SET first=0 WHERE (zone_id, enter_us, uid) IN (SELECT zone_id, enter_us, uid"
    " FROM (SELECT zone_id, enter_us, uid, row_number() OVER (PARTITION BY zone_id, run_id, person"
    " ORDER BY enter_us, uid) AS turn FROM visit) WHERE turn > 1);"
    "ALTER TABLE run ADD COLUMN utc_offset_us INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE rollup("
    " kind INTEGER NOT NULL,"
    " subject INTEGER NOT NULL,"
    " first_quarter INTEGER NOT NULL,"
    " run_id INTEGER NOT NULL REFERENCES run(id),"
    " role INTEGER NOT NULL,"
    " data BLOB NOT NULL,"
    " UNIQUE(first_quarter, kind, subject, run_id, role)) STRICT;"
    "CREATE INDEX rollup_run ON rollup(run_id);"
    "CREATE TABLE pruned(kind TEXT PRIMARY KEY, before_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

    /* 5: which run was measured again by this one, and what no longer counts for that. */
    "ALTER TABLE run ADD COLUMN remeasures INTEGER;"
    "ALTER TABLE run_zone ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX run_zone_superseded ON run_zone(run_id, zone_id) WHERE superseded=1;",

    /* 6: alerts, and which of them nobody has cleared. */
    "CREATE TABLE alert("
    " zone_id INTEGER NOT NULL REFERENCES zone(id),"
    " raised_us INTEGER NOT NULL,"
    " uid BLOB NOT NULL CHECK(length(uid) = 16),"
    " run_id INTEGER NOT NULL REFERENCES run(id),"
    " name TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " person INTEGER NOT NULL,"
    " people INTEGER NOT NULL,"
    " since_us INTEGER NOT NULL,"
    " told INTEGER NOT NULL,"
    " cleared_us INTEGER,"
    " end_reason TEXT,"
    " PRIMARY KEY(zone_id, raised_us, uid)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX alert_lasting ON alert(run_id) WHERE cleared_us IS NULL;",

    /* 7: a trigger made each insertion half as dear again; sql_write.c fills the outbox. The most
     * people at once in a zone on a day that is over (store_peak.h), staff counted or not. */
    "DROP TRIGGER IF EXISTS visit_to_outbox;"
    "CREATE TABLE peak("
    " zone_id INTEGER NOT NULL REFERENCES zone(id),"
    " first_quarter INTEGER NOT NULL,"
    " staff INTEGER NOT NULL,"
    " people INTEGER NOT NULL,"
    " at_us INTEGER NOT NULL,"
    " PRIMARY KEY(zone_id, first_quarter, staff)) STRICT, WITHOUT ROWID;",

    /* 8: tables that grow name no others, as with PostgreSQL: each visit looked up two rows that
     * the writer knows. Taking a constraint away so is SQLite's own advice (lang_altertable.html,
     * part 7). The outbox counts by itself (KEEP_NEWEST in sql_care.c): AUTOINCREMENT wrote another
     * page with each visit. */
    "PRAGMA writable_schema=ON;"
    "UPDATE sqlite_schema SET sql=replace(replace(replace(sql, ' REFERENCES zone(id)', ''),"
    " ' REFERENCES run(id)', ''), ' REFERENCES line(id)', '') WHERE type='table' AND name IN"
    " ('visit', 'pass', 'open_visit', 'crossing', 'foot_track', 'doubt', 'rollup', 'alert',"
    " 'peak');"
    "PRAGMA writable_schema=RESET;"
    "UPDATE sender SET seq=min(seq, (SELECT coalesce(max(seq), 0) FROM outbox));"
    "CREATE TABLE outbox_counting("
    " seq INTEGER PRIMARY KEY,"
    " kind TEXT NOT NULL,"
    " zone_id INTEGER NOT NULL,"
    " enter_us INTEGER NOT NULL,"
    " uid BLOB NOT NULL) STRICT;"
    "INSERT INTO outbox_counting SELECT seq, kind, zone_id, enter_us, uid FROM outbox;"
    "DROP TABLE outbox;"
    "ALTER TABLE outbox_counting RENAME TO outbox;",

    /* 9: what nothing read: SQLite worked out a virtual column at each insertion, an eighth of it,
     * and PostgreSQL's tables have none. No row is written for this. */
    "ALTER TABLE visit DROP COLUMN quality; ALTER TABLE pass DROP COLUMN quality;",
};

/* The first format that has roll-ups: an older store's are made when it has been migrated. */
#define ROLLED_UP 4

static int migrate_one(struct dw_store *store, const char *sql, size_t version, struct dw_err *err)
{
    char stamp[96];
    snprintf(stamp, sizeof(stamp), "PRAGMA application_id=%d; PRAGMA user_version=%zu",
             APPLICATION_ID, version);
    bool own = false;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = store->impl->exec(store, sql, err);
    if (result == 0)
        result = store->impl->exec(store, stamp, err);
    return dw_sql_leave(store, own, result, err);
}

int dw_sqlite_migrate(struct dw_store *store, const char *const *steps, size_t count,
                      struct dw_err *err)
{
    int64_t version = 0;
    int result = dw_sql_run(store, "PRAGMA user_version", DW_NO_VALUES, &version, err);
    for (size_t i = (size_t)version; i < count && result == 0; i++)
        result = migrate_one(store, steps[i], i + 1, err);
    return result;
}

/* All of it or nothing: a store without its roll-ups would be taken for one with none. */
static int migrate(struct dw_store *store, int64_t version, struct dw_err *err)
{
    bool own = false;
    if (version == DW_LENGTH(migrations))
        return 0;
    int result = dw_sql_enter(store, &own, err);
    if (result < 0)
        return result;
    result = dw_sqlite_migrate(store, migrations, DW_LENGTH(migrations), err);
    if (result == 0 && version > 0 && version < ROLLED_UP)
        result = dw_store_rebuild(store, err);
    else if (result == 0 && version > 0 && version < DW_SETTLED_FORMAT)
        result = dw_store_settle(store, INT64_MIN, err);
    return dw_sql_leave(store, own, result, err);
}

int dw_sqlite_prepare_schema(struct dw_store *store, bool writable, struct dw_err *err)
{
    int64_t application = 0, version = 0, tables = 0, newest = DW_LENGTH(migrations);
    int result = dw_sql_run(store, "PRAGMA application_id", DW_NO_VALUES, &application, err);
    if (result == 0)
        result = dw_sql_run(store, "PRAGMA user_version", DW_NO_VALUES, &version, err);
    if (result == 0)
        result =
            dw_sql_run(store, "SELECT count(*) FROM sqlite_schema", DW_NO_VALUES, &tables, err);
    if (result < 0)
        return result;
    bool empty = application == 0 && version == 0 && tables == 0;
    if (application != APPLICATION_ID && !(empty && writable))
        return dw_fail(err, -EINVAL,
                       "store '%s' is not a Dwell store%s: give the path of one, or of a new file",
                       store->name, empty ? " (it is empty)" : " but another program's database");
    if (version > newest)
        return dw_fail(err, -ENOTSUP,
                       "store '%s' was written by a newer dwell (format %lld, this one knows up to "
                       "%lld): update dwell",
                       store->name, (long long)version, (long long)newest);
    if (version < newest && !writable)
        return dw_fail(err, -ENOTSUP,
                       "store '%s' was written by an older dwell (format %lld, this one reads "
                       "%lld): run dwell analyze with --store once to update it",
                       store->name, (long long)version, (long long)newest);
    return writable ? migrate(store, version, err) : 0;
}
