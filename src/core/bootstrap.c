/* SPDX-License-Identifier: Apache-2.0 */
#include "core/bootstrap.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/distribution.h"
#include "core/random.h"

struct job {
    const struct dw_bootstrap_conf *conf;
    dw_bootstrap_fn fn;
    void *context;
    size_t *days;
    size_t count;
};

static double draw(struct job *job, uint64_t *random)
{
    size_t first = job->conf->counts[0];
    for (size_t i = 0; i < job->count; i++)
        job->days[i] = i < first ? dw_random_below(random, first)
                                 : first + dw_random_below(random, job->count - first);
    return job->fn(job->context, job->days, job->count);
}

/* The figure without one day: its side is one day shorter. */
static double leave_out(struct job *job, size_t day)
{
    size_t count = 0;
    for (size_t i = 0; i < job->count; i++)
        if (i != day)
            job->days[count++] = i;
    return job->fn(job->context, job->days, count);
}

/* How fast the standard error changes with the figure: sum u^3 / (6 (sum u^2)^1.5). */
static double acceleration(struct job *job)
{
    double *left = dw_alloc_array0(job->count + 1, sizeof(*left)), squares = 0, cubes = 0;
    for (size_t begin = 0; begin < job->count;) {
        size_t end = begin < job->conf->counts[0] ? job->conf->counts[0] : job->count;
        double mean = 0, n = (double)(end - begin);
        for (size_t i = begin; i < end; i++)
            mean += (left[i] = leave_out(job, i)) / n;
        for (size_t i = begin; i < end; i++) {
            double u = (n - 1) / n * (mean - left[i]);
            squares += u * u;
            cubes += u * u * u;
        }
        begin = end;
    }
    free(left);
    double speed = cubes / (6 * pow(squares, 1.5));
    return isfinite(speed) ? speed : 0; /* no spread, or a day that the figure cannot lack */
}

static double normal_quantile(double share)
{
    share = fmin(fmax(share, 1e-9), 1 - 1e-9);
    return share < .5 ? -dw_student_quantile(share, (double)INFINITY)
                      : dw_student_quantile(1 - share, (double)INFINITY);
}

static int compare(const void *left, const void *right)
{
    double a = ((const struct dw_duration *)left)->value;
    double b = ((const struct dw_duration *)right)->value;
    return (a > b) - (a < b);
}

static double corrected(double share, double bias, double speed)
{
    double z = bias + normal_quantile(share);
    return 1 - dw_normal_tail(bias + z / (1 - speed * z));
}

struct dw_estimate dw_bootstrap(const struct dw_bootstrap_conf *conf, dw_bootstrap_fn fn,
                                void *context)
{
    struct job job = { .conf = conf, .fn = fn, .context = context };
    struct dw_estimate out = { 0, -(double)INFINITY, (double)INFINITY };
    struct dw_duration *drawn = dw_alloc_array0((size_t)conf->draws + 1, sizeof(*drawn));
    uint64_t random = conf->seed;
    size_t usable = 0;
    double below = 0, low = .025, high = .975;
    job.count = conf->counts[0] + conf->counts[1];
    job.days = dw_alloc_array0(job.count + 1, sizeof(*job.days));
    for (size_t i = 0; i < job.count; i++)
        job.days[i] = i;
    out.value = fn(context, job.days, job.count);
    for (int i = 0; i < conf->draws; i++) {
        double figure = draw(&job, &random);
        if (isnan(figure))
            continue;
        below += figure < out.value ? 1 : figure == out.value ? .5 : 0;
        drawn[usable++].value = figure;
    }
    if (usable > 0) {
        qsort(drawn, usable, sizeof(*drawn), compare);
        if (!conf->plain) {
            double bias = normal_quantile(below / (double)usable), speed = acceleration(&job);
            low = corrected(low, bias, speed);
            high = corrected(high, bias, speed);
        }
        out.low = dw_stats_quantile(drawn, usable, low);
        out.high = dw_stats_quantile(drawn, usable, high);
    }
    free(job.days);
    free(drawn);
    return out;
}
