/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/wall_time.h"

const char *dw_format_seconds(char out[DW_FORMAT_SIZE], double seconds)
{
    if (seconds < 59.95) {
        snprintf(out, DW_FORMAT_SIZE, "%.1f s", seconds);
        return out;
    }
    long long whole = (long long)fmin(round(seconds), 1e12);
    if (whole < 3600)
        snprintf(out, DW_FORMAT_SIZE, "%lld min %02lld s", whole / 60, whole % 60);
    else
        snprintf(out, DW_FORMAT_SIZE, "%lld h %02lld min", whole / 3600, whole % 3600 / 60);
    return out;
}

const char *dw_format_level(char out[DW_FORMAT_SIZE], int64_t level_us)
{
    bool minutes = level_us > 0 && level_us % (60 * DW_SECOND_US) == 0;
    double seconds = dw_time_to_seconds(level_us);
    snprintf(out, DW_FORMAT_SIZE, "%.6g %s", minutes ? seconds / 60 : seconds,
             minutes ? "min" : "s");
    return out;
}

const char *dw_format_percent(char out[DW_FORMAT_SIZE], double share)
{
    if (share > 0 && share < .005)
        snprintf(out, DW_FORMAT_SIZE, "<1 %%");
    else if (share < 1 && share >= .995)
        snprintf(out, DW_FORMAT_SIZE, ">99 %%");
    else
        snprintf(out, DW_FORMAT_SIZE, "%.0f %%", 100 * share);
    return out;
}

const char *dw_format_quantile(char out[DW_FORMAT_SIZE], const struct dw_report_zone *zone,
                               const struct dw_report_quantile *quantile)
{
    char text[DW_FORMAT_SIZE];
    if (!quantile->known)
        snprintf(out, DW_FORMAT_SIZE, "-");
    else if (isfinite(quantile->s.value))
        dw_format_seconds(out, quantile->s.value);
    else
        snprintf(out, DW_FORMAT_SIZE, "> %.40s", dw_format_seconds(text, zone->longest_s));
    return out;
}

const char *dw_format_quantile_interval(char out[DW_FORMAT_SIZE],
                                        const struct dw_report_quantile *quantile)
{
    const struct dw_estimate *s = &quantile->s;
    char low[DW_FORMAT_SIZE], high[DW_FORMAT_SIZE];
    if (!quantile->known || !isfinite(s->low))
        snprintf(out, DW_FORMAT_SIZE, "-");
    else if (!isfinite(s->high))
        snprintf(out, DW_FORMAT_SIZE, "%.30s or more", dw_format_seconds(low, s->low));
    else if (s->high < 59.95)
        snprintf(out, DW_FORMAT_SIZE, "%.1f-%.1f s", s->low, s->high);
    else
        snprintf(out, DW_FORMAT_SIZE, "%.20s - %.20s", dw_format_seconds(low, s->low),
                 dw_format_seconds(high, s->high));
    return out;
}

const char *dw_format_share(char out[DW_FORMAT_SIZE], const struct dw_report_share *share)
{
    if (!share->known)
        snprintf(out, DW_FORMAT_SIZE, "-");
    else
        dw_format_percent(out, share->share.value);
    return out;
}

const char *dw_format_share_interval(char out[DW_FORMAT_SIZE], const struct dw_report_share *share)
{
    if (!share->known)
        snprintf(out, DW_FORMAT_SIZE, "-");
    else
        snprintf(out, DW_FORMAT_SIZE, "%.0f-%.0f %%", 100 * share->share.low,
                 100 * share->share.high);
    return out;
}

const char *dw_format_time(char out[DW_FORMAT_SIZE], int64_t wall_us)
{
    char iso[DW_ISO8601_SIZE];
    dw_time_iso8601(iso, wall_us);
    snprintf(out, DW_FORMAT_SIZE, "%.19s", iso);
    char *letter = strchr(out, 'T');
    if (letter != NULL)
        *letter = ' ';
    return out;
}

const char *dw_format_span(char out[DW_FORMAT_SIZE], struct dw_span span)
{
    char start[DW_FORMAT_SIZE], end[DW_FORMAT_SIZE];
    dw_format_time(start, span.start_us);
    dw_format_time(end, span.end_us);
    bool same_day = strncmp(start, end, 11) == 0;
    snprintf(out, DW_FORMAT_SIZE, "%.19s to %.19s UTC", start, same_day ? end + 11 : end);
    return out;
}
