/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison with truth as a row of a table or a line of JSON. */
#ifndef DW_CMD_SCORE_PRINT_H
#define DW_CMD_SCORE_PRINT_H

#include <stdbool.h>

#include "core/mot.h"
#include "core/score.h"

void dw_score_print_heading(void);
void dw_score_print_row(const char *name, const struct dw_score *score);

/* The same for the measures of trackers. */
void dw_score_print_tracks_heading(void);
void dw_score_print_tracks_row(const char *name, const struct dw_mot *mot);

/* `oracle`: of perfect association instead of the measurement. Without true boxes `mot` is NULL. */
void dw_score_print_json(const char *name, const struct dw_score *score, const struct dw_mot *mot,
                         bool oracle);

#endif
