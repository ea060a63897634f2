/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones (polygons in front of displays) and lines (directed segments), as the user draws them:
 * normalised 0..1, origin top left. The settings are those of docs/visit-model.md, in microseconds.
 * Immutable after loading; any thread may read.
 */
#ifndef DW_CORE_ZONE_H
#define DW_CORE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/box.h"
#include "core/hours.h"

#define DW_ZONE_CORNERS_MAX 64
#define DW_ZONE_NAME_MAX 128
#define DW_ZONES_MAX 1024

struct dw_zone_rules {
    int64_t enter_after_us, grace_us, bridge_us, link_us, reentry_us, min_dwell_us;
    int64_t stop_us, engage_us;
    double hysteresis; /* in box heights */
    enum dw_anchor anchor;
};

/* The defaults of the visit model. */
struct dw_zone_rules dw_zone_rules_default(void);

/* After the last presence nothing can change a visit any more: max(grace, bridge, link, reentry).
 */
int64_t dw_zone_rules_final_us(const struct dw_zone_rules *rules);

/* Which messages of the retired container a zone or line wants; a bit each. */
enum dw_event_kind {
    DW_EVENT_ZONE_CROSSING = 1,
    DW_EVENT_ZONE_DWELL = 2,
    DW_EVENT_LINE_CROSSING = 4,
    DW_EVENT_COUNT = 8,
    DW_EVENT_DISTANCE = 16,
};

struct dw_zone {
    char name[DW_ZONE_NAME_MAX];
    struct dw_point corners[DW_ZONE_CORNERS_MAX]; /* normalised; not closed: last != first */
    size_t corner_count;                          /* >= 3 */
    int target_side;                              /* edge number from 1; 0 none */
    unsigned events;                              /* enum dw_event_kind bits */
    struct dw_zone_rules rules;
    bool staff;                  /* only those who work here stay in it ... */
    int64_t staff_after_us;      /* ... for so long; 0: what is usual */
    struct dw_hours staff_hours; /* ... at these times */
};

struct dw_line {
    char name[DW_ZONE_NAME_MAX];
    struct dw_point start, end; /* normalised */
    unsigned events;
    enum dw_anchor anchor;
};

struct dw_alert_rule; /* core/alert.h */

/* All that is measured on one camera's picture. */
struct dw_layout {
    struct dw_zone *zones;
    size_t zone_count;
    struct dw_line *lines;
    size_t line_count;
    struct dw_zone *masks; /* never to be seen; of these only name and shape count */
    size_t mask_count;
    struct dw_alert_rule *alerts; /* of all zones, in their order */
    size_t alert_count;
};

void dw_layout_fini(struct dw_layout *layout);

/*
 * Whether a normalised point lies inside (even-odd rule). Corner coordinates and the point share
 * one unit; the polygon may cross itself.
 */
bool dw_zone_contains(const struct dw_zone *zone, struct dw_point point);

/*
 * Signed distance from the zone's edge in the unit given by the scale (picture width and height in
 * pixels): positive inside, negative outside.
 */
double dw_zone_depth(const struct dw_zone *zone, struct dw_point point, double width_px,
                     double height_px);

/* The upright rectangle around the zone, normalised. */
void dw_zone_bounds(const struct dw_zone *zone, struct dw_point *least, struct dw_point *most);

/*
 * The edge (from 1: corner 1 to corner 2) that the step from -> to crosses first, 0 when none. With
 * several edges crossed it is the one nearest to `from`.
 */
int dw_zone_crossed_side(const struct dw_zone *zone, struct dw_point from, struct dw_point to);

/* Number of pairs of edges that cross each other: 0 for a simple polygon. */
int dw_zone_self_crossings(const struct dw_zone *zone);

/* Area of the polygon in squared normalised units, by the shoelace formula; sign dropped. */
double dw_zone_area(const struct dw_zone *zone);

/* +1 when from -> to crosses the line from its left to its right, -1 the other way, 0 not at all.
 */
int dw_line_crossed(const struct dw_line *line, struct dw_point from, struct dw_point to);

#endif
