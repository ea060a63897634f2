/* SPDX-License-Identifier: Apache-2.0 */
#include "http/occupancy.h"

#include <jansson.h>

void dw_occupancy_each(struct dw_site *site,
                       void (*take)(void *user, const char *camera, const char *zone,
                                    int64_t people),
                       void *user)
{
    struct dw_camera_status status;
    for (size_t i = 0; dw_site_camera_status(site, i, &status) == 0; i++) {
        DW_AUTO(hub_record) *moment = dw_hub_moment(dw_site_hub(site), status.name);
        json_t *root =
            moment != NULL ? json_loadb(moment->json, moment->json_length, 0, NULL) : NULL;
        const json_t *zones = json_object_get(root, "occupancy");
        for (size_t k = 0; k < json_array_size(zones); k++) {
            const json_t *item = json_array_get(zones, k), *count = json_object_get(item, "count");
            const char *zone = json_string_value(json_object_get(item, "zone"));
            if (zone != NULL && json_is_integer(count))
                take(user, status.name, zone, json_integer_value(count));
        }
        json_decref(root);
    }
}
