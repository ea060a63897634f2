/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers of a sheet share; private to insight/sheet*.c. */
#ifndef DW_INSIGHT_SHEET_WRITE_H
#define DW_INSIGHT_SHEET_WRITE_H

#include "insight/format.h"
#include "insight/sheet.h"

#define DW_SHEET_MARK "SIMULATED, nothing of this was measured"

/* A cell for people: "42 %", and its interval "31-64 %"; "-" when not known. */
void dw_sheet_print_value(char out[DW_FORMAT_SIZE], enum dw_sheet_unit unit, double value);
void dw_sheet_print_interval(char out[DW_FORMAT_SIZE], enum dw_sheet_unit unit,
                             const struct dw_estimate *estimate);

#endif
