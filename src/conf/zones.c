/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/zones.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "base/suggest.h"
#include "base/wall_time.h"
#include "conf/alerts.h"
#include "conf/file.h"
#include "conf/option.h"

#define OVERHANG 0.2

static const char *const event_types[] = {
    "count", "linecrossing", "persondistance", "zonecrossing", "zonedwelltime",
};

static const unsigned event_bits[] = {
    DW_EVENT_COUNT,         DW_EVENT_LINE_CROSSING, DW_EVENT_DISTANCE,
    DW_EVENT_ZONE_CROSSING, DW_EVENT_ZONE_DWELL,
};

#define STAFF_AFTER_MOST_S 86400

/* Of the format's own; others are settings. */
static const char *const zone_keys[] = {
    "alerts", "color", "events", "name", "polygon", "staff", "target_side", "threshold",
};

static int fail_key(const char *key, const char *const *known, size_t count, struct dw_err *err)
{
    const char *near = dw_suggest(key, known, count);
    if (near != NULL)
        return dw_fail(err, -EINVAL, "unknown key '%.80s'; did you mean '%s'?", key, near);
    return dw_fail(err, -EINVAL, "unknown key '%.80s'", key);
}

static bool is_known(const char *key, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(key, known[i]) == 0)
            return true;
    return false;
}

static int check_keys(const json_t *object, const char *const *known, size_t count,
                      struct dw_err *err)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!is_known(key, known, count))
            return fail_key(key, known, count, err);
    }
    return 0;
}

static int read_name(char out[DW_ZONE_NAME_MAX], const json_t *object, struct dw_err *err)
{
    const json_t *name = json_object_get(object, "name");
    const char *text = json_string_value(name);
    if (text == NULL || *text == '\0')
        return dw_fail(err, -EINVAL, "wants a \"name\"");
    if (strlen(text) >= DW_ZONE_NAME_MAX)
        return dw_fail(err, -EINVAL, "the name '%.20s...' is longer than %d bytes", text,
                       DW_ZONE_NAME_MAX - 1);
    memcpy(out, text, strlen(text) + 1);
    return 0;
}

/* A zone may reach a little over the picture's edge, because feet do; pixels and percent may not.
 */
static int check_coordinate(double value, const char *what, struct dw_err *err)
{
    if (value < -OVERHANG || value > 1 + OVERHANG)
        return dw_fail(err, -EINVAL,
                       "%s is %g; coordinates go from 0 to 1 (share of the picture's width or "
                       "height, not pixels)",
                       what, value);
    return 0;
}

static int read_corner(struct dw_point *out, const json_t *pair, size_t number, struct dw_err *err)
{
    const json_t *x = json_array_get(pair, 0), *y = json_array_get(pair, 1);
    if (json_array_size(pair) != 2 || !json_is_number(x) || !json_is_number(y))
        return dw_fail(err, -EINVAL, "corner %zu wants two numbers like [0.25, 0.6]", number);
    char what[48];
    *out = (struct dw_point){ json_number_value(x), json_number_value(y) };
    snprintf(what, sizeof(what), "x of corner %zu", number);
    int r = check_coordinate(out->x, what, err);
    if (r < 0)
        return r;
    snprintf(what, sizeof(what), "y of corner %zu", number);
    return check_coordinate(out->y, what, err);
}

static bool same_point(struct dw_point a, struct dw_point b)
{
    return a.x == b.x && a.y == b.y;
}

static int check_shape(const struct dw_zone *zone, struct dw_err *err)
{
    for (size_t i = 0; i < zone->corner_count; i++)
        if (same_point(zone->corners[i], zone->corners[(i + 1) % zone->corner_count]))
            return dw_fail(err, -EINVAL, "corner %zu is repeated; remove one of the two", i + 1);
    if (dw_zone_self_crossings(zone) > 0)
        return dw_fail(err, -EINVAL,
                       "the polygon crosses itself; list the corners in order around the zone");
    if (dw_zone_area(zone) < 1e-6)
        return dw_fail(err, -EINVAL, "the polygon has no area; its corners lie on one line");
    return 0;
}

static int read_polygon(struct dw_zone *zone, const json_t *polygon, struct dw_err *err)
{
    size_t count = json_array_size(polygon);
    if (!json_is_array(polygon))
        return dw_fail(err, -EINVAL, "wants a \"polygon\" like [[x,y],[x,y],[x,y],[x,y]]");
    if (count > DW_ZONE_CORNERS_MAX + 1)
        return dw_fail(err, -EINVAL, "has %zu corners; at most %d are possible", count - 1,
                       DW_ZONE_CORNERS_MAX);
    struct dw_point corners[DW_ZONE_CORNERS_MAX + 1]; /* the last one repeats the first */
    for (size_t i = 0; i < count; i++) {
        int r = read_corner(&corners[i], json_array_get(polygon, i), i + 1, err);
        if (r < 0)
            return r;
    }
    bool closed = count > 1 && same_point(corners[0], corners[count - 1]);
    size_t distinct = closed ? count - 1 : count;
    if (distinct < 3)
        return dw_fail(err, -EINVAL, "a polygon wants 3 corners or more, got %zu", distinct);
    if (!closed)
        return dw_fail(err, -EINVAL,
                       "the polygon is not closed; repeat its first corner [%g, %g] at the end",
                       corners[0].x, corners[0].y);
    memcpy(zone->corners, corners, distinct * sizeof(corners[0]));
    zone->corner_count = distinct;
    return check_shape(zone, err);
}

static int read_focus(enum dw_anchor *anchor, const json_t *focus, struct dw_err *err)
{
    if (focus == NULL)
        return 0;
    static const char *const names[] = { "footprint", "bottom_center", "center" };
    const char *text = json_string_value(focus);
    for (size_t i = 0; text != NULL && i < DW_LENGTH(names); i++)
        if (strcmp(text, names[i]) == 0) {
            *anchor = (enum dw_anchor)i;
            return 0;
        }
    return dw_fail(err, -EINVAL, "\"focus\" wants footprint, bottom_center or center");
}

static int read_event(unsigned *events, enum dw_anchor *anchor, const json_t *event,
                      struct dw_err *err)
{
    const char *type = json_string_value(json_object_get(event, "type"));
    if (type == NULL)
        return dw_fail(err, -EINVAL, "each of \"events\" wants a \"type\"");
    for (size_t i = 0; i < DW_LENGTH(event_types); i++)
        if (strcmp(type, event_types[i]) == 0) {
            *events |= event_bits[i];
            const json_t *config = json_object_get(event, "config");
            return read_focus(anchor, json_object_get(config, "focus"), err);
        }
    const char *near = dw_suggest(type, event_types, DW_LENGTH(event_types));
    return dw_fail(err, -EINVAL, "unknown event type '%.80s'; did you mean '%s'?", type,
                   near != NULL ? near : "zonecrossing");
}

static int read_events(unsigned *events, enum dw_anchor *anchor, const json_t *list,
                       struct dw_err *err)
{
    if (list == NULL)
        return 0;
    if (!json_is_array(list))
        return dw_fail(err, -EINVAL, "\"events\" wants a list");
    for (size_t i = 0; i < json_array_size(list); i++) {
        int r = read_event(events, anchor, json_array_get(list, i), err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* A key beside "name" that is none of the format's own: a setting of the visit model. */
static int read_setting(struct dw_zone_rules *rules, const char *key, const json_t *value,
                        struct dw_err *err)
{
    size_t count = 0;
    const struct dw_option *options = dw_options(&count);
    const char *known[64];
    size_t known_count = DW_LENGTH(zone_keys);
    memcpy(known, zone_keys, sizeof(zone_keys));
    bool found = false;
    char name[64];
    snprintf(name, sizeof(name), "zone.%.50s", key);
    for (size_t i = 0; i < count && known_count < DW_LENGTH(known); i++)
        if (strncmp(options[i].name, "zone.", 5) == 0) {
            known[known_count++] = options[i].name + 5;
            found = found || strcmp(options[i].name, name) == 0;
        }
    if (!found)
        return fail_key(key, known, known_count, err);

    char number[64];
    const char *text = json_string_value(value);
    if (json_is_number(value)) {
        snprintf(number, sizeof(number), "%.17g", json_number_value(value));
        text = number;
    }
    if (text == NULL)
        return dw_fail(err, -EINVAL, "setting '%s' wants a number or a name", key);
    struct dw_settings settings = dw_settings_default();
    settings.zone = *rules;
    int r = dw_settings_set_value(&settings, name, text, err);
    if (r == 0)
        *rules = settings.zone;
    return r;
}

static int read_settings(struct dw_zone *zone, json_t *object, struct dw_err *err)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        if (is_known(key, zone_keys, DW_LENGTH(zone_keys)))
            continue;
        int r = read_setting(&zone->rules, key, value, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int read_staff(struct dw_zone *zone, const json_t *staff, struct dw_err *err)
{
    double after_s = json_is_number(staff) ? json_number_value(staff) : 1;
    zone->staff = json_is_true(staff) || json_is_string(staff) || json_is_number(staff);
    if ((staff != NULL && !json_is_boolean(staff) && !zone->staff) || !(after_s >= 1) ||
        after_s > STAFF_AFTER_MOST_S)
        return dw_fail(err, -EINVAL, "\"staff\" wants true, false, hours, or seconds from 1 to %d",
                       STAFF_AFTER_MOST_S);
    if (json_is_number(staff))
        zone->staff_after_us = dw_time_from_seconds(after_s);
    return json_is_string(staff) ? dw_hours_parse(&zone->staff_hours, json_string_value(staff), err)
                                 : 0;
}

static int read_target_side(struct dw_zone *zone, const json_t *side, struct dw_err *err)
{
    if (side == NULL || json_is_null(side))
        return 0;
    json_int_t number = json_integer_value(side);
    if (!json_is_integer(side) || number < 1 || number > (json_int_t)zone->corner_count)
        return dw_fail(err, -EINVAL, "\"target_side\" wants an edge number from 1 to %zu",
                       zone->corner_count);
    zone->target_side = (int)number;
    return 0;
}

static int read_zone(struct dw_zone *zone, json_t *object, const struct dw_zone_rules *defaults,
                     struct dw_err *err)
{
    zone->rules = *defaults;
    int r = read_name(zone->name, object, err);
    if (r < 0)
        return r;
    r = read_polygon(zone, json_object_get(object, "polygon"), err);
    if (r == 0)
        r = read_target_side(zone, json_object_get(object, "target_side"), err);
    if (r == 0)
        r = read_staff(zone, json_object_get(object, "staff"), err);
    if (r == 0)
        r = read_events(&zone->events, &zone->rules.anchor, json_object_get(object, "events"), err);
    if (r == 0)
        r = read_settings(zone, object, err);
    if (zone->events == 0)
        zone->events = DW_EVENT_ZONE_CROSSING | DW_EVENT_ZONE_DWELL;
    return r < 0 ? dw_fail_within(err, r, "zone '%s'", zone->name) : 0;
}

static int check_alert_name(const struct dw_layout *layout, const struct dw_alert_rule *rule,
                            struct dw_err *err)
{
    for (size_t i = 0; i < layout->alert_count; i++)
        if (layout->alerts[i].zone == rule->zone && strcmp(layout->alerts[i].name, rule->name) == 0)
            return dw_fail(err, -EINVAL, "two alerts are called '%s'; give one another \"name\"",
                           rule->name);
    return 0;
}

/* Those of a zone go behind those of the zones before. */
static int read_alerts(struct dw_layout *layout, size_t zone, const json_t *list,
                       struct dw_err *err)
{
    size_t count = json_array_size(list);
    if (list == NULL)
        return 0;
    if (!json_is_array(list) || count > DW_ALERTS_MAX)
        return dw_fail(err, -EINVAL, "zone '%s': \"alerts\" wants a list of at most %d",
                       layout->zones[zone].name, DW_ALERTS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct dw_alert_rule rule = { 0 };
        int r = dw_alert_rule_read(&rule, json_array_get(list, i), err);
        rule.zone = (int)zone;
        if (r == 0)
            r = check_alert_name(layout, &rule, err);
        if (r < 0)
            return dw_fail_within(err, r, "zone '%s': alert %zu", layout->zones[zone].name, i + 1);
        layout->alerts[layout->alert_count++] = rule;
    }
    return 0;
}

static int read_end(struct dw_point *out, const json_t *end, const char *name, struct dw_err *err)
{
    const json_t *x = json_object_get(end, "x"), *y = json_object_get(end, "y");
    if (!json_is_number(x) || !json_is_number(y))
        return dw_fail(err, -EINVAL, "wants \"line\": {\"start\": {\"x\",\"y\"}, \"end\": ...}");
    char what[32];
    *out = (struct dw_point){ json_number_value(x), json_number_value(y) };
    snprintf(what, sizeof(what), "x of its %s", name);
    int r = check_coordinate(out->x, what, err);
    if (r < 0)
        return r;
    snprintf(what, sizeof(what), "y of its %s", name);
    return check_coordinate(out->y, what, err);
}

static int read_line(struct dw_line *line, json_t *object, const struct dw_zone_rules *defaults,
                     struct dw_err *err)
{
    static const char *const line_keys[] = { "events", "line", "name" };
    line->anchor = defaults->anchor;
    int r = read_name(line->name, object, err);
    if (r < 0)
        return r;
    const json_t *ends = json_object_get(object, "line");
    r = check_keys(object, line_keys, DW_LENGTH(line_keys), err);
    if (r == 0)
        r = read_end(&line->start, json_object_get(ends, "start"), "start", err);
    if (r == 0)
        r = read_end(&line->end, json_object_get(ends, "end"), "end", err);
    if (r == 0 && same_point(line->start, line->end))
        r = dw_fail(err, -EINVAL, "start and end are the same point");
    if (r == 0)
        r = read_events(&line->events, &line->anchor, json_object_get(object, "events"), err);
    if (line->events == 0)
        line->events = DW_EVENT_LINE_CROSSING;
    return r < 0 ? dw_fail_within(err, r, "line '%s'", line->name) : 0;
}

/* A zone of which nothing but the shape counts. */
static int read_mask(struct dw_zone *mask, const json_t *object, struct dw_err *err)
{
    static const char *const mask_keys[] = { "name", "polygon" };
    int r = read_name(mask->name, object, err);
    if (r < 0)
        return r;
    r = check_keys(object, mask_keys, DW_LENGTH(mask_keys), err);
    if (r == 0)
        r = read_polygon(mask, json_object_get(object, "polygon"), err);
    return r < 0 ? dw_fail_within(err, r, "mask '%s'", mask->name) : 0;
}

static int check_names(const struct dw_layout *layout, struct dw_err *err)
{
    for (size_t i = 0; i < layout->zone_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(layout->zones[i].name, layout->zones[j].name) == 0)
                return dw_fail(err, -EINVAL, "two zones are called '%s'; rename one",
                               layout->zones[i].name);
    for (size_t i = 0; i < layout->line_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(layout->lines[i].name, layout->lines[j].name) == 0)
                return dw_fail(err, -EINVAL, "two lines are called '%s'; rename one",
                               layout->lines[i].name);
    return 0;
}

static int read_list_sizes(struct dw_layout *layout, const json_t *root, struct dw_err *err)
{
    const json_t *zones = json_object_get(root, "zones"), *lines = json_object_get(root, "lines");
    const json_t *masks = json_object_get(root, "masks");
    bool fine = json_is_object(root) && (zones == NULL || json_is_array(zones)) &&
                (lines == NULL || json_is_array(lines)) && (masks == NULL || json_is_array(masks));
    if (!fine || (zones == NULL && lines == NULL && masks == NULL))
        return dw_fail(err, -EINVAL, "wants {\"zones\": [...]} with a list of zones");
    size_t zone_count = json_array_size(zones), line_count = json_array_size(lines);
    size_t mask_count = json_array_size(masks);
    if (zone_count > DW_ZONES_MAX || line_count > DW_ZONES_MAX || mask_count > DW_ZONES_MAX)
        return dw_fail(err, -EINVAL,
                       "has %zu zones, lines and masks; at most %d of each are possible",
                       zone_count + line_count + mask_count, DW_ZONES_MAX);
    layout->zones = dw_alloc_array0(zone_count, sizeof(*layout->zones));
    layout->lines = dw_alloc_array0(line_count, sizeof(*layout->lines));
    layout->zone_count = zone_count;
    layout->line_count = line_count;
    layout->masks = dw_alloc_array0(mask_count, sizeof(*layout->masks));
    layout->mask_count = mask_count;
    size_t alert_count = 0;
    for (size_t i = 0; i < zone_count; i++)
        alert_count += DW_MIN(json_array_size(json_object_get(json_array_get(zones, i), "alerts")),
                              (size_t)DW_ALERTS_MAX);
    layout->alerts = dw_alloc_array0(alert_count, sizeof(*layout->alerts));
    return 0;
}

static int read_masks(struct dw_layout *layout, const json_t *masks, struct dw_err *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < layout->mask_count; i++) {
        r = read_mask(&layout->masks[i], json_array_get(masks, i), err);
        if (r < 0 && layout->masks[i].name[0] == '\0')
            dw_fail_within(err, r, "mask %zu", i + 1);
    }
    return r;
}

static int read_root(struct dw_layout *layout, const json_t *root,
                     const struct dw_zone_rules *defaults, struct dw_err *err)
{
    static const char *const keys[] = { "lines", "masks", "zones" };
    int r = check_keys(root, keys, DW_LENGTH(keys), err);
    if (r == 0)
        r = read_list_sizes(layout, root, err);
    const json_t *zones = json_object_get(root, "zones"), *lines = json_object_get(root, "lines");
    for (size_t i = 0; r == 0 && i < layout->zone_count; i++) {
        r = read_zone(&layout->zones[i], json_array_get(zones, i), defaults, err);
        if (r < 0 && layout->zones[i].name[0] == '\0')
            dw_fail_within(err, r, "zone %zu", i + 1);
        if (r == 0)
            r = read_alerts(layout, i, json_object_get(json_array_get(zones, i), "alerts"), err);
    }
    for (size_t i = 0; r == 0 && i < layout->line_count; i++) {
        r = read_line(&layout->lines[i], json_array_get(lines, i), defaults, err);
        if (r < 0 && layout->lines[i].name[0] == '\0')
            dw_fail_within(err, r, "line %zu", i + 1);
    }
    if (r == 0)
        r = read_masks(layout, json_object_get(root, "masks"), err);
    return r == 0 ? check_names(layout, err) : r;
}

int dw_zones_parse(struct dw_layout *out, const char *text, size_t length,
                   const struct dw_zone_rules *defaults, struct dw_err *err)
{
    json_error_t problem;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        return dw_fail(err, -EINVAL, "is no JSON: line %d: %s", problem.line, problem.text);
    struct dw_layout layout = { 0 };
    int r = read_root(&layout, root, defaults, err);
    json_decref(root);
    if (r < 0)
        dw_layout_fini(&layout);
    else
        *out = layout;
    return r;
}

int dw_zones_load(struct dw_layout *out, const char *path, const struct dw_zone_rules *defaults,
                  struct dw_err *err)
{
    struct dw_buf text = { 0 };
    int r = dw_file_read(&text, path, 16 << 20, err);
    if (r == 0) {
        struct dw_layout layout = { 0 };
        r = dw_zones_parse(&layout, dw_buf_text(&text), text.length, defaults, err);
        if (r == 0 && layout.zone_count + layout.line_count == 0)
            r = dw_fail(err, -EINVAL, "has neither zones nor lines; draw one");
        if (r == 0)
            *out = layout;
        else
            dw_layout_fini(&layout);
        if (r < 0)
            dw_fail_within(err, r, "%s", path);
    }
    dw_buf_fini(&text);
    return r;
}
