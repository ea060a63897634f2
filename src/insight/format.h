/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures as people read them. Each function writes to `out` and returns it; the text is ASCII.
 * What is not known is "-"; a quantile that was not reached is "> longest".
 */
#ifndef DW_INSIGHT_FORMAT_H
#define DW_INSIGHT_FORMAT_H

#include "insight/report.h"

#define DW_FORMAT_SIZE 48

/* "4.2 s", "3 min 05 s", "1 h 02 min". */
const char *dw_format_seconds(char out[DW_FORMAT_SIZE], double seconds);

/* A setting as it was set: "3 s", "2.5 s", "5 min". */
const char *dw_format_level(char out[DW_FORMAT_SIZE], int64_t level_us);

/* "42 %", and "<1 %" rather than a zero that is none. */
const char *dw_format_percent(char out[DW_FORMAT_SIZE], double share);

const char *dw_format_quantile(char out[DW_FORMAT_SIZE], const struct dw_report_zone *zone,
                               const struct dw_report_quantile *quantile);
const char *dw_format_share(char out[DW_FORMAT_SIZE], const struct dw_report_share *share);

/* The interval of 95 % behind such a figure: "3.1-8.0 s", "3.1 s or more", "31-64 %". */
const char *dw_format_quantile_interval(char out[DW_FORMAT_SIZE],
                                        const struct dw_report_quantile *quantile);
const char *dw_format_share_interval(char out[DW_FORMAT_SIZE], const struct dw_report_share *share);

/* "2026-11-22 09:15:00", UTC. */
const char *dw_format_time(char out[DW_FORMAT_SIZE], int64_t wall_us);

/* Both ends, the day written once when it is the same: "2026-11-22 09:15:00 to 09:25:00 UTC". */
const char *dw_format_span(char out[DW_FORMAT_SIZE], struct dw_span span);

#endif
