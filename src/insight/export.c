/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/json_writer.h"
#include "base/vec.h"
#include "base/wall_time.h"
#include "insight/simulated_store.h"
#include "sink/visits_csv.h"
#include "store/store_counts.h"

#define HOUR_US (3600 * DW_SECOND_US)
#define QUARTERS_AN_HOUR 4
/* Two hundred years. */
#define HOURS_MAX (INT64_C(200) * 366 * 24)

struct run {
    int64_t id, camera_id, start_us, end_us;
    char *site, *camera;
    bool simulated;
};

/* A zone or line. */
struct place {
    int64_t id, camera_id;
    char name[DW_ZONE_NAME_MAX];
};

struct exporting {
    const struct dw_export_conf *conf;
    FILE *out;
    DW_VEC(struct run) runs;
    DW_VEC(struct place) places;
    struct dw_buf text;
    int64_t first_hour; /* of the slots */
};

static const char *const words[] = { "visits", "passes", "crossings", "hours" };

int dw_export_parse(const char *word)
{
    for (size_t i = 0; i < DW_LENGTH(words); i++)
        if (strcmp(words[i], word) == 0)
            return (int)i;
    return -1;
}

static int take_run(void *context, const struct dw_store_run *found)
{
    struct exporting *exporting = context;
    dw_vec_push(&exporting->runs,
                ((struct run){ found->id, found->camera_id, found->start_us, found->end_us,
                               dw_strdup(found->site), dw_strdup(found->camera),
                               dw_simulated_run(found) }));
    return 0;
}

static void add_place(struct exporting *exporting, int64_t id, int64_t camera_id, const char *name)
{
    struct place *place = dw_vec_add(&exporting->places);
    *place = (struct place){ .id = id, .camera_id = camera_id };
    snprintf(place->name, sizeof(place->name), "%s", name);
}

static int take_zone(void *context, const struct dw_store_zone *found)
{
    add_place(context, found->id, found->camera_id, found->zone.name);
    return 0;
}

static int take_line(void *context, const struct dw_store_line *found)
{
    add_place(context, found->id, found->camera_id, found->line.name);
    return 0;
}

static const struct place *find_place(const struct exporting *exporting, int64_t id)
{
    static const struct place nowhere = { 0 };
    for (size_t i = 0; i < exporting->places.count; i++)
        if (exporting->places.items[i].id == id)
            return &exporting->places.items[i];
    return &nowhere;
}

/* Any run of the camera: it knows the names. */
static const struct run *find_camera(const struct exporting *exporting, int64_t camera_id)
{
    static char empty[1] = "";
    static const struct run nothing = { .site = empty, .camera = empty };
    for (size_t i = 0; i < exporting->runs.count; i++)
        if (exporting->runs.items[i].camera_id == camera_id)
            return &exporting->runs.items[i];
    return &nothing;
}

static int write_out(struct exporting *exporting)
{
    size_t length = exporting->text.length;
    bool written = fwrite(exporting->text.data, 1, length, exporting->out) == length;
    dw_buf_clear(&exporting->text);
    return written ? 0 : -EIO;
}

static int take_visit(void *context, const struct dw_store_visit *found)
{
    struct exporting *exporting = context;
    if (found->visit.pass != (exporting->conf->what == DW_EXPORT_PASSES))
        return 0;
    const struct place *zone = find_place(exporting, found->zone_id);
    const struct run *run = find_camera(exporting, zone->camera_id);
    struct dw_visit_row row = { .visit = found->visit, .simulated = run->simulated };
    snprintf(row.site, sizeof(row.site), "%s", run->site);
    snprintf(row.camera, sizeof(row.camera), "%s", run->camera);
    snprintf(row.zone, sizeof(row.zone), "%s", zone->name);
    snprintf(row.run, sizeof(row.run), "%lld", (long long)found->run);
    (exporting->conf->json ? dw_visits_csv_json : dw_visits_csv_write)(&exporting->text, &row);
    return write_out(exporting);
}

/* --- Rows of a few columns ------------------------------------------------------------------ */

struct cell {
    const char *name;
    const char *text; /* or NULL: */
    double number;
    int decimals;
    bool hidden;
};

static void put_csv(struct dw_buf *out, const struct cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dw_buf_puts(out, i > 0 ? "," : "");
        if (cells[i].text != NULL)
            dw_csv_put_text(out, cells[i].text);
        else if (!cells[i].hidden)
            dw_buf_printf(out, "%.*f", cells[i].decimals, cells[i].number);
    }
    dw_buf_puts(out, "\n");
}

static void put_json(struct dw_buf *out, const struct cell *cells, size_t count)
{
    struct dw_json_writer json = { .out = out };
    dw_json_object_begin(&json, NULL);
    for (size_t i = 0; i < count; i++) {
        if (cells[i].text != NULL)
            dw_json_string(&json, cells[i].name, cells[i].text);
        else if (!cells[i].hidden)
            dw_json_real(&json, cells[i].name, cells[i].number, cells[i].decimals);
    }
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
}

static int put_cells(struct exporting *exporting, const struct cell *cells, size_t count)
{
    (exporting->conf->json ? put_json : put_csv)(&exporting->text, cells, count);
    return write_out(exporting);
}

static int take_crossing(void *context, const struct dw_store_crossing *found)
{
    struct exporting *exporting = context;
    const struct place *line = find_place(exporting, found->line_id);
    const struct run *run = find_camera(exporting, line->camera_id);
    char when[DW_ISO8601_SIZE];
    const struct cell cells[] = {
        { .name = "site", .text = run->site },
        { .name = "camera", .text = run->camera },
        { .name = "line", .text = line->name },
        { .name = "run", .number = (double)found->run },
        { .name = "person", .number = (double)found->person },
        { .name = "time", .text = dw_time_iso8601(when, found->time_us) },
        { .name = "to_right", .number = found->to_right ? 1 : 0 },
        { .name = "score", .number = found->score, .decimals = 3 },
        { .name = "simulated", .number = run->simulated ? 1 : 0 },
    };
    return put_cells(exporting, cells, DW_LENGTH(cells));
}

static int put_hour(struct exporting *exporting, const struct dw_store_zone_counts *found,
                    size_t slot)
{
    const struct place *zone = find_place(exporting, found->zone_id);
    const struct run *run = find_camera(exporting, zone->camera_id);
    const struct dw_store_counts *counts = &found->counts[slot];
    int64_t stays = counts->visits + counts->passes;
    bool few = stays > 0 && stays < exporting->conf->k;
    /* Who came in the hour before may still be there. */
    bool hidden = few || (stays == 0 && counts->occupancy_us > 0 && exporting->conf->k > 1);
    char when[DW_ISO8601_SIZE];
    int64_t hour_us = (exporting->first_hour + (int64_t)slot) * HOUR_US;
    const struct cell cells[] = {
        { .name = "site", .text = run->site },
        { .name = "camera", .text = run->camera },
        { .name = "zone", .text = zone->name },
        { .name = "hour", .text = dw_time_iso8601(when, hour_us) },
        { .name = "suppressed", .number = hidden ? 1 : 0 },
        { "visits", NULL, (double)counts->visits, 0, hidden },
        { "people", NULL, (double)counts->people, 0, hidden },
        { "passes", NULL, (double)counts->passes, 0, hidden },
        { "entries", NULL, (double)counts->entries, 0, hidden },
        { "stops", NULL, (double)counts->stops, 0, hidden },
        { "engages", NULL, (double)counts->engages, 0, hidden },
        { "cut", NULL, (double)counts->cut, 0, hidden },
        { "dwell_s", NULL, dw_time_to_seconds(counts->dwell_us), 3, hidden },
        { "bridged_s", NULL, dw_time_to_seconds(counts->bridged_us), 3, hidden },
        { "occupancy_s", NULL, dw_time_to_seconds(counts->occupancy_us), 3, hidden },
        { "scheduled_s", NULL, dw_time_to_seconds(found->cover[slot].scheduled_us), 3, false },
        { "measured_s", NULL, dw_time_to_seconds(found->cover[slot].measured_us), 3, false },
        { .name = "simulated", .number = run->simulated ? 1 : 0 },
    };
    return put_cells(exporting, cells, DW_LENGTH(cells));
}

/* Hours in which nothing was measured and nobody was counted are not written. */
static int take_counts(void *context, const struct dw_store_zone_counts *found)
{
    struct exporting *exporting = context;
    int result = 0;
    for (size_t i = 0; i < found->slot_count && result == 0; i++)
        if (found->cover[i].scheduled_us > 0 || found->counts[i].occupancy_us > 0)
            result = put_hour(exporting, found, i);
    return result;
}

static int export_hours(struct dw_store *store, struct exporting *exporting, struct dw_err *err)
{
    const struct dw_store_filter *filter = &exporting->conf->filter;
    int64_t from_us = INT64_MAX, to_us = 0;
    for (size_t i = 0; i < exporting->runs.count; i++) {
        from_us = DW_MIN(from_us, exporting->runs.items[i].start_us);
        to_us = DW_MAX(to_us, exporting->runs.items[i].end_us);
    }
    from_us = DW_MAX(from_us, filter->from_us);
    to_us = filter->to_us != 0 ? DW_MIN(to_us, filter->to_us) : to_us;
    if (from_us >= to_us)
        return 0;
    int64_t hours = (to_us + HOUR_US - 1) / HOUR_US - from_us / HOUR_US;
    if (hours > HOURS_MAX)
        return dw_fail(err, -EINVAL, "%lld hours are too many: name a shorter period",
                       (long long)hours);
    size_t quarters = (size_t)hours * QUARTERS_AN_HOUR;
    int *slots = dw_alloc_array0(quarters, sizeof(*slots));
    for (size_t i = 0; i < quarters; i++)
        slots[i] = (int)(i / QUARTERS_AN_HOUR);
    exporting->first_hour = from_us / HOUR_US;
    struct dw_store_counts_query query = {
        .camera = filter->camera,
        .roles = DW_ROLE_BIT(DW_ROLE_UNKNOWN) | DW_ROLE_BIT(DW_ROLE_SHOPPER),
        .slots = { exporting->first_hour * QUARTERS_AN_HOUR, quarters, slots, (size_t)hours },
    };
    int result = dw_store_read_zone_counts(store, &query, take_counts, exporting, err);
    free(slots);
    return result;
}

/* --- All -------------------------------------------------------------------------------------- */

static int write_names(struct exporting *exporting)
{
    static const char *const names[] = {
        [DW_EXPORT_CROSSINGS] = "site,camera,line,run,person,time,to_right,score,simulated\n",
        [DW_EXPORT_HOURS] = "site,camera,zone,hour,suppressed,visits,people,passes,entries,stops,"
                            "engages,cut,dwell_s,bridged_s,occupancy_s,scheduled_s,measured_s,"
                            "simulated\n",
    };
    if (exporting->conf->json)
        return 0;
    if (names[exporting->conf->what] != NULL)
        dw_buf_puts(&exporting->text, names[exporting->conf->what]);
    else
        dw_visits_csv_names(&exporting->text);
    return write_out(exporting);
}

static int export_all(struct dw_store *store, struct exporting *exporting, struct dw_err *err)
{
    const struct dw_store_filter *filter = &exporting->conf->filter;
    bool lines = exporting->conf->what == DW_EXPORT_CROSSINGS;
    int result = dw_store_read_runs(store, filter, take_run, exporting, err);
    if (result == 0)
        result = lines ? dw_store_read_lines(store, filter, take_line, exporting, err)
                       : dw_store_read_zones(store, filter, take_zone, exporting, err);
    if (result == 0)
        result = write_names(exporting);
    if (result != 0)
        return result;
    if (lines)
        return dw_store_read_crossings(store, filter, take_crossing, exporting, err);
    if (exporting->conf->what == DW_EXPORT_HOURS)
        return export_hours(store, exporting, err);
    return dw_store_read_visits(store, filter, take_visit, exporting, err);
}

int dw_export(struct dw_store *store, const struct dw_export_conf *conf, FILE *out,
              struct dw_err *err)
{
    struct exporting exporting = { .conf = conf, .out = out };
    int result = dw_store_begin(store, err);
    if (result < 0)
        return result;
    result = export_all(store, &exporting, err);
    dw_store_rollback(store);
    if (result == 0 && fflush(out) != 0)
        result = -EIO;
    if (ferror(out))
        result = dw_fail(err, -EIO, "the output cannot be written: %s", strerror(errno));
    for (size_t i = 0; i < exporting.runs.count; i++) {
        free(exporting.runs.items[i].site);
        free(exporting.runs.items[i].camera);
    }
    dw_vec_fini(&exporting.runs);
    dw_vec_fini(&exporting.places);
    dw_buf_fini(&exporting.text);
    return result;
}
