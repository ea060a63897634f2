/* SPDX-License-Identifier: Apache-2.0 */
/* What `dwell tune` may turn: one axis for each setting of tracking and linking, with its range. */
#ifndef DW_CMD_TUNE_SPACE_H
#define DW_CMD_TUNE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/option.h"

#define DW_TUNE_AXES_MAX 64

struct dw_tune_axis {
    const char *name; /* of the setting */
    double least, most;
    double usual;     /* in the settings that tuning started from */
    bool logarithmic; /* steps are shares of the value */
    bool whole;
};

struct dw_tune_space {
    struct dw_tune_axis axes[DW_TUNE_AXES_MAX];
    size_t count;
};

/* A value on each axis. */
struct dw_tune_point {
    double values[DW_TUNE_AXES_MAX];
};

/* All track.* and link.* settings but those of looks, around their values in `settings`. */
void dw_tune_space_init(struct dw_tune_space *space, const struct dw_settings *settings);

/* The point that the space was made around. */
struct dw_tune_point dw_tune_usual(const struct dw_tune_space *space);

/* The settings with the point's values. */
struct dw_settings dw_tune_settings(const struct dw_tune_space *space,
                                    const struct dw_settings *settings,
                                    const struct dw_tune_point *point);

/* Moves one value by a share of its axis (-1..1), within the range and to three digits. */
void dw_tune_move(const struct dw_tune_space *space, struct dw_tune_point *point, size_t axis,
                  double share);

#endif
