/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres_schema.h"

#include "base/macros.h"

#define STAY_COLUMNS                                                                               \
    "("                                                                                            \
    " zone_id BIGINT NOT NULL,"                                                                    \
    " enter_us BIGINT NOT NULL,"                                                                   \
    " uid BYTEA NOT NULL CHECK(length(uid) = 16),"                                                 \
    " exit_us BIGINT NOT NULL CHECK(exit_us >= enter_us),"                                         \
    " run_id BIGINT NOT NULL,"                                                                     \
    " person BIGINT NOT NULL,"                                                                     \
    " dwell_us BIGINT NOT NULL,"                                                                   \
    " observed_us BIGINT NOT NULL,"                                                                \
    " bridged_us BIGINT NOT NULL,"                                                                 \
    " links INTEGER NOT NULL,"                                                                     \
    " cut_start SMALLINT NOT NULL,"                                                                \
    " cut_end SMALLINT NOT NULL,"                                                                  \
    " end_reason TEXT NOT NULL,"                                                                   \
    " enter_side SMALLINT NOT NULL,"                                                               \
    " exit_side SMALLINT NOT NULL,"                                                                \
    " score DOUBLE PRECISION NOT NULL,"                                                            \
    " role TEXT NOT NULL,"                                                                         \
    " role_p DOUBLE PRECISION NOT NULL,"                                                           \
    " facing_us BIGINT,"                                                                           \
    " speed_avg DOUBLE PRECISION,"                                                                 \
    " speed_min DOUBLE PRECISION,"                                                                 \
    " first SMALLINT NOT NULL,"                                                                    \
    " PRIMARY KEY(zone_id, enter_us, uid))"

/* Names sort as bytes, on every server. */
#define NAME "TEXT COLLATE \"C\" NOT NULL"
#define ID "BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY"

const struct dw_postgres_step dw_postgres_steps[] = {
    { 4, "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);"
         "INSERT INTO meta VALUES('made_by', 'dwell " DWELL_VERSION "');"
         "CREATE TABLE site(id " ID ", name " NAME " UNIQUE);"
         "CREATE TABLE camera(id " ID ", site_id BIGINT NOT NULL REFERENCES site, name " NAME ","
         " UNIQUE(site_id, name));"
         "CREATE TABLE zone(id " ID ", camera_id BIGINT NOT NULL REFERENCES camera, name " NAME ","
         " UNIQUE(camera_id, name));"
         "CREATE TABLE zone_revision("
         " zone_id BIGINT NOT NULL REFERENCES zone,"
         " revision BIGINT NOT NULL,"
         " polygon JSONB NOT NULL,"
         " settings JSONB NOT NULL,"
         " PRIMARY KEY(zone_id, revision));"
         "CREATE TABLE line(id " ID ", camera_id BIGINT NOT NULL REFERENCES camera, name " NAME ","
         " x1 DOUBLE PRECISION NOT NULL, y1 DOUBLE PRECISION NOT NULL,"
         " x2 DOUBLE PRECISION NOT NULL, y2 DOUBLE PRECISION NOT NULL,"
         " UNIQUE(camera_id, name, x1, y1, x2, y2));"
         "CREATE TABLE run("
         " id " ID ","
         " camera_id BIGINT NOT NULL REFERENCES camera,"
         " identity TEXT NOT NULL,"
         " start_us BIGINT NOT NULL,"
         " end_us BIGINT NOT NULL,"
         " complete SMALLINT NOT NULL,"
         " source TEXT NOT NULL,"
         " width_px INTEGER NOT NULL,"
         " height_px INTEGER NOT NULL,"
         " model TEXT NOT NULL,"
         " settings TEXT NOT NULL,"
         " program TEXT NOT NULL,"
         " utc_offset_us BIGINT NOT NULL,"
         " UNIQUE(camera_id, identity));"
         "CREATE TABLE run_zone("
         " run_id BIGINT NOT NULL REFERENCES run,"
         " zone_id BIGINT NOT NULL,"
         " revision BIGINT NOT NULL,"
         " PRIMARY KEY(run_id, zone_id),"
         " FOREIGN KEY(zone_id, revision) REFERENCES zone_revision);"
         "CREATE TABLE run_line("
         " run_id BIGINT NOT NULL REFERENCES run,"
         " line_id BIGINT NOT NULL REFERENCES line,"
         " PRIMARY KEY(run_id, line_id));"
         "CREATE TABLE gap("
         " run_id BIGINT NOT NULL REFERENCES run,"
         " start_us BIGINT NOT NULL,"
         " end_us BIGINT NOT NULL CHECK(end_us >= start_us),"
         " reason TEXT NOT NULL,"
         " PRIMARY KEY(run_id, start_us));" },
    { 4, "CREATE TABLE visit" STAY_COLUMNS " PARTITION BY RANGE(enter_us);"
         "CREATE TABLE pass" STAY_COLUMNS " PARTITION BY RANGE(enter_us);"
         "CREATE TABLE open_visit" STAY_COLUMNS ";"
         "CREATE TABLE crossing("
         " line_id BIGINT NOT NULL,"
         " time_us BIGINT NOT NULL,"
         " run_id BIGINT NOT NULL,"
         " person BIGINT NOT NULL,"
         " to_right SMALLINT NOT NULL,"
         " score DOUBLE PRECISION NOT NULL,"
         " PRIMARY KEY(line_id, time_us, run_id, person));"
         "CREATE TABLE foot_track("
         " id " ID ","
         " run_id BIGINT NOT NULL,"
         " start_us BIGINT NOT NULL,"
         " person BIGINT NOT NULL,"
         " points BYTEA NOT NULL,"
         " UNIQUE(run_id, start_us, person));"
         "CREATE TABLE doubt("
         " zone_id BIGINT NOT NULL,"
         " enter_us BIGINT NOT NULL,"
         " run_id BIGINT NOT NULL,"
         " variant TEXT NOT NULL,"
         " person BIGINT NOT NULL,"
         " dwell_us BIGINT NOT NULL,"
         " cut SMALLINT NOT NULL,"
         " PRIMARY KEY(zone_id, enter_us, run_id, variant, person));" },
    { 4, "CREATE TABLE sender(name TEXT PRIMARY KEY, seq BIGINT NOT NULL);"
         "CREATE TABLE outbox("
         " seq BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,"
         " kind TEXT NOT NULL,"
         " zone_id BIGINT NOT NULL,"
         " enter_us BIGINT NOT NULL,"
         " uid BYTEA NOT NULL);"
         "CREATE FUNCTION visit_to_outbox() RETURNS trigger LANGUAGE plpgsql"
         " SET search_path FROM CURRENT AS $$ BEGIN"
         " IF EXISTS(SELECT 1 FROM sender) THEN"
         " INSERT INTO outbox(kind, zone_id, enter_us, uid)"
         " SELECT 'visit', zone_id, enter_us, uid FROM fresh;"
         " END IF; RETURN NULL; END $$;"
         "CREATE TRIGGER visit_to_outbox AFTER INSERT ON visit REFERENCING NEW TABLE AS fresh"
         " FOR EACH STATEMENT EXECUTE FUNCTION visit_to_outbox();"
         /* Rows are rewritten all day and do not compress. */
         "CREATE TABLE rollup("
         " kind SMALLINT NOT NULL,"
         " subject BIGINT NOT NULL,"
         " first_quarter BIGINT NOT NULL,"
         " run_id BIGINT NOT NULL,"
         " role SMALLINT NOT NULL,"
         " data BYTEA NOT NULL,"
         " PRIMARY KEY(first_quarter, kind, subject, run_id, role)) WITH (fillfactor=70);"
         "ALTER TABLE rollup ALTER COLUMN data SET STORAGE EXTERNAL;"
         "CREATE INDEX rollup_run ON rollup(run_id);"
         "CREATE TABLE pruned(kind TEXT PRIMARY KEY, before_us BIGINT NOT NULL);" },
    /* 5 and 6 may be there already: versions before 7 wrote down 4 for each of the three. */
    { 5, "ALTER TABLE run ADD COLUMN IF NOT EXISTS remeasures BIGINT;"
         "ALTER TABLE run_zone ADD COLUMN IF NOT EXISTS superseded SMALLINT NOT NULL DEFAULT 0;"
         "CREATE INDEX IF NOT EXISTS run_zone_superseded ON run_zone(run_id, zone_id)"
         " WHERE superseded=1;" },
    { 6, "CREATE TABLE IF NOT EXISTS alert("
         " zone_id BIGINT NOT NULL,"
         " raised_us BIGINT NOT NULL,"
         " uid BYTEA NOT NULL CHECK(length(uid) = 16),"
         " run_id BIGINT NOT NULL,"
         " name TEXT NOT NULL,"
         " kind TEXT NOT NULL,"
         " person BIGINT NOT NULL,"
         " people INTEGER NOT NULL,"
         " since_us BIGINT NOT NULL,"
         " told INTEGER NOT NULL,"
         " cleared_us BIGINT,"
         " end_reason TEXT,"
         " PRIMARY KEY(zone_id, raised_us, uid));"
         "CREATE INDEX IF NOT EXISTS alert_lasting ON alert(run_id) WHERE cleared_us IS NULL;" },
    { 7, "CREATE TABLE peak("
         " zone_id BIGINT NOT NULL,"
         " first_quarter BIGINT NOT NULL,"
         " staff SMALLINT NOT NULL,"
         " people BIGINT NOT NULL,"
         " at_us BIGINT NOT NULL,"
         " PRIMARY KEY(zone_id, first_quarter, staff));" },
};

const size_t dw_postgres_step_count = DW_LENGTH(dw_postgres_steps);
