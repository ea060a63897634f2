/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever bytes are taken for zones must keep the promises of core/zone.h. */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "conf/zones.h"
#include "core/alert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_zone(const struct dw_zone *zone)
{
    assert(zone->name[0] != '\0' && strlen(zone->name) < DW_ZONE_NAME_MAX);
    assert(zone->corner_count >= 3 && zone->corner_count <= DW_ZONE_CORNERS_MAX);
    assert(zone->target_side >= 0 && (size_t)zone->target_side <= zone->corner_count);
    assert(zone->events != 0);
    assert(zone->rules.grace_us >= 0 && zone->rules.bridge_us >= 0);
    assert(dw_zone_area(zone) > 0 && dw_zone_self_crossings(zone) == 0);
    struct dw_point point = zone->corners[0];
    assert(isfinite(dw_zone_depth(zone, point, 1920, 1080)));
}

static void check_alert(const struct dw_layout *layout, const struct dw_alert_rule *rule)
{
    bool level = rule->kind == DW_ALERT_OCCUPANCY || rule->kind == DW_ALERT_QUEUE;
    assert(rule->name[0] != '\0' && strlen(rule->name) < DW_ZONE_NAME_MAX);
    assert(rule->zone >= 0 && (size_t)rule->zone < layout->zone_count);
    assert(level ? rule->clear_below >= 1 && rule->clear_below <= rule->people : rule->people == 0);
    assert(rule->for_us >= 0 && rule->wait_us >= 0 && rule->clear_us >= 0);
    assert(rule->cooldown_us >= 0 && rule->repeat_us >= 0);
    assert(rule->hours.count <= DW_HOURS_SPANS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_layout layout = { 0 };
    struct dw_err err = { { 0 } };
    struct dw_zone_rules rules = dw_zone_rules_default();
    int code = dw_zones_parse(&layout, (const char *)data, size, &rules, &err);
    assert((code == 0) == (err.text[0] == '\0'));
    assert(code == 0 || layout.zone_count + layout.line_count + layout.mask_count == 0);
    for (size_t i = 0; i < layout.zone_count; i++)
        check_zone(&layout.zones[i]);
    for (size_t i = 0; i < layout.alert_count; i++)
        check_alert(&layout, &layout.alerts[i]);
    dw_layout_fini(&layout);
    return 0;
}
