/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of report there are; docs/figures.md says what each tells. */
#ifndef DW_INSIGHT_KINDS_H
#define DW_INSIGHT_KINDS_H

#include "insight/report_kind.h"

extern const struct dw_report_kind dw_report_compare;
extern const struct dw_report_kind dw_report_displays;
extern const struct dw_report_kind dw_report_flow;
extern const struct dw_report_kind dw_report_funnel;
extern const struct dw_report_kind dw_report_heat_map;
extern const struct dw_report_kind dw_report_staff;
extern const struct dw_report_kind dw_report_staffing;
extern const struct dw_report_kind dw_report_summary;

#endif
