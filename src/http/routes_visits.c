/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visits one by one, newest first, in pages; and all of them as CSV. A page is found by looking
 * backwards from its cursor in spans of time that grow until there are enough: the store is
 * clustered by zone and time, so a short span is cheap however big the store is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wall_time.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/routes.h"
#include "sink/hex.h"
#include "sink/jsonl.h"
#include "sink/visits_csv.h"
#include "store/store_counts.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX 1000
#define SPAN_US (3600 * DW_SECOND_US)
#define SPAN_GROWS 4
#define FOREVER_US (INT64_MAX / 4) /* clocks of cameras may be ahead of ours */
#define SEEN_MAX 500000            /* rows looked at for one page */

struct run {
    int64_t id, camera_id, start_us, end_us;
    char *site, *camera;
};

struct place {
    int64_t id, camera_id;
    struct dw_zone zone;
};

struct asking {
    struct dw_store_filter filter;
    const char *zone; /* NULL: all */
    int64_t min_dwell_us;
    int role; /* -1: all */
    bool pass;
    int64_t limit;
    struct {
        int64_t enter_us;
        char id[DW_HEX_SIZE]; /* "": nothing of this time has been told */
    } cursor;                 /* what is older follows */
    DW_VEC(struct run) runs;
    DW_VEC(struct place) places;
    const struct place *last; /* that of the row before: rows of a zone stand together */
    DW_VEC(struct dw_store_visit) found;
    int64_t seen;
    FILE *file; /* CSV */
    struct dw_buf text;
};

/* --- What is asked -------------------------------------------------------------------------- */

/* "1795645727574388-0f3a..." */
static int take_cursor(struct asking *asking, const char *text, struct dw_err *err)
{
    char *end = NULL;
    if (text == NULL)
        return 0;
    asking->cursor.enter_us = strtoll(text, &end, 10);
    bool near = asking->cursor.enter_us >= 0 && asking->cursor.enter_us < INT64_MAX / 2;
    if (end == text || !near || *end != '-' || strlen(end + 1) >= sizeof(asking->cursor.id))
        return dw_fail(err, -EINVAL, "cursor=%.60s: it is not 'next' of the page before", text);
    snprintf(asking->cursor.id, sizeof(asking->cursor.id), "%s", end + 1);
    return 0;
}

static int take_role(struct asking *asking, const char *text, struct dw_err *err)
{
    asking->role = text != NULL ? dw_role_parse(text) : -1;
    return text == NULL || asking->role >= 0
               ? 0
               : dw_fail(err, -EINVAL, "role=%.40s: wants shopper, staff or unknown", text);
}

static bool take_query(struct dw_call *call, struct asking *asking)
{
    const struct dw_query *query = &call->query;
    struct dw_err err = { { 0 } };
    double min_dwell_s = 0;
    *asking = (struct asking){ .limit = LIMIT_DEFAULT };
    asking->filter.camera = dw_query_find(query, "camera");
    asking->zone = dw_query_find(query, "zone");
    int result = dw_query_time(query, "from", &asking->filter.from_us, &err);
    if (result == 0)
        result = dw_query_time(query, "to", &asking->filter.to_us, &err);
    if (result == 0)
        result = dw_query_real(query, "min_dwell_s", 0, 1e6, &min_dwell_s, &err);
    if (result == 0)
        result = dw_query_flag(query, "pass", &asking->pass, &err);
    if (result == 0)
        result = dw_query_integer(query, "limit", 1, LIMIT_MAX, &asking->limit, &err);
    if (result == 0)
        result = take_role(asking, dw_query_find(query, "role"), &err);
    if (result == 0)
        result = take_cursor(asking, dw_query_find(query, "cursor"), &err);
    asking->min_dwell_us = dw_time_from_seconds(min_dwell_s);
    return dw_answer_query(call, result, &err);
}

/* --- What there is -------------------------------------------------------------------------- */

static int take_run(void *context, const struct dw_store_run *found)
{
    struct asking *asking = context;
    dw_vec_push(&asking->runs,
                ((struct run){ found->id, found->camera_id, found->start_us, found->end_us,
                               dw_strdup(found->site), dw_strdup(found->camera) }));
    return 0;
}

static int take_zone(void *context, const struct dw_store_zone *found)
{
    struct asking *asking = context;
    if (asking->zone == NULL || strcmp(asking->zone, found->zone.name) == 0)
        dw_vec_push(&asking->places, ((struct place){ found->id, found->camera_id, found->zone }));
    return 0;
}

static const struct place *find_place(const struct asking *asking, int64_t id)
{
    if (asking->last != NULL && asking->last->id == id)
        return asking->last;
    for (size_t i = 0; i < asking->places.count; i++)
        if (asking->places.items[i].id == id)
            return &asking->places.items[i];
    return NULL;
}

/* The run itself, else one of its camera: that knows the names. */
static const struct run *find_run(const struct asking *asking, int64_t id, int64_t camera_id)
{
    const struct run *other = NULL;
    for (size_t i = 0; i < asking->runs.count; i++) {
        if (asking->runs.items[i].id == id)
            return &asking->runs.items[i];
        if (asking->runs.items[i].camera_id == camera_id)
            other = &asking->runs.items[i];
    }
    return other;
}

/* The latest moment before a time that lies in a run; INT64_MIN: there is none. */
static int64_t busy_before(const struct asking *asking, int64_t time_us)
{
    int64_t latest_us = INT64_MIN;
    for (size_t i = 0; i < asking->runs.count; i++)
        if (asking->runs.items[i].start_us < time_us)
            latest_us = DW_MAX(latest_us, DW_MIN(time_us, asking->runs.items[i].end_us + 1));
    return latest_us;
}

static bool is_wanted(const struct asking *asking, const struct dw_store_visit *found)
{
    const struct dw_visit *visit = &found->visit;
    return visit->pass == asking->pass && visit->dwell_us >= asking->min_dwell_us &&
           (asking->role < 0 || (int)visit->role == asking->role) &&
           (asking->zone == NULL || find_place(asking, found->zone_id) != NULL);
}

static int load(struct asking *asking, struct dw_store *store, struct dw_err *err)
{
    int result = dw_store_read_runs(store, &asking->filter, take_run, asking, err);
    return result == 0 ? dw_store_read_zones(store, &asking->filter, take_zone, asking, err)
                       : result;
}

static void fini(struct asking *asking)
{
    for (size_t i = 0; i < asking->runs.count; i++) {
        free(asking->runs.items[i].site);
        free(asking->runs.items[i].camera);
    }
    dw_vec_fini(&asking->runs);
    dw_vec_fini(&asking->places);
    dw_vec_fini(&asking->found);
    dw_buf_fini(&asking->text);
}

/* --- A page --------------------------------------------------------------------------------- */

/* Newest first. */
static int compare(int64_t enter_us, const char *id, int64_t other_us, const char *other_id)
{
    if (enter_us != other_us)
        return enter_us > other_us ? -1 : 1;
    return strcmp(other_id, id);
}

static int compare_visits(const void *a, const void *b)
{
    const struct dw_visit *one = &((const struct dw_store_visit *)a)->visit;
    const struct dw_visit *other = &((const struct dw_store_visit *)b)->visit;
    char id[DW_HEX_SIZE], other_id[DW_HEX_SIZE];
    return compare(one->enter_us, dw_hex(id, one->id), other->enter_us,
                   dw_hex(other_id, other->id));
}

static int take_visit(void *context, const struct dw_store_visit *found)
{
    struct asking *asking = context;
    char id[DW_HEX_SIZE];
    asking->seen++;
    if (is_wanted(asking, found) && compare(found->visit.enter_us, dw_hex(id, found->visit.id),
                                            asking->cursor.enter_us, asking->cursor.id) > 0)
        dw_vec_push(&asking->found, *found);
    return 0;
}

/* Looks backwards from the cursor; *low_us: what is older than this was not looked at, 0: there is
 * nothing older. */
static int find_page(struct asking *asking, struct dw_store *store, int64_t *low_us,
                     struct dw_err *err)
{
    int64_t span_us = SPAN_US;
    struct dw_store_filter filter = asking->filter;
    int result = 0;
    *low_us = asking->cursor.enter_us + 1;
    while (result == 0 && *low_us != 0 && asking->seen < SEEN_MAX &&
           (int64_t)asking->found.count <= asking->limit) {
        filter.to_us = busy_before(asking, *low_us); /* nights and years without runs are skipped */
        if (filter.to_us <= asking->filter.from_us) {
            *low_us = 0;
            break;
        }
        *low_us = filter.from_us = DW_MAX(filter.to_us - span_us, asking->filter.from_us);
        span_us *= SPAN_GROWS;
        result = dw_store_read_visits(store, &filter, take_visit, asking, err);
    }
    if (asking->found.count > 0)
        qsort(asking->found.items, asking->found.count, sizeof(*asking->found.items),
              compare_visits);
    return result;
}

static void put_visit(struct dw_buf *out, const struct asking *asking,
                      const struct dw_store_visit *found)
{
    const struct place *place = find_place(asking, found->zone_id);
    const struct run *run = find_run(asking, found->run, place->camera_id);
    struct dw_zone zone = place->zone;
    const struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    struct dw_visit visit = found->visit;
    const struct dw_record_context context = {
        .site = run != NULL ? run->site : "",
        .camera = run != NULL ? run->camera : "",
        .layout = &layout,
        .start_wall_us = run != NULL ? run->start_us : 0,
    };
    visit.zone = 0;
    visit.enter_us -= context.start_wall_us; /* records tell media time too */
    visit.exit_us -= context.start_wall_us;
    dw_jsonl_visit(out, &context, &visit);
    out->data[--out->length] = '\0'; /* its line feed */
}

static void put_page(struct dw_call *call, const struct asking *asking, int64_t low_us)
{
    struct dw_buf *out = &call->response->body;
    size_t count = DW_MIN(asking->found.count, (size_t)asking->limit);
    char id[DW_HEX_SIZE];
    dw_response_ok(call->response, 200, "application/json");
    dw_buf_puts(out, "{\"visits\":[");
    for (size_t i = 0; i < count; i++) {
        dw_buf_puts(out, i > 0 ? "," : "");
        put_visit(out, asking, &asking->found.items[i]);
    }
    if (asking->found.count > count) {
        const struct dw_visit *last = &asking->found.items[count - 1].visit;
        dw_buf_printf(out, "],\"next\":\"%lld-%s\"}", (long long)last->enter_us,
                      dw_hex(id, last->id));
    } else if (low_us > 0) {
        /* So many were looked at that this is enough for now. */
        dw_buf_printf(out, "],\"next\":\"%lld-\"}", (long long)low_us);
    } else {
        dw_buf_puts(out, "],\"next\":null}");
    }
}

void dw_route_visits_get(struct dw_call *call)
{
    struct asking asking;
    struct dw_err err = { { 0 } };
    if (!take_query(call, &asking))
        return;
    if (dw_query_find(&call->query, "cursor") == NULL)
        asking.cursor.enter_us = asking.filter.to_us != 0 ? asking.filter.to_us : FOREVER_US;
    struct dw_store *store = dw_answer_take_store(call);
    if (store != NULL) {
        int64_t low_us = 0;
        int result = load(&asking, store, &err);
        if (result == 0)
            result = find_page(&asking, store, &low_us, &err);
        if (result == 0)
            put_page(call, &asking, low_us);
        else
            dw_problem_of(call->response, result, &err);
        dw_answer_give_store(call, store, result);
    }
    fini(&asking);
}

/* --- All of them ---------------------------------------------------------------------------- */

static int write_visit(void *context, const struct dw_store_visit *found)
{
    struct asking *asking = context;
    if (!is_wanted(asking, found))
        return 0;
    const struct place *place = asking->last = find_place(asking, found->zone_id);
    const struct run *run = find_run(asking, found->run, place->camera_id);
    struct dw_visit_row row = { .visit = found->visit };
    snprintf(row.site, sizeof(row.site), "%s", run != NULL ? run->site : "");
    snprintf(row.camera, sizeof(row.camera), "%s", run != NULL ? run->camera : "");
    snprintf(row.zone, sizeof(row.zone), "%s", place->zone.name);
    snprintf(row.run, sizeof(row.run), "%lld", (long long)found->run);
    dw_buf_clear(&asking->text);
    dw_visits_csv_write(&asking->text, &row);
    bool written =
        fwrite(asking->text.data, 1, asking->text.length, asking->file) == asking->text.length;
    return written ? 0 : -EIO;
}

/* To a file that has no name: millions of rows are too many for memory. */
static int write_csv(struct asking *asking, struct dw_store *store, struct dw_err *err)
{
    int result = load(asking, store, err);
    dw_visits_csv_names(&asking->text);
    if (result == 0 && fputs(dw_buf_text(&asking->text), asking->file) < 0)
        result = -EIO;
    if (result == 0)
        result = dw_store_read_visits(store, &asking->filter, write_visit, asking, err);
    if (result == -EIO || (result == 0 && fflush(asking->file) != 0))
        result = dw_fail(err, -EIO, "there is no room for the file of visits");
    return result;
}

void dw_route_visits_csv(struct dw_call *call)
{
    struct asking asking;
    struct dw_err err = { { 0 } };
    if (!take_query(call, &asking))
        return;
    struct dw_store *store = dw_answer_take_store(call);
    if (store != NULL) {
        asking.file = tmpfile();
        int result = asking.file != NULL ? write_csv(&asking, store, &err)
                                         : dw_fail(&err, -EIO, "there is no room for a file");
        if (result == 0) {
            dw_response_ok(call->response, 200, "text/csv; charset=utf-8");
            dw_response_header(call->response, "Content-Disposition",
                               "attachment; filename=\"visits.csv\"");
            call->response->file = DW_TAKE(asking.file);
        } else {
            dw_problem_of(call->response, result, &err);
        }
        if (asking.file != NULL)
            fclose(asking.file);
        dw_answer_give_store(call, store, result);
    }
    fini(&asking);
}
