/* SPDX-License-Identifier: Apache-2.0 */
/* Promotions, and the alerts that were raised. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wall_time.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/json_body.h"
#include "http/promotions.h"
#include "http/routes.h"
#include "insight/local_day.h"
#include "sink/hex.h"

#define ALERTS_DEFAULT 100
#define ALERTS_MAX 1000

/* --- Promotions ----------------------------------------------------------------------------- */

void dw_route_promotions_get(struct dw_call *call)
{
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "promotions");
    dw_promotions_list(call->app->promotions, &json);
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

struct said {
    const char *name, *camera, *zone, *from, *to, *compare_with;
    struct dw_json_texts days;
};

static bool copy(struct dw_call *call, const char *pointer, const char *text, char *out,
                 size_t size)
{
    if (text != NULL && strlen(text) >= size) {
        dw_problem_at(call->response, pointer, "is too long");
        return false;
    }
    snprintf(out, size, "%s", text != NULL ? text : "");
    return true;
}

static bool check_date(struct dw_call *call, const char *pointer, const char *text, int64_t *day)
{
    struct dw_err err = { { 0 } };
    if (dw_local_date_parse(day, text, &err) == 0)
        return true;
    dw_problem_at(call->response, pointer, err.text);
    return false;
}

static bool take_weekdays(struct dw_call *call, const struct dw_json_texts *days,
                          unsigned *weekdays)
{
    for (size_t i = 0; i < days->count; i++) {
        int day = dw_weekday_parse(days->items[i]);
        if (day < 0) {
            dw_problem_at(call->response, "/days", "wants monday, tuesday, ... sunday");
            return false;
        }
        *weekdays |= 1U << day;
    }
    return true;
}

static bool take_record(struct dw_call *call, const struct said *said,
                        struct dw_promotion_record *record)
{
    int64_t from = 0, to = 0;
    if (!copy(call, "/name", said->name, record->name, sizeof(record->name)) ||
        !copy(call, "/camera", said->camera, record->camera, sizeof(record->camera)) ||
        !copy(call, "/zone", said->zone, record->zone, sizeof(record->zone)) ||
        !copy(call, "/compare_with", said->compare_with, record->compare_with,
              sizeof(record->compare_with)) ||
        !check_date(call, "/from", said->from, &from) || !check_date(call, "/to", said->to, &to) ||
        !take_weekdays(call, &said->days, &record->weekdays))
        return false;
    snprintf(record->from, sizeof(record->from), "%s", said->from);
    snprintf(record->to, sizeof(record->to), "%s", said->to);
    if (*said->name == '\0' || to < from) {
        dw_problem_at(call->response, to < from ? "/to" : "/name",
                      to < from ? "is before 'from'" : "is empty");
        return false;
    }
    return true;
}

static void set_promotion(struct dw_call *call, const char *id, int status)
{
    struct said said = { .days = { .count = 0 } };
    const struct dw_field fields[] = {
        { "name", DW_FIELD_TEXT, true, &said.name },
        { "camera", DW_FIELD_TEXT, false, &said.camera },
        { "zone", DW_FIELD_TEXT, false, &said.zone },
        { "from", DW_FIELD_TEXT, true, &said.from },
        { "to", DW_FIELD_TEXT, true, &said.to },
        { "days", DW_FIELD_TEXTS, false, &said.days },
        { "compare_with", DW_FIELD_TEXT, false, &said.compare_with },
    };
    struct dw_promotion_record record = { .weekdays = 0 };
    struct dw_json_body body = { 0 };
    struct dw_err err = { { 0 } };
    snprintf(record.id, sizeof(record.id), "%s", id);
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response) &&
        take_record(call, &said, &record)) {
        int result = dw_promotions_set(call->app->promotions, &record, &err);
        dw_answer_done(call, result, status, &err);
        struct dw_json_writer json = { .out = &call->response->body };
        if (result == 0) {
            dw_response_ok(call->response, status, "application/json");
            dw_promotion_put(&json, &record);
            dw_buf_printf(&call->response->audit, "promotion %s: %s", record.id, record.name);
        }
    }
    dw_json_body_fini(&body);
}

void dw_route_promotions_post(struct dw_call *call)
{
    set_promotion(call, "", 201);
}

void dw_route_promotion_put(struct dw_call *call)
{
    set_promotion(call, call->names[0], 200);
}

void dw_route_promotion_delete(struct dw_call *call)
{
    struct dw_err err = { { 0 } };
    dw_answer_done(call, dw_promotions_remove(call->app->promotions, call->names[0], &err), 204,
                   &err);
}

/* --- Alerts --------------------------------------------------------------------------------- */

struct place {
    int64_t zone_id, camera_id;
    char zone[DW_ZONE_NAME_MAX], camera[128];
};

struct listing {
    struct dw_json_writer json;
    DW_VEC(struct place) places;
    int64_t left, last_us;
};

static int take_zone(void *context, const struct dw_store_zone *found)
{
    struct listing *listing = context;
    struct place *place = dw_vec_add(&listing->places);
    place->zone_id = found->id;
    place->camera_id = found->camera_id;
    snprintf(place->zone, sizeof(place->zone), "%s", found->zone.name);
    return 0;
}

static int take_run(void *context, const struct dw_store_run *found)
{
    struct listing *listing = context;
    for (size_t i = 0; i < listing->places.count; i++)
        if (listing->places.items[i].camera_id == found->camera_id)
            snprintf(listing->places.items[i].camera, sizeof(listing->places.items[i].camera), "%s",
                     found->camera);
    return 0;
}

static void put_alert(struct listing *listing, const struct dw_store_alert *found)
{
    struct dw_json_writer *json = &listing->json;
    const struct dw_alert *alert = &found->alert;
    char id[DW_HEX_SIZE];
    const struct place *place = NULL;
    for (size_t i = 0; i < listing->places.count; i++)
        if (listing->places.items[i].zone_id == found->zone_id)
            place = &listing->places.items[i];
    dw_json_object_begin(json, NULL);
    dw_json_string(json, "id", dw_hex(id, alert->id));
    dw_answer_time(json, "time", alert->raised_us);
    dw_json_string(json, "camera", place != NULL ? place->camera : "");
    dw_json_string(json, "zone", place != NULL ? place->zone : "");
    dw_json_string(json, "name", found->name);
    dw_json_string(json, "kind", dw_alert_kind_name(found->kind));
    dw_json_integer(json, "people", alert->people);
    dw_answer_time(json, "since", alert->since_us);
    dw_answer_time(json, "cleared", found->cleared ? alert->cleared_us : 0);
    dw_json_string(json, "end", found->cleared ? dw_alert_end_name(alert->end) : NULL);
    dw_json_object_end(json);
}

/* Anything but 0 ends the reading. */
static int take_alert(void *context, const struct dw_store_alert *found)
{
    struct listing *listing = context;
    if (listing->left-- == 0)
        return 1;
    listing->last_us = found->alert.raised_us;
    put_alert(listing, found);
    return 0;
}

static int list_alerts(struct dw_call *call, struct dw_store *store, int64_t before_us,
                       struct listing *listing, struct dw_err *err)
{
    const struct dw_store_filter all = { .camera = NULL }, filter = { .to_us = before_us };
    int result = dw_store_read_zones(store, &all, take_zone, listing, err);
    if (result == 0)
        result = dw_store_read_runs(store, &all, take_run, listing, err);
    if (result < 0)
        return result;
    listing->json = dw_answer_json(call, 200);
    dw_json_array_begin(&listing->json, "alerts");
    result = dw_store_read_alerts(store, &filter, take_alert, listing, err);
    dw_json_array_end(&listing->json);
    dw_answer_time(&listing->json, "next", result == 1 ? listing->last_us : 0);
    dw_json_object_end(&listing->json);
    return DW_MIN(result, 0);
}

void dw_route_alerts_get(struct dw_call *call)
{
    struct listing listing = { .left = ALERTS_DEFAULT };
    struct dw_err err = { { 0 } };
    int64_t before_us = 0;
    int result = dw_query_integer(&call->query, "limit", 1, ALERTS_MAX, &listing.left, &err);
    if (result == 0)
        result = dw_query_time(&call->query, "before", &before_us, &err);
    if (!dw_answer_query(call, result, &err))
        return;
    struct dw_store *store = dw_answer_take_store(call);
    if (store == NULL)
        return;
    result = list_alerts(call, store, before_us, &listing, &err);
    if (result < 0)
        dw_problem_of(call->response, result, &err);
    dw_answer_give_store(call, store, result);
    dw_vec_fini(&listing.places);
}
