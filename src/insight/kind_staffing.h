/* SPDX-License-Identifier: Apache-2.0 */
/* What the report on staffing reads; private to insight/kind_staffing*.c. */
#ifndef DW_INSIGHT_KIND_STAFFING_H
#define DW_INSIGHT_KIND_STAFFING_H

#include "insight/exceptions.h"
#include "insight/report_kind.h"
#include "insight/staffing.h"

/* Four years; a day of a zone takes 2.5 KB while it is read. */
#define DW_STAFFING_DAYS_MAX 1500

/* One zone on each of the days. */
struct dw_staffing_zone {
    const char *label; /* of the places */
    struct dw_exception_day *days;
    size_t exceptions;
};

struct dw_staffing_data {
    struct dw_report_places places;
    int64_t first_day;
    size_t day_count;
    struct dw_staffing_day *days; /* all zones together */
    DW_VEC(struct dw_staffing_zone) zones;
};

/* Free with dw_staffing_data_fini(), after a failure too. -EINVAL: too many days. */
int dw_staffing_data_read(struct dw_staffing_data *data, struct dw_store *store,
                          const struct dw_report_request *request, struct dw_err *err);
void dw_staffing_data_fini(struct dw_staffing_data *data);

#endif
