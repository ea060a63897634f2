/* SPDX-License-Identifier: Apache-2.0 */
/* Zones and lines of a camera, and what they would have measured. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/wall_time.h"
#include "conf/ground.h"
#include "conf/option.h"
#include "conf/zones.h"
#include "engine/site.h"
#include "http/answer.h"
#include "http/app.h"
#include "http/json_body.h"
#include "http/routes.h"
#include "insight/preview.h"

#define SMALL_SHARE .0005 /* of the picture: a person's foot is not surely inside it */
#define MASKED_SHARE .1
#define GRID 16 /* points a side at which a zone is looked at */
#define HOURS_MAX 168.0

/* --- As it is ------------------------------------------------------------------------------- */

static void warn(json_t *warnings, const char *zone, const char *detail)
{
    json_array_append_new(warnings, json_pack("{s:s, s:s}", "zone", zone, "detail", detail));
}

static bool is_masked(const struct dw_layout *layout, struct dw_point point)
{
    for (size_t i = 0; i < layout->mask_count; i++)
        if (dw_zone_contains(&layout->masks[i], point))
            return true;
    return false;
}

/* How much of a zone lies under masks. */
static double masked_share(const struct dw_layout *layout, const struct dw_zone *zone)
{
    struct dw_point least, most;
    int inside = 0, masked = 0;
    dw_zone_bounds(zone, &least, &most);
    for (int i = 0; i < GRID * GRID; i++) {
        const struct dw_point point = {
            least.x + (most.x - least.x) * (i % GRID + .5) / GRID,
            least.y + (most.y - least.y) * (i / GRID + .5) / GRID, /* NOLINT: a whole row */
        };
        if (!dw_zone_contains(zone, point))
            continue;
        inside++;
        masked += is_masked(layout, point);
    }
    return inside > 0 ? (double)masked / inside : 0;
}

static void warn_of(json_t *warnings, const struct dw_layout *layout, const struct dw_zone *zone)
{
    if (masked_share(layout, zone) > MASKED_SHARE)
        warn(warnings, zone->name, "lies under a mask in good part: who is hidden is not measured");
    struct dw_point least, most;
    dw_zone_bounds(zone, &least, &most);
    if (least.x < 0 || least.y < 0 || most.x > 1 || most.y > 1)
        warn(warnings, zone->name, "reaches beyond the picture: nobody is seen there");
    if (dw_zone_area(zone) < SMALL_SHARE)
        warn(warnings, zone->name, "is so small that people pass it between two frames");
}

/* Of what can be measured but will hardly work. */
static json_t *find_warnings(const char *text, size_t length)
{
    json_t *warnings = json_array();
    struct dw_zone_rules rules = dw_zone_rules_default();
    struct dw_layout layout = { .zones = NULL };
    if (dw_zones_parse(&layout, text, length, &rules, NULL) == 0)
        for (size_t i = 0; i < layout.zone_count; i++)
            warn_of(warnings, &layout, &layout.zones[i]);
    dw_layout_fini(&layout);
    return warnings;
}

static void set_list(json_t *root, const char *key)
{
    if (!json_is_array(json_object_get(root, key)))
        json_object_set_new(root, key, json_array());
}

/* Where the floor ends at the left and right edge, by the camera's ground plane; null: not known.
 */
static json_t *horizon_of(struct dw_call *call)
{
    struct dw_site_conf conf = { 0 };
    struct dw_ground ground = { .known = false };
    double left = 0, right = 0;
    size_t camera = 0;
    dw_site_conf_copy(call->app->site, &conf);
    int result = dw_site_camera_find(call->app->site, call->names[0], &camera, NULL);
    if (result == 0 && camera < conf.cameras.count &&
        conf.cameras.items[camera].ground_path != NULL)
        (void)dw_ground_load(&ground, conf.cameras.items[camera].ground_path, 1, 1, NULL);
    dw_site_conf_fini(&conf);
    if (!dw_ground_horizon(&ground, 0, &left) || !dw_ground_horizon(&ground, 1, &right))
        return json_null();
    return json_pack("[[i,f],[i,f]]", 0, left, 1, right);
}

static void put_layout(struct dw_call *call, const struct dw_buf *text, const char *revision)
{
    json_t *root = json_loadb(dw_buf_text(text), text->length, 0, NULL);
    if (!json_is_object(root)) {
        dw_problem(call->response, 500, "the zones file of '%s' is no JSON object", call->names[0]);
        json_decref(root);
        return;
    }
    set_list(root, "zones");
    set_list(root, "lines");
    set_list(root, "masks");
    json_object_set_new(root, "horizon", horizon_of(call));
    json_object_set_new(root, "warnings", find_warnings(dw_buf_text(text), text->length));
    char *written = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9));
    dw_response_ok(call->response, 200, "application/json");
    dw_buf_puts(&call->response->body, written);
    dw_response_header(call->response, "ETag", "\"%s\"", revision);
    free(written);
    json_decref(root);
}

void dw_route_layout_get(struct dw_call *call)
{
    struct dw_buf text = { 0 };
    char revision[DW_REVISION_SIZE] = "";
    struct dw_err err = { { 0 } };
    int result = dw_site_layout(call->app->site, call->names[0], &text, revision, &err);
    if (result < 0)
        dw_problem_of(call->response, result, &err);
    else
        put_layout(call, &text, revision);
    dw_buf_fini(&text);
}

/* The body without what only we say; NULL and answered when it is no object. */
static char *take_layout(struct dw_call *call)
{
    const struct dw_buf *body = &call->request->body;
    json_error_t where;
    json_t *root = json_loadb(dw_buf_text(body), body->length, JSON_REJECT_DUPLICATES, &where);
    char *text = NULL;
    if (json_is_object(root)) {
        json_object_del(root, "horizon");
        json_object_del(root, "warnings");
        text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    } else if (root != NULL) {
        dw_problem_at(call->response, "", "wants an object");
    } else {
        dw_problem(call->response, 400, "the body is no JSON: line %d: %s", where.line, where.text);
    }
    json_decref(root);
    return text;
}

void dw_route_layout_put(struct dw_call *call)
{
    char revision[DW_REVISION_SIZE] = "";
    struct dw_err err = { { 0 } };
    char *expected = dw_answer_revision(call);
    char *text = expected != NULL ? take_layout(call) : NULL;
    if (text != NULL) {
        int result =
            dw_site_layout_set(call->app->site, call->names[0], text, expected, revision, &err);
        if (result < 0)
            dw_problem_of(call->response, result, &err);
        else
            dw_route_layout_get(call);
    }
    free(text);
    free(expected);
}

/* --- As it would have been ------------------------------------------------------------------ */

static void put_figures(struct dw_json_writer *json, const struct dw_preview_figures *figures)
{
    const struct dw_estimate *median = &figures->median_s;
    dw_json_integer(json, "visits", (int64_t)figures->visits);
    dw_json_integer(json, "passes", (int64_t)figures->passes);
    dw_answer_estimate(json, "median_s", median->value, median->low, median->high);
}

static void put_preview(struct dw_call *call, const struct dw_layout *layout,
                        const struct dw_preview_zone *zones)
{
    struct dw_json_writer json = dw_answer_json(call, 200);
    dw_json_array_begin(&json, "zones");
    for (size_t i = 0; i < layout->zone_count; i++) {
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "name", layout->zones[i].name);
        put_figures(&json, &zones[i].after);
        if (zones[i].known) {
            dw_json_object_begin(&json, "before");
            put_figures(&json, &zones[i].before);
            dw_json_object_end(&json);
        } else {
            dw_json_null(&json, "before");
        }
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
}

/* The settings that the camera's zones have when they say nothing else. */
static struct dw_zone_rules rules_of(struct dw_call *call, size_t camera)
{
    struct dw_site_conf conf = { 0 };
    struct dw_zone_rules rules = dw_zone_rules_default();
    dw_site_conf_copy(call->app->site, &conf);
    if (camera < conf.cameras.count)
        rules = conf.cameras.items[camera].settings.zone;
    dw_site_conf_fini(&conf);
    return rules;
}

static void preview(struct dw_call *call, const char *text, int64_t from_us)
{
    struct dw_err err = { { 0 } };
    struct dw_layout layout = { .zones = NULL };
    size_t camera = 0;
    int result = dw_site_camera_find(call->app->site, call->names[0], &camera, &err);
    struct dw_zone_rules rules = rules_of(call, camera);
    if (result == 0)
        result = dw_zones_parse(&layout, text, strlen(text), &rules, &err);
    if (result < 0) {
        dw_problem_of(call->response, result, &err);
        return;
    }
    struct dw_store *store = dw_answer_take_store(call);
    struct dw_preview_zone *zones = dw_alloc_array0(layout.zone_count + 1, sizeof(*zones));
    if (store != NULL) {
        result = dw_preview(store, call->names[0], from_us, &layout, zones, &err);
        if (result < 0)
            dw_problem_of(call->response, result, &err);
        else
            put_preview(call, &layout, zones);
        dw_answer_give_store(call, store, result);
    }
    free(zones);
    dw_layout_fini(&layout);
}

void dw_route_layout_preview(struct dw_call *call)
{
    char *layout = NULL;
    double hours = 24;
    const struct dw_field fields[] = {
        { "layout", DW_FIELD_OBJECT, true, &layout },
        { "hours", DW_FIELD_REAL, false, &hours },
    };
    struct dw_json_body body = { 0 };
    if (dw_json_body_read(&body, call->request, fields, DW_LENGTH(fields), call->response)) {
        if (hours > 0 && hours <= HOURS_MAX)
            preview(call, layout, dw_now_us() - dw_time_from_seconds(hours * 3600));
        else
            dw_problem_at(call->response, "/hours", "wants a number up to 168: a week");
    }
    free(layout);
    dw_json_body_fini(&body);
}
