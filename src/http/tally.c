/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tally.h"

#include <jansson.h>
#include <string.h>

const double dw_tally_bounds_s[DW_TALLY_BUCKETS] = {
    1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800
};

void dw_tally_fini(struct dw_tally *tally)
{
    for (size_t i = 0; i < tally->zones.count; i++) {
        free(tally->zones.items[i].camera);
        free(tally->zones.items[i].zone);
    }
    dw_vec_fini(&tally->zones);
}

static struct dw_tally_zone *find(struct dw_tally *tally, const char *camera, const char *zone)
{
    for (size_t i = 0; i < tally->zones.count; i++)
        if (strcmp(tally->zones.items[i].zone, zone) == 0 &&
            strcmp(tally->zones.items[i].camera, camera) == 0)
            return &tally->zones.items[i];
    struct dw_tally_zone *added = dw_vec_add(&tally->zones);
    added->camera = dw_strdup(camera);
    added->zone = dw_strdup(zone);
    return added;
}

static void add_dwell(struct dw_tally_zone *zone, double dwell_s)
{
    zone->visits++;
    zone->dwell_s += dwell_s;
    for (size_t i = 0; i < DW_TALLY_BUCKETS; i++)
        zone->dwell[i] += dwell_s <= dw_tally_bounds_s[i];
}

void dw_tally_add(struct dw_tally *tally, const char *kind, const char *camera, const char *json)
{
    bool visit = strcmp(kind, "visit") == 0, pass = strcmp(kind, "pass") == 0;
    if (!visit && !pass && strcmp(kind, "alert") != 0)
        return;
    json_t *record = json_loads(json, 0, NULL);
    const char *name = json_string_value(json_object_get(record, "zone"));
    const char *role = json_string_value(json_object_get(record, "role"));
    if (name != NULL && (role == NULL || strcmp(role, "staff") != 0)) {
        struct dw_tally_zone *zone = find(tally, camera, name);
        if (visit)
            add_dwell(zone, json_number_value(json_object_get(record, "dwell_s")));
        else if (pass)
            zone->passes++;
        else
            zone->alerts++;
    }
    json_decref(record);
}
