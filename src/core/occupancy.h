/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many people are in each zone right now, and who. It is fed with those seen on each frame
 * (struct dw_lane_output, `live`), not with what the tracker tells later and smoothed: a change is
 * told on the frame that shows it.
 *
 * The rules are those of visits (docs/visit-model.md). Somebody counts once they have been inside
 * for enter_after, an excursion outside of up to `grace` and being unseen for up to `bridge` do not
 * end it; whoever is seen again within `link` counts again, as the same stay. What is not known yet
 * is not guessed: the count falls when grace or bridge has run out, while the visit will have ended
 * at the last presence. Reports, made afterwards, use that; alerts use this.
 *
 * Media time in microseconds. Pure; one thread at a time.
 */
#ifndef DW_CORE_OCCUPANCY_H
#define DW_CORE_OCCUPANCY_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/track.h"
#include "core/zone.h"

/* While nothing is measured nobody knows how many there are: not 0. */
#define DW_PEOPLE_UNKNOWN (-1)

struct dw_occupancy_conf {
    const struct dw_layout *layout; /* borrowed, must outlive it */
    int width_px, height_px;        /* of the picture */
    int64_t start_wall_us;          /* wall time of media time 0: where quarter hours begin */
};

/* Somebody who counts in a zone now. */
struct dw_present {
    int zone;
    int64_t person;
    int64_t enter_us;
    int64_t dwell_us; /* up to the last presence, less absences that re-entry forgave */
};

/* From this moment on there are so many in the zone. */
struct dw_occupancy_change {
    int zone;
    int64_t time_us;
    int people; /* DW_PEOPLE_UNKNOWN from where a gap begins */
};

/* What a quarter hour of wall time was like in a zone, as far as it was measured. */
struct dw_occupancy_quarter {
    int zone;
    int64_t start_us; /* of the quarter hour; may be before 0 */
    int64_t measured_us, person_us;
    int peak;
};

/* What came of a frame; valid until the next call. */
struct dw_occupancy_output {
    const struct dw_occupancy_change *changes;
    size_t change_count;
    const struct dw_occupancy_quarter *quarters; /* those that ended */
    size_t quarter_count;
};

struct dw_occupancy;

struct dw_occupancy *dw_occupancy_create(const struct dw_occupancy_conf *conf);
void dw_occupancy_destroy(struct dw_occupancy *occupancy);
DW_DEFINE_AUTO(occupancy)

/* What is seen on a frame, which stands for [time, time + interval). */
struct dw_occupancy_input {
    int64_t time_us, interval_us;
    const struct dw_sighting *live;
    size_t count;
};

/* The next frame; times rise. The first one, and that after a gap, tells every zone's count. */
struct dw_occupancy_output dw_occupancy_step(struct dw_occupancy *occupancy,
                                             const struct dw_occupancy_input *input);

/* From `end_us` on nothing is measured: everybody is forgotten, no count is known any more. */
struct dw_occupancy_output dw_occupancy_stop(struct dw_occupancy *occupancy, int64_t end_us);

/* The same at the end of all measuring: tells the quarter hours that are going on, too. */
struct dw_occupancy_output dw_occupancy_finish(struct dw_occupancy *occupancy, int64_t end_us);

/* Who counts now, in every zone. */
const struct dw_present *dw_occupancy_present(const struct dw_occupancy *occupancy, size_t *count);

/* How many in one zone, or DW_PEOPLE_UNKNOWN. */
int dw_occupancy_people(const struct dw_occupancy *occupancy, int zone);

#endif
