/* SPDX-License-Identifier: Apache-2.0 */
/* Opening hours as people write them. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/alerts.h"

#define DAY_MIN 1440
#define EVERY_DAY 0x7fU

static const char day_names[7][4] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* 0 is Monday; -1: the text does not begin with a day. */
static int take_day(const char **text)
{
    for (int day = 0; day < 7; day++)
        if (strncmp(*text, day_names[day], 3) == 0) {
            *text += 3;
            return day;
        }
    return -1;
}

/* "mon", "mon-sat", "sat-mon", "daily": bits; 0: none of these. */
static unsigned take_days(const char **text)
{
    if (strncmp(*text, "daily", 5) == 0) {
        *text += 5;
        return EVERY_DAY;
    }
    int first = take_day(text);
    int last = first;
    if (first >= 0 && **text == '-') {
        (*text)++;
        last = take_day(text);
    }
    if (last < 0)
        return 0;
    unsigned days = 0;
    for (int day = first;; day = (day + 1) % 7) {
        days |= 1U << day;
        if (day == last)
            return days;
    }
}

/* "09:00" in minutes; -1: the text does not begin with a time of the day. */
static int take_time(const char **text)
{
    const char *at = *text;
    for (int i = 0; i < 5; i++)
        if (i == 2 ? at[i] != ':' : isdigit((unsigned char)at[i]) == 0)
            return -1;
    int hour = (at[0] - '0') * 10 + at[1] - '0', minute = (at[3] - '0') * 10 + at[4] - '0';
    if (minute > 59 || hour * 60 + minute > DAY_MIN)
        return -1;
    *text += 5;
    return hour * 60 + minute;
}

static bool take_char(const char **text, char wanted)
{
    if (**text != wanted)
        return false;
    (*text)++;
    return true;
}

static void skip_spaces(const char **text)
{
    while (take_char(text, ' '))
        continue;
}

static bool take_span(struct dw_hours_span *span, const char **text)
{
    skip_spaces(text);
    span->days = take_days(text);
    if (span->days == 0 || !take_char(text, ' '))
        return false;
    skip_spaces(text);
    int from_min = take_time(text);
    if (from_min < 0 || from_min == DAY_MIN || !take_char(text, '-'))
        return false;
    int to_min = take_time(text);
    if (to_min < 0 || to_min == from_min)
        return false;
    span->from_min = from_min;
    span->minutes = to_min - from_min + (to_min < from_min ? DAY_MIN : 0);
    skip_spaces(text);
    return true;
}

int dw_hours_parse(struct dw_hours *out, const char *text, struct dw_err *err)
{
    struct dw_hours hours = { 0 };
    const char *at = text;
    do {
        if (hours.count == DW_HOURS_SPANS_MAX)
            return dw_fail(err, -EINVAL, "\"hours\" has more than %d parts", DW_HOURS_SPANS_MAX);
        if (!take_span(&hours.spans[hours.count++], &at))
            return dw_fail(err, -EINVAL,
                           "\"hours\" is '%.60s'; write it like mon-sat 09:00-20:00, sun "
                           "11:00-16:00",
                           text);
    } while (take_char(&at, ','));
    if (*at != '\0')
        return dw_fail(err, -EINVAL, "\"hours\" is '%.60s'; write a comma before '%.20s'", text,
                       at);
    *out = hours;
    return 0;
}
