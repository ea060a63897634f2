/* SPDX-License-Identifier: Apache-2.0 */
/* The short table an analysis ends with; `dwell report` says more. */
#ifndef DW_CMD_SUMMARY_H
#define DW_CMD_SUMMARY_H

#include "base/vec.h"
#include "core/lane.h"
#include "core/visit.h"
#include "engine/analysis.h"

struct dw_summary {
    DW_VEC(struct dw_visit) visits; /* and passes */
    DW_VEC(struct dw_crossing) crossings;
};

void dw_summary_take(struct dw_summary *summary, const struct dw_lane_output *output);

/* Prints to standard output. */
void dw_summary_print(const struct dw_summary *summary, const struct dw_layout *layout,
                      const struct dw_analysis_result *result);

void dw_summary_fini(struct dw_summary *summary);

#endif
