/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measuring again without video: a zone drawn wrong on Monday is redrawn on Friday, and its visits
 * are found anew in the foot tracks of the store, by the rules of docs/visit-model.md. Foot tracks
 * hold two points a second; between them people are taken to have walked straight on. How far that
 * agrees with what was measured from the pictures is said in docs/remeasure.md.
 *
 * Each run that overlaps the period is measured again whole, for those zones of the layout that it
 * did not measure just so; zones that the layout does not name, and lines, stay as they are. What
 * was measured before stays beside the new (dw_store_recall()), and is recalled, not made again,
 * when a zone is drawn back. Roles are those the person had; facing and speeds are not measured;
 * the score is the mean of the person's earlier visits.
 */
#ifndef DW_INSIGHT_REMEASURE_H
#define DW_INSIGHT_REMEASURE_H

#include "core/zone.h"
#include "store/store_read.h"

struct dw_remeasure_conf {
    const char *camera;     /* NULL: the only one there is */
    int64_t from_us, to_us; /* wall time; 0: no such end */
    const struct dw_layout *layout;
    bool dry_run; /* says what would change, and changes nothing */
};

/* Of all the runs that were looked at. */
struct dw_remeasure_figures {
    size_t visits, passes;
    double median_s; /* as in reports; INFINITY when it is not known */
};

struct dw_remeasure_zone {
    const char *name; /* of the layout's zone */
    struct dw_remeasure_figures before, after;
    size_t kept, recalled, measured; /* runs: just so already, an earlier revision, anew */
};

/* Fills `zones`, as many as the layout has. One transaction: all or nothing. */
int dw_remeasure(struct dw_store *store, const struct dw_remeasure_conf *conf,
                 struct dw_remeasure_zone *zones, struct dw_err *err);

#endif
