/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wall_time.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

const char *dw_time_iso8601(char out[DW_ISO8601_SIZE], int64_t wall_us)
{
    int64_t seconds = wall_us / DW_SECOND_US, rest = wall_us % DW_SECOND_US;
    if (rest < 0) {
        rest += DW_SECOND_US;
        seconds--;
    }
    time_t clock = (time_t)seconds;
    struct tm utc = { 0 };
    if (gmtime_r(&clock, &utc) == NULL || utc.tm_year > 8099) {
        snprintf(out, DW_ISO8601_SIZE, "invalid");
        return out;
    }
    size_t length = strftime(out, DW_ISO8601_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out + length, DW_ISO8601_SIZE - length, ".%03dZ", (int)(rest / 1000));
    return out;
}

/* Reads exactly `digits` digits and moves on; -1 when they are not there. */
static int take_number(const char **at, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (!isdigit((unsigned char)**at))
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

static bool take(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

static bool take_date(const char **at, struct tm *tm)
{
    tm->tm_year = take_number(at, 4);
    if (tm->tm_year < 1970 || !take(at, '-'))
        return false;
    tm->tm_year -= 1900;
    tm->tm_mon = take_number(at, 2) - 1;
    if (tm->tm_mon < 0 || tm->tm_mon > 11 || !take(at, '-'))
        return false;
    tm->tm_mday = take_number(at, 2);
    /* timegm() moves 30 February on into March. */
    struct tm real = *tm;
    timegm(&real);
    return tm->tm_mday >= 1 && real.tm_mday == tm->tm_mday;
}

static int64_t take_fraction(const char **at)
{
    int64_t us = 0, unit = DW_SECOND_US / 10;
    for (; isdigit((unsigned char)**at); (*at)++, unit /= 10)
        us += (**at - '0') * unit;
    return us;
}

static bool take_clock(const char **at, struct tm *tm, int64_t *fraction_us)
{
    tm->tm_hour = take_number(at, 2);
    if (tm->tm_hour < 0 || tm->tm_hour > 23 || !take(at, ':'))
        return false;
    tm->tm_min = take_number(at, 2);
    if (tm->tm_min < 0 || tm->tm_min > 59)
        return false;
    if (!take(at, ':'))
        return true;
    tm->tm_sec = take_number(at, 2);
    if (tm->tm_sec < 0 || tm->tm_sec > 60)
        return false;
    if (take(at, '.'))
        *fraction_us = take_fraction(at);
    return true;
}

static bool take_offset(const char **at, int64_t *offset_us)
{
    if (take(at, 'Z'))
        return true;
    char sign = **at;
    if (sign != '+' && sign != '-')
        return true;
    (*at)++;
    int hours = take_number(at, 2);
    (void)take(at, ':');
    int minutes = hours >= 0 ? take_number(at, 2) : -1;
    if (hours > 14 || minutes < 0 || minutes > 59)
        return false;
    int64_t offset_s = ((int64_t)hours * 60 + minutes) * 60;
    *offset_us = (sign == '-' ? -offset_s : offset_s) * DW_SECOND_US;
    return true;
}

int dw_time_parse(int64_t *wall_us, const char *text, struct dw_err *err)
{
    const char *at = text;
    struct tm tm = { 0 };
    int64_t fraction_us = 0, offset_us = 0;
    bool good = take_date(&at, &tm);
    if (good && (take(&at, 'T') || take(&at, ' ')))
        good = take_clock(&at, &tm, &fraction_us) && take_offset(&at, &offset_us);
    if (!good || *at != '\0')
        return dw_fail(err, -EINVAL, "'%s' is no time: write it like 2026-11-22T09:15:00Z", text);
    *wall_us = (int64_t)timegm(&tm) * DW_SECOND_US + fraction_us - offset_us;
    return 0;
}

int64_t dw_time_from_seconds(double seconds)
{
    return llround(seconds * 1e6);
}

double dw_time_to_seconds(int64_t us)
{
    return (double)us / 1e6;
}
