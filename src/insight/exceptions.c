/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/exceptions.h"

#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "base/vec.h"
#include "core/stats.h"

#define WEEK 7
#define DAYS_LEAST 3
#define MAD_TO_DEVIATION 1.4826 /* of a normal distribution */
#define MEDIAN_VARIANCE 1.5707963267948966

struct values {
    struct dw_duration *items;
    size_t count, capacity;
};

static double find_median(const struct values *values)
{
    dw_stats_sort(values->items, values->count);
    return dw_stats_quantile(values->items, values->count, .5);
}

/* On a scale on which the variance is 1 where that of a count is mean + dispersion * mean^2. */
static double level(double count, double dispersion)
{
    double root = sqrt(count + .375);
    return dispersion > 0 ? 2 * asinh(sqrt(dispersion) * root) / sqrt(dispersion) : 2 * root;
}

/* The engaged of a day for its measured time. */
struct rate {
    double value;
    size_t day;
};

static int compare_rates(const void *left, const void *right)
{
    const struct rate *one = left, *other = right;
    return (one->value > other->value) - (one->value < other->value);
}

/* `rates` are those of the day's weekday, sorted: its own among them. */
static void find_expected(struct dw_exception_day *days, size_t at, const struct rate *rates,
                          size_t count, struct values *values)
{
    struct dw_exception_day *day = &days[at];
    dw_vec_clear(values);
    for (size_t i = 0; i < count; i++)
        if (rates[i].day != at && 2 * days[rates[i].day].measured_s >= day->measured_s)
            dw_vec_push(values, ((struct dw_duration){ rates[i].value, false }));
    day->known = values->count >= DAYS_LEAST;
    day->expected =
        day->known ? dw_stats_quantile(values->items, values->count, .5) * day->measured_s : 0;
    day->others = values->count;
}

/* Sorted once for each weekday: years of days would be sorted as often as there are days. */
static void find_all_expected(struct dw_exception_day *days, size_t count, struct values *values)
{
    struct rate *rates = dw_alloc_array0(count + 1, sizeof(*rates));
    for (int weekday = 0; weekday < WEEK; weekday++) {
        size_t found = 0;
        for (size_t i = 0; i < count; i++)
            if (days[i].weekday == weekday && days[i].measured_s > 0)
                rates[found++] = (struct rate){ days[i].engages / days[i].measured_s, i };
        qsort(rates, found, sizeof(*rates), compare_rates);
        for (size_t i = 0; i < found; i++)
            find_expected(days, rates[i].day, rates, found, values);
    }
    free(rates);
}

/* Sets z of the known days; returns their robust standard deviation. */
static double compare(struct dw_exception_day *days, size_t count, double dispersion,
                      struct values *values)
{
    dw_vec_clear(values);
    for (size_t i = 0; i < count; i++) {
        struct dw_exception_day *day = &days[i];
        if (!day->known)
            continue;
        day->z = (level(day->engages, dispersion) - level(day->expected, dispersion)) /
                 sqrt(1 + MEDIAN_VARIANCE / (double)day->others);
        dw_vec_push(values, ((struct dw_duration){ fabs(day->z), false }));
    }
    return MAD_TO_DEVIATION * find_median(values);
}

static double usual_level(const struct dw_exception_day *days, size_t count, struct values *values)
{
    dw_vec_clear(values);
    for (size_t i = 0; i < count; i++)
        if (days[i].known)
            dw_vec_push(values, ((struct dw_duration){ days[i].expected, false }));
    return find_median(values);
}

bool dw_exception(const struct dw_exception_day *day)
{
    return day->known && fabs(day->z) >= DW_EXCEPTION_Z;
}

size_t dw_exceptions_find(struct dw_exception_day *days, size_t count)
{
    struct values values = { 0 };
    size_t found = 0;
    find_all_expected(days, count, &values);
    double spread = compare(days, count, 0, &values);
    double usual = usual_level(days, count, &values);
    double dispersion = usual > 0 ? fmax(spread * spread - 1, 0) / usual : 0;
    spread = fmax(compare(days, count, dispersion, &values), 1);
    for (size_t i = 0; i < count; i++) {
        days[i].z /= spread;
        found += dw_exception(&days[i]);
    }
    dw_vec_fini(&values);
    return found;
}
