/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the report share; private to insight/report*.c and their tests. */
#ifndef DW_INSIGHT_REPORT_IMPL_H
#define DW_INSIGHT_REPORT_IMPL_H

#include "insight/report.h"

/* Computes a zone's figures from its stays and spans. */
void dw_report_zone_compute(struct dw_report_zone *zone, bool include_staff);

/* People present at once: the most within each of `count` equal slices of [start, end). */
void dw_report_zone_occupancy(const struct dw_report_zone *zone, struct dw_span span,
                              size_t *slices, size_t count);

/* Computes its variants; after its figures. */
void dw_report_zone_doubt(struct dw_report_zone *zone, bool include_staff);
void dw_report_note_doubt(struct dw_report *report, const struct dw_report_zone *zone);

/* Writes report->notes. */
void dw_report_write_notes(struct dw_report *report);

#endif
