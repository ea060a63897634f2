/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison with truth as a row of a table or a line of JSON. */
#ifndef DW_CMD_SCORE_PRINT_H
#define DW_CMD_SCORE_PRINT_H

#include <stdbool.h>

#include "core/score.h"

void dw_score_print_heading(void);
void dw_score_print_row(const char *name, const struct dw_score *score);

/* `oracle`: of perfect association instead of the measurement. */
void dw_score_print_json(const char *name, const struct dw_score *score, bool oracle);

#endif
