/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/local_day.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/wall_time.h"

#define ZONEINFO "/usr/share/zoneinfo"
#define QUARTER_US (900 * DW_SECOND_US)
#define HOUR_US (3600 * DW_SECOND_US)
#define DAY_US (86400 * DW_SECOND_US)
#define DAY_HOURS 24
#define DAY_QUARTERS 96
#define WEEK 7

/* The C library takes a name that it does not know for UTC and says nothing. */
int dw_local_zone_set(const char *name, struct dw_err *err)
{
    char path[256];
    struct stat file;
    const char *zone = name != NULL ? name : "UTC";
    int length = snprintf(path, sizeof(path), ZONEINFO "/%s", zone);
    bool plain = *zone != '\0' && *zone != '/' && strchr(zone, '.') == NULL;
    bool known =
        plain && length < (int)sizeof(path) && stat(path, &file) == 0 && S_ISREG(file.st_mode);
    if (name != NULL && !known)
        return dw_fail(
            err, -EINVAL,
            "time zone '%s' is not known here: write it like Europe/Berlin, as in " ZONEINFO, name);
    if (setenv("TZ", name != NULL ? name : "UTC0", 1) != 0)
        return dw_fail(err, -errno, "time zone '%s' cannot be set: %s", zone, strerror(errno));
    tzset();
    return 0;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

static struct tm local_of(int64_t wall_us)
{
    time_t seconds = (time_t)floor_divide(wall_us, DW_SECOND_US);
    struct tm tm = { 0 };
    localtime_r(&seconds, &tm);
    return tm;
}

int64_t dw_local_offset(int64_t wall_us)
{
    return local_of(wall_us).tm_gmtoff * DW_SECOND_US;
}

/* The least of a year, in steps shorter than any winter; it is the winter's, north and south. */
int64_t dw_local_standard_offset(int64_t wall_us)
{
    int64_t least_us = dw_local_offset(wall_us);
    for (int quarter = 1; quarter < 4; quarter++) {
        int64_t then_us = dw_local_offset(wall_us + INT64_C(91) * quarter * DAY_US);
        least_us = then_us < least_us ? then_us : least_us;
    }
    return least_us;
}

int64_t dw_local_day(int64_t wall_us)
{
    struct tm tm = local_of(wall_us);
    tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
    return floor_divide((int64_t)timegm(&tm), 86400);
}

int dw_local_hour(int64_t wall_us)
{
    return local_of(wall_us).tm_hour;
}

/* The C library is asked once a day, but where the clocks changed. */
void dw_local_hours(int *hours, int64_t first_quarter, size_t count, int64_t first_day)
{
    bool steady = false;
    int64_t at_us = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t wall_us = (first_quarter + (int64_t)i) * QUARTER_US;
        if (i % DAY_QUARTERS == 0)
            steady = dw_local_offset(wall_us) == dw_local_offset(wall_us + DAY_US);
        if (i % DAY_QUARTERS == 0 || !steady)
            at_us = dw_local_offset(wall_us);
        hours[i] = (int)(floor_divide(wall_us + at_us, HOUR_US) - first_day * DAY_HOURS);
    }
}

/* Searched for rather than asked of mktime(): where clocks jump at midnight no 00:00 exists. */
int64_t dw_local_day_start(int64_t day)
{
    int64_t midnight = day * (DAY_US / QUARTER_US);
    int64_t before = midnight - 64, from = midnight + 64; /* zones are at most 14 hours off */
    while (from - before > 1) {
        int64_t middle = before + (from - before) / 2;
        if (dw_local_day(middle * QUARTER_US) >= day)
            from = middle;
        else
            before = middle;
    }
    return from * QUARTER_US;
}

int dw_local_weekday(int64_t day)
{
    return (int)((day + 3) % WEEK + WEEK) % WEEK; /* 1970-01-01 was a Thursday */
}

const char *dw_local_date(char out[DW_DATE_SIZE], int64_t day)
{
    char text[DW_ISO8601_SIZE];
    snprintf(out, DW_DATE_SIZE, "%.10s", dw_time_iso8601(text, day * DAY_US));
    return out;
}

int dw_local_date_parse(int64_t *day, const char *text, struct dw_err *err)
{
    int64_t midnight_us = 0;
    struct dw_err why = { { 0 } };
    if (strlen(text) != strlen("2026-11-22") || dw_time_parse(&midnight_us, text, &why) < 0)
        return dw_fail(err, -EINVAL, "'%s' is no date: write it like 2026-11-22", text);
    *day = floor_divide(midnight_us, DAY_US);
    return 0;
}
