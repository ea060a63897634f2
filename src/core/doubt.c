/* SPDX-License-Identifier: Apache-2.0 */
#include "core/doubt.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"

struct shadow {
    struct dw_layout layout; /* zones with other rules, no lines */
    struct dw_lane *lane;
};

struct dw_doubt {
    struct shadow shadows[DW_VARIANT_COUNT];
    DW_VEC(struct dw_doubt_visit) visits;
};

static const char *const names[DW_VARIANT_COUNT] = {
    [DW_VARIANT_BRIDGE_HALF] = "half the bridge",
    [DW_VARIANT_BRIDGE_TWICE] = "twice the bridge",
    [DW_VARIANT_LINK_HALF] = "half the link",
    [DW_VARIANT_LINK_TWICE] = "twice the link",
};

const char *dw_variant_name(enum dw_variant variant)
{
    return names[variant];
}

int dw_variant_parse(const char *name)
{
    for (int i = 0; i < DW_VARIANT_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static int64_t scaled(int64_t value_us, bool twice)
{
    return twice ? value_us * 2 : value_us / 2;
}

static bool is_twice(enum dw_variant variant)
{
    return variant == DW_VARIANT_BRIDGE_TWICE || variant == DW_VARIANT_LINK_TWICE;
}

static bool is_bridge(enum dw_variant variant)
{
    return variant == DW_VARIANT_BRIDGE_HALF || variant == DW_VARIANT_BRIDGE_TWICE;
}

static void vary_rules(enum dw_variant variant, struct dw_zone_rules *rules)
{
    int64_t *value_us = is_bridge(variant) ? &rules->bridge_us : &rules->link_us;
    *value_us = scaled(*value_us, is_twice(variant));
}

/* Zones can wait only for people whom the tracker looks for. */
static void vary_track(enum dw_variant variant, struct dw_track_params *track)
{
    bool twice = is_twice(variant);
    if (is_bridge(variant)) {
        track->lost_us = scaled(track->lost_us, twice);
    } else {
        track->link.stand_us = scaled(track->link.stand_us, twice);
        track->link.move_us = scaled(track->link.move_us, twice);
    }
}

static void start_shadow(struct shadow *shadow, enum dw_variant variant,
                         const struct dw_lane_conf *conf)
{
    size_t count = conf->layout->zone_count;
    shadow->layout.zones = dw_alloc_array0(count, sizeof(*shadow->layout.zones));
    shadow->layout.zone_count = count;
    for (size_t i = 0; i < count; i++) {
        shadow->layout.zones[i] = conf->layout->zones[i];
        vary_rules(variant, &shadow->layout.zones[i].rules);
    }
    struct dw_lane_conf varied = *conf;
    varied.layout = &shadow->layout;
    vary_track(variant, &varied.track);
    shadow->lane = dw_lane_create(&varied);
}

struct dw_doubt *dw_doubt_create(const struct dw_lane_conf *conf)
{
    struct dw_doubt *doubt = dw_alloc0(sizeof(*doubt));
    for (int i = 0; i < DW_VARIANT_COUNT; i++)
        start_shadow(&doubt->shadows[i], (enum dw_variant)i, conf);
    return doubt;
}

void dw_doubt_destroy(struct dw_doubt *doubt)
{
    if (doubt == NULL)
        return;
    for (int i = 0; i < DW_VARIANT_COUNT; i++) {
        dw_lane_destroy(doubt->shadows[i].lane);
        dw_layout_fini(&doubt->shadows[i].layout);
    }
    dw_vec_fini(&doubt->visits);
    free(doubt);
}

static void take(struct dw_doubt *doubt, int variant, struct dw_lane_output output)
{
    for (size_t i = 0; i < output.event_count; i++) {
        const struct dw_lane_event *event = &output.events[i];
        if (event->kind == DW_LANE_FINISHED && !event->visit.pass)
            dw_vec_push(&doubt->visits,
                        ((struct dw_doubt_visit){ (enum dw_variant)variant, event->visit }));
    }
}

size_t dw_doubt_step(struct dw_doubt *doubt, const struct dw_track_input *input,
                     const struct dw_doubt_visit **visits)
{
    dw_vec_clear(&doubt->visits);
    for (int i = 0; i < DW_VARIANT_COUNT; i++)
        take(doubt, i, dw_lane_step(doubt->shadows[i].lane, input));
    *visits = doubt->visits.items;
    return doubt->visits.count;
}

size_t dw_doubt_gap(struct dw_doubt *doubt, int64_t resume_us, const struct dw_doubt_visit **visits)
{
    dw_vec_clear(&doubt->visits);
    for (int i = 0; i < DW_VARIANT_COUNT; i++)
        take(doubt, i, dw_lane_gap(doubt->shadows[i].lane, resume_us));
    *visits = doubt->visits.items;
    return doubt->visits.count;
}

size_t dw_doubt_finish(struct dw_doubt *doubt, int64_t end_us, enum dw_end_reason reason,
                       const struct dw_doubt_visit **visits)
{
    dw_vec_clear(&doubt->visits);
    for (int i = 0; i < DW_VARIANT_COUNT; i++)
        take(doubt, i, dw_lane_finish(doubt->shadows[i].lane, end_us, reason));
    *visits = doubt->visits.items;
    return doubt->visits.count;
}
