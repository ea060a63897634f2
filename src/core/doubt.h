/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far do the figures depend on settings that nobody can know? The same detections measured
 * again beside the lane, with the patience for hidden people halved and doubled. Costs as much CPU
 * as that many lanes, and no detection. Pure; one thread at a time.
 */
#ifndef DW_CORE_DOUBT_H
#define DW_CORE_DOUBT_H

#include "core/lane.h"

enum dw_variant {
    DW_VARIANT_BRIDGE_HALF, /* zone.bridge and track.lost */
    DW_VARIANT_BRIDGE_TWICE,
    DW_VARIANT_LINK_HALF, /* zone.link, link.stand and link.move */
    DW_VARIANT_LINK_TWICE,
    DW_VARIANT_COUNT
};

/* "half the bridge", ...; as they are shown and stored. -1 for unknown words. */
const char *dw_variant_name(enum dw_variant variant);
int dw_variant_parse(const char *name);

/* A visit as it would have been; passes are left out. */
struct dw_doubt_visit {
    enum dw_variant variant;
    struct dw_visit visit;
};

struct dw_doubt;

/* The lane it stands beside; its layout is copied. */
struct dw_doubt *dw_doubt_create(const struct dw_lane_conf *conf);
void dw_doubt_destroy(struct dw_doubt *doubt);
DW_DEFINE_AUTO(doubt)

/* As of lanes. They return how many visits became final; those stay valid until the next call. */
size_t dw_doubt_step(struct dw_doubt *doubt, const struct dw_track_input *input,
                     const struct dw_doubt_visit **visits);
size_t dw_doubt_gap(struct dw_doubt *doubt, int64_t resume_us,
                    const struct dw_doubt_visit **visits);
size_t dw_doubt_finish(struct dw_doubt *doubt, int64_t end_us, enum dw_end_reason reason,
                       const struct dw_doubt_visit **visits);

#endif
