/* SPDX-License-Identifier: Apache-2.0 */
#include "core/calibrate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/macros.h"
#include "core/calibrate_impl.h"
#include "core/random.h"

#define PEOPLE_LEAST 6
#define BODIES_LEAST 25
#define DEPTH_LEAST 0.12 /* of the picture's height, between the highest and the lowest feet */
#define SHRINK_LEAST 1.1 /* how often the nearest are as tall as the farthest */
#define HEIGHT_ERROR_MOST 0.15
#define DISTANCE_ERROR_MOST 0.25
#define REPLICAS 100
#define PAIRS 200
#define COMPARE_PAIRS 20000
#define DEGREES (180 / M_PI)

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts. */
static double quantile(double *values, size_t count, double p)
{
    qsort(values, count, sizeof(*values), by_value);
    return count > 0 ? values[(size_t)(p * (double)(count - 1) + 0.5)] : 0;
}

static int check_people(const struct dw_fit_samples *samples, struct dw_err *err)
{
    if (samples->people < PEOPLE_LEAST)
        return dw_fail(err, -ENODATA,
                       "%d people walked through the picture in full view, at least %d are wanted: "
                       "measure longer, or where people are seen from head to foot",
                       samples->people, PEOPLE_LEAST);
    if (samples->bodies.count < BODIES_LEAST)
        return dw_fail(err, -ENODATA,
                       "%d people were seen in too few places (%zu, at least %d are wanted): "
                       "measure longer",
                       samples->people, samples->bodies.count, BODIES_LEAST);
    return 0;
}

static int check_depth(struct dw_calibration *out, const struct dw_fit_samples *samples,
                       const struct dw_calibrate_conf *conf, struct dw_err *err)
{
    size_t count = samples->bodies.count;
    double *values = dw_alloc_array0(count, sizeof(*values));
    for (size_t i = 0; i < count; i++)
        values[i] = samples->bodies.items[i].foot.y / conf->height_px;
    out->top_share = quantile(values, count, 0.05);
    out->low_share = quantile(values, count, 0.95);
    for (size_t i = 0; i < count; i++)
        values[i] = samples->bodies.items[i].log_px;
    double tall = exp(quantile(values, count, 0.95) - quantile(values, count, 0.05));
    free(values);
    if (out->low_share - out->top_share >= DEPTH_LEAST && tall >= SHRINK_LEAST)
        return 0;
    return dw_fail(err, -ENODATA,
                   "people were seen only between %.0f and %.0f %% of the picture's height, the "
                   "nearest %.2f times as tall as the farthest: let them walk nearer and farther",
                   100 * out->top_share, 100 * out->low_share, tall);
}

static double height_error(const struct dw_fit *fit)
{
    size_t count = fit->samples->bodies.count;
    struct dw_camera camera = dw_fit_camera(fit, 1);
    double *values = dw_alloc_array0(count, sizeof(*values));
    for (size_t i = 0; i < count; i++) {
        const struct dw_fit_body *body = &fit->samples->bodies.items[i];
        double px = dw_camera_body_px(&camera, body->foot, 1);
        values[i] = px > 0 ? fabs(body->log_px - log(px)) : (double)INFINITY;
    }
    double error = quantile(values, count, 0.5);
    free(values);
    return error;
}

/* The fit to people drawn anew, again and again. */
struct replicas {
    double values[DW_FIT_PARAMETERS][REPLICAS];
    double distances[PAIRS][REPLICAS]; /* ln */
    bool valid[PAIRS];
};

static void measure_pairs(struct replicas *replicas, const struct dw_fit *fit, int replica)
{
    struct dw_camera camera = dw_fit_camera(fit, 1);
    const struct dw_fit_samples *samples = fit->samples;
    uint64_t random = 1;
    for (int i = 0; i < PAIRS; i++) {
        struct dw_point places[2];
        bool seen = true;
        for (int end = 0; end < 2; end++) {
            size_t at = dw_random_below(&random, samples->bodies.count);
            seen = dw_camera_place(&camera, samples->bodies.items[at].foot, &places[end]) && seen;
        }
        double distance = seen ? hypot(places[0].x - places[1].x, places[0].y - places[1].y) : 0;
        replicas->valid[i] = replicas->valid[i] && distance > 0;
        replicas->distances[i][replica] = replicas->valid[i] ? log(distance) : 0;
    }
}

/*
 * Bayesian bootstrap (Rubin 1981): each person gets a random weight, so that no draw is without
 * anybody. What was assumed is drawn anew as well; otherwise the less the people say the surer the
 * result would look.
 */
static void resample(struct replicas *replicas, const struct dw_fit *fit)
{
    double *weights = dw_alloc_array0((size_t)fit->samples->people, sizeof(*weights));
    uint64_t random = 0;
    for (int i = 0; i < PAIRS; i++)
        replicas->valid[i] = true;
    for (int replica = 0; replica < REPLICAS; replica++) {
        struct dw_fit drawn = *fit;
        for (int i = 0; i < fit->samples->people; i++)
            weights[i] = dw_random_exponential(&random);
        drawn.person_weights = weights;
        drawn.priors.focal += DW_FIT_FOCAL_SD * dw_random_normal(&random);
        drawn.priors.pace += DW_FIT_PACE_SD * dw_random_normal(&random);
        dw_fit_refine(&drawn);
        for (int i = 0; i < DW_FIT_PARAMETERS; i++)
            replicas->values[i][replica] = drawn.values[i];
        measure_pairs(replicas, &drawn, replica);
    }
    free(weights);
}

static double deviation(const double *values, size_t count)
{
    double mean = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        mean += values[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sqrt(sum / (double)(count - 1));
}

static double distance_error(const struct replicas *replicas)
{
    double errors[PAIRS] = { 0 };
    size_t count = 0;
    for (int i = 0; i < PAIRS; i++)
        if (replicas->valid[i])
            errors[count++] = deviation(replicas->distances[i], REPLICAS);
    return count > PAIRS / 2 ? quantile(errors, count, 0.5) : (double)INFINITY;
}

static struct dw_calibrate_range range_of(double value, double *drawn)
{
    return (struct dw_calibrate_range){ value, fmin(value, quantile(drawn, REPLICAS, 0.025)),
                                        fmax(value, quantile(drawn, REPLICAS, 0.975)) };
}

static struct dw_calibrate_range mapped(struct dw_calibrate_range range, double (*map)(double),
                                        double scale)
{
    return (struct dw_calibrate_range){ scale * map(range.value), scale * map(range.low),
                                        scale * map(range.high) };
}

static double same(double value)
{
    return value;
}

static void describe(struct dw_calibration *out, const struct dw_fit *fit, double body_m)
{
    struct replicas *replicas = dw_alloc0(sizeof(*replicas));
    struct dw_calibrate_range ranges[DW_FIT_PARAMETERS];
    resample(replicas, fit);
    for (int i = 0; i < DW_FIT_PARAMETERS; i++)
        ranges[i] = range_of(fit->values[i], replicas->values[i]);
    out->camera = dw_fit_camera(fit, body_m);
    out->focal_px = mapped(ranges[DW_FIT_FOCAL], exp, 1);
    out->height_m = mapped(ranges[DW_FIT_LIFT], exp, body_m);
    out->tilt_deg = mapped(ranges[DW_FIT_TILT], same, DEGREES);
    out->roll_deg = mapped(ranges[DW_FIT_ROLL], same, DEGREES);
    out->focal_doubt =
        fmin(1, deviation(replicas->values[DW_FIT_FOCAL], REPLICAS) / DW_FIT_FOCAL_SD);
    out->height_error = height_error(fit);
    out->distance_error = distance_error(replicas);
    free(replicas);
}

static int check_result(const struct dw_calibration *out, struct dw_err *err)
{
    if (!(out->height_error <= HEIGHT_ERROR_MOST))
        return dw_fail(
            err, -ENODATA,
            "people's heights do not fit a flat floor seen from one place: they are "
            "usually off by %.0f %%, at most %.0f are allowed; is the camera moving, the "
            "floor in steps, or are people mostly half hidden?",
            100 * out->height_error, 100 * HEIGHT_ERROR_MOST);
    if (!(out->distance_error <= DISTANCE_ERROR_MOST))
        return dw_fail(err, -ENODATA,
                       "distances on the floor would be off by %.0f %%, at most %.0f are allowed "
                       "(%d people, feet between %.0f and %.0f %% of the picture's height, camera "
                       "height %.1f to %.1f m): measure longer, and let people walk nearer and "
                       "farther",
                       100 * fmin(out->distance_error, 9.99), 100 * DISTANCE_ERROR_MOST,
                       out->people, 100 * out->top_share, 100 * out->low_share, out->height_m.low,
                       out->height_m.high);
    return 0;
}

static int learn(struct dw_calibration *out, struct dw_fit_samples *samples,
                 const struct dw_calibrate_conf *conf, struct dw_err *err)
{
    int r = check_people(samples, err);
    if (r == 0)
        r = check_depth(out, samples, conf, err);
    if (r < 0)
        return r;
    double *weights = dw_alloc_array0((size_t)samples->people, sizeof(*weights));
    for (int i = 0; i < samples->people; i++)
        weights[i] = 1;
    struct dw_fit fit = {
        .samples = samples,
        .person_weights = weights,
        .priors = dw_fit_priors_default(conf->width_px),
        .width_px = conf->width_px,
        .height_px = conf->height_px,
    };
    dw_fit_search(&fit, samples);
    describe(out, &fit, conf->body_m);
    free(weights);
    return check_result(out, err);
}

int dw_calibrate(struct dw_calibration *out, const struct dw_sighting *sightings, size_t count,
                 const struct dw_calibrate_conf *conf, struct dw_err *err)
{
    struct dw_fit_samples samples = { 0 };
    dw_fit_samples_take(&samples, sightings, count, conf);
    *out = (struct dw_calibration){
        .people = samples.people,
        .observations = samples.boxes.count,
        .hidden = samples.hidden,
        .cut = samples.cut,
    };
    int r = learn(out, &samples, conf, err);
    dw_fit_samples_fini(&samples);
    return r;
}

/* ln of the learned distance over the known one; false for pairs that say nothing. */
static bool compare_pair(double *ratio, const struct dw_ground *learned,
                         const struct dw_ground *known, const struct dw_point ends_px[2])
{
    struct dw_point a[2], b[2];
    for (int i = 0; i < 2; i++)
        if (!dw_ground_to_world(learned, ends_px[i], &a[i]) ||
            !dw_ground_to_world(known, ends_px[i], &b[i]))
            return false;
    double ours = hypot(a[0].x - a[1].x, a[0].y - a[1].y);
    double theirs = hypot(b[0].x - b[1].x, b[0].y - b[1].y);
    if (ours <= 0 || theirs < 1)
        return false;
    *ratio = log(ours / theirs);
    return true;
}

struct dw_calibrate_match dw_calibrate_compare(const struct dw_ground *learned,
                                               const struct dw_ground *known,
                                               const struct dw_point *feet_px, size_t count)
{
    struct dw_calibrate_match match = { 0 };
    double *ratios = dw_alloc_array0(COMPARE_PAIRS, sizeof(*ratios));
    uint64_t random = 2;
    for (int i = 0; i < COMPARE_PAIRS && count > 0; i++) {
        const struct dw_point ends[2] = {
            feet_px[dw_random_below(&random, count)],
            feet_px[dw_random_below(&random, count)],
        };
        match.pairs += compare_pair(&ratios[match.pairs], learned, known, ends);
    }
    double scale = quantile(ratios, match.pairs, 0.5);
    for (size_t i = 0; i < match.pairs; i++)
        ratios[i] = fabs(exp(ratios[i] - scale) - 1);
    match.scale = exp(scale);
    match.error = quantile(ratios, match.pairs, 0.5);
    match.error_p90 = quantile(ratios, match.pairs, 0.9);
    free(ratios);
    return match;
}
