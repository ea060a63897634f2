/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/exceptions.h"

#include <math.h>

#include "base/macros.h"
#include "base/vec.h"
#include "core/stats.h"

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

static void find_expected(struct dw_exception_day *days, size_t count, size_t at,
                          struct values *values)
{
    struct dw_exception_day *day = &days[at];
    dw_vec_clear(values);
    for (size_t i = 0; i < count; i++)
        if (i != at && days[i].weekday == day->weekday && days[i].measured_s > 0 &&
            2 * days[i].measured_s >= day->measured_s)
            dw_vec_push(values,
                        ((struct dw_duration){ days[i].engages / days[i].measured_s, false }));
    day->known = day->measured_s > 0 && values->count >= DAYS_LEAST;
    day->expected = day->known ? find_median(values) * day->measured_s : 0;
    day->others = values->count;
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
    for (size_t i = 0; i < count; i++)
        find_expected(days, count, i, &values);
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
