/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hours.h"

#define MINUTE_US INT64_C(60000000)
#define DAY_MIN 1440
#define WEEK_MIN 10080
#define THURSDAY_MIN 4320

int dw_hours_week_minute(int64_t local_us)
{
    int64_t minute = local_us / MINUTE_US - (local_us % MINUTE_US < 0 ? 1 : 0);
    minute = (minute + THURSDAY_MIN) % WEEK_MIN; /* 1970-01-01 was one */
    return (int)(minute < 0 ? minute + WEEK_MIN : minute);
}

static bool span_open(const struct dw_hours_span *span, int week_minute)
{
    for (int day = 0; day < 7; day++) {
        int passed_min = (week_minute - day * DAY_MIN - span->from_min + WEEK_MIN) % WEEK_MIN;
        if ((span->days & 1U << day) != 0 && passed_min < span->minutes)
            return true;
    }
    return false;
}

bool dw_hours_open(const struct dw_hours *hours, int week_minute)
{
    for (size_t i = 0; i < hours->count; i++)
        if (span_open(&hours->spans[i], week_minute))
            return true;
    return hours->count == 0;
}
