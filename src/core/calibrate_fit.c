/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Levenberg-Marquardt with Welsch's loss (Dennis and Welsch 1978), whose weights fall to nothing
 * for what lies far off: the fit settles on the heights most boxes agree on, so that half hidden
 * people hardly pull it down.
 */
#include <math.h>
#include <string.h>

#include "base/macros.h"
#include "core/calibrate_impl.h"

/* People differ, boxes err; beyond the cuts a sample no longer counts. All of natural logarithms.
 */
#define BODY_SD 0.07
#define BODY_CUT 0.14      /* too tall */
#define BODY_CUT_SHORT 0.1 /* too short: most likely hidden in part */
#define STRIDE_SD 0.3
#define STRIDE_CUT 0.5
#define ROLL_SD 0.035
#define PACE_USUAL 0.74  /* bodies a second */
#define FOCAL_USUAL 0.65 /* picture widths: the usual lenses of shops, 2.8 to 4 mm */

/* However many people there are, neither do all bodies nor all paces follow the model exactly: no
 * more than so many independent samples are believed. */
#define BODIES_MOST 150.0
#define STRIDES_MOST 20.0
#define PERSON_STRIDES 2.0

#define STEP 1e-5
#define ROUNDS 40
#define STARTS 6

static const struct {
    double least, most;
} bounds[DW_FIT_PARAMETERS] = {
    [DW_FIT_FOCAL] = { 4, 11 },      [DW_FIT_TILT] = { -0.3, 1.45 }, [DW_FIT_LIFT] = { -1.5, 3.2 },
    [DW_FIT_ROLL] = { -0.35, 0.35 }, [DW_FIT_PACE] = { -3, 1.5 },
};

struct dw_fit_priors dw_fit_priors_default(int width_px)
{
    return (struct dw_fit_priors){ log(FOCAL_USUAL * width_px), log(PACE_USUAL) };
}

/* The normal equations of one linearisation. */
struct equations {
    double matrix[DW_FIT_PARAMETERS][DW_FIT_PARAMETERS];
    double right[DW_FIT_PARAMETERS];
    double loss;
};

static struct dw_camera camera_of(const struct dw_fit *fit, const double values[DW_FIT_PARAMETERS])
{
    return (struct dw_camera){
        .width_px = fit->width_px,
        .height_px = fit->height_px,
        .focal_px = exp(values[DW_FIT_FOCAL]),
        .tilt = values[DW_FIT_TILT],
        .roll = values[DW_FIT_ROLL],
        .height_m = exp(values[DW_FIT_LIFT]),
    };
}

struct dw_camera dw_fit_camera(const struct dw_fit *fit, double body_m)
{
    struct dw_camera camera = camera_of(fit, fit->values);
    camera.height_m *= body_m;
    return camera;
}

/* NAN where the camera sees no floor. */
static double body_log(const struct dw_camera *camera, const struct dw_fit_body *body)
{
    double px = dw_camera_body_px(camera, body->foot, 1);
    return px > 0 ? log(px) : (double)NAN;
}

/* Bodies a second; NAN where the camera sees no floor. */
static double stride_pace(const struct dw_camera *camera, const struct dw_fit_stride *stride)
{
    struct dw_point from, to;
    if (!dw_camera_place(camera, stride->from, &from) || !dw_camera_place(camera, stride->to, &to))
        return (double)NAN;
    return hypot(to.x - from.x, to.y - from.y) / stride->seconds + 1e-9;
}

static double stride_log(const struct dw_camera *camera, const struct dw_fit_stride *stride)
{
    return log(stride_pace(camera, stride));
}

struct sample {
    double residual, weight, sd, cut;
    double slopes[DW_FIT_PARAMETERS]; /* how the residual changes with each parameter */
};

static void add_sample(struct equations *equations, const struct sample *sample)
{
    double scale = sample->weight / (sample->sd * sample->sd), cut2 = sample->cut * sample->cut;
    if (!isfinite(sample->residual)) {
        equations->loss += scale * cut2;
        return;
    }
    double fade = exp(-sample->residual * sample->residual / (2 * cut2));
    equations->loss += scale * cut2 * (1 - fade);
    for (int i = 0; i < DW_FIT_PARAMETERS; i++) {
        double pull = scale * fade * sample->slopes[i];
        equations->right[i] -= pull * sample->residual;
        for (int j = 0; j < DW_FIT_PARAMETERS; j++)
            equations->matrix[i][j] += pull * sample->slopes[j];
    }
}

static void add_prior(struct equations *equations, int parameter, double off, double sd)
{
    equations->loss += off * off / (2 * sd * sd);
    equations->right[parameter] -= off / (sd * sd);
    equations->matrix[parameter][parameter] += 1 / (sd * sd);
}

/* The camera, and the cameras a little aside in each parameter. */
struct cameras {
    struct dw_camera at, aside[DW_FIT_PACE];
};

static struct cameras cameras_of(const struct dw_fit *fit, const double values[])
{
    struct cameras cameras = { .at = camera_of(fit, values) };
    for (int i = 0; i < DW_FIT_PACE; i++) {
        double aside[DW_FIT_PARAMETERS];
        memcpy(aside, values, sizeof(aside));
        aside[i] += STEP;
        cameras.aside[i] = camera_of(fit, aside);
    }
    return cameras;
}

static struct equations linearise(const struct dw_fit *fit, const double values[], double widen)
{
    struct equations equations = { 0 };
    struct cameras cameras = cameras_of(fit, values);
    const struct dw_fit_samples *samples = fit->samples;
    for (size_t i = 0; i < samples->bodies.count; i++) {
        const struct dw_fit_body *body = &samples->bodies.items[i];
        double model = body_log(&cameras.at, body);
        struct sample sample = { model - body->log_px,
                                 body->weight * fit->person_weights[body->person],
                                 BODY_SD,
                                 widen * BODY_CUT,
                                 { 0 } };
        for (int p = 0; p < DW_FIT_PACE && isfinite(model); p++)
            sample.slopes[p] = (body_log(&cameras.aside[p], body) - model) / STEP;
        add_sample(&equations, &sample);
    }
    for (size_t i = 0; i < samples->strides.count; i++) {
        const struct dw_fit_stride *stride = &samples->strides.items[i];
        if (stride->weight <= 0)
            continue;
        double model = stride_log(&cameras.at, stride);
        struct sample sample = { model - values[DW_FIT_PACE],
                                 stride->weight * fit->person_weights[stride->person],
                                 STRIDE_SD,
                                 widen * STRIDE_CUT,
                                 { [DW_FIT_PACE] = -1 } };
        for (int p = 0; p < DW_FIT_PACE && isfinite(model); p++)
            sample.slopes[p] = (stride_log(&cameras.aside[p], stride) - model) / STEP;
        add_sample(&equations, &sample);
    }
    add_prior(&equations, DW_FIT_FOCAL, values[DW_FIT_FOCAL] - fit->priors.focal, DW_FIT_FOCAL_SD);
    add_prior(&equations, DW_FIT_PACE, values[DW_FIT_PACE] - fit->priors.pace, DW_FIT_PACE_SD);
    add_prior(&equations, DW_FIT_ROLL, values[DW_FIT_ROLL], ROLL_SD);
    return equations;
}

/* Solves by elimination; the damped matrix is positive definite. */
static void solve(const struct equations *equations, double damping, double step[DW_FIT_PARAMETERS])
{
    double m[DW_FIT_PARAMETERS][DW_FIT_PARAMETERS];
    memcpy(m, equations->matrix, sizeof(m));
    memcpy(step, equations->right, DW_FIT_PARAMETERS * sizeof(*step));
    for (int i = 0; i < DW_FIT_PARAMETERS; i++)
        m[i][i] += damping * m[i][i] + 1e-9;
    for (int i = 0; i < DW_FIT_PARAMETERS; i++)
        for (int row = i + 1; row < DW_FIT_PARAMETERS; row++) {
            double factor = m[row][i] / m[i][i];
            for (int j = i; j < DW_FIT_PARAMETERS; j++)
                m[row][j] -= factor * m[i][j];
            step[row] -= factor * step[i];
        }
    for (int i = DW_FIT_PARAMETERS - 1; i >= 0; i--) {
        for (int j = i + 1; j < DW_FIT_PARAMETERS; j++)
            step[i] -= m[i][j] * step[j];
        step[i] /= m[i][i];
    }
}

static void descend(struct dw_fit *fit, double widen, int rounds)
{
    double damping = 1e-3;
    struct equations here = linearise(fit, fit->values, widen);
    for (int round = 0; round < rounds && damping < 1e6; round++) {
        double step[DW_FIT_PARAMETERS], next[DW_FIT_PARAMETERS];
        solve(&here, damping, step);
        for (int i = 0; i < DW_FIT_PARAMETERS; i++)
            next[i] = fmin(fmax(fit->values[i] + step[i], bounds[i].least), bounds[i].most);
        struct equations there = linearise(fit, next, widen);
        if (!(there.loss < here.loss)) {
            damping *= 8;
            continue;
        }
        bool done = here.loss - there.loss < 1e-5 * (1 + here.loss);
        memcpy(fit->values, next, sizeof(next));
        here = there;
        damping = fmax(damping / 8, 1e-9);
        if (done)
            break;
    }
    fit->loss = here.loss;
}

void dw_fit_refine(struct dw_fit *fit)
{
    descend(fit, 1, ROUNDS);
}

/* A few wide steps from each start; the best few go on, narrowing the cuts. */
static void search_bodies(struct dw_fit *fit)
{
    static const double focals[] = { 0.4, 0.6, 0.9, 1.4, 2.2 };
    static const double tilts[] = { 0.05, 0.15, 0.3, 0.5, 0.75, 1.05 };
    static const double lifts[] = { 0.2, 0.9, 1.6 };
    struct dw_fit best[STARTS];
    for (int i = 0; i < STARTS; i++) {
        best[i] = *fit;
        best[i].loss = (double)INFINITY;
    }
    const size_t focal_count = DW_LENGTH(focals), tilt_count = DW_LENGTH(tilts);
    for (size_t i = 0; i < focal_count * tilt_count * DW_LENGTH(lifts); i++) {
        struct dw_fit trial = *fit;
        trial.values[DW_FIT_FOCAL] = log(focals[i % focal_count] * fit->width_px);
        trial.values[DW_FIT_TILT] = tilts[i / focal_count % tilt_count];
        trial.values[DW_FIT_LIFT] = lifts[i / focal_count / tilt_count];
        trial.values[DW_FIT_ROLL] = 0;
        trial.values[DW_FIT_PACE] = fit->priors.pace;
        descend(&trial, 4, 6);
        int at = STARTS;
        for (; at > 0 && trial.loss < best[at - 1].loss; at--)
            if (at < STARTS)
                best[at] = best[at - 1];
        if (at < STARTS)
            best[at] = trial;
    }
    fit->loss = (double)INFINITY;
    for (int i = 0; i < STARTS; i++) {
        descend(&best[i], 2, ROUNDS);
        dw_fit_refine(&best[i]);
        if (best[i].loss < fit->loss)
            *fit = best[i];
    }
}

/*
 * How much the noise of the feet changes the length of a stride, one standard error, as a share of
 * a usual one: were it taken of the stride itself, those that noise made longer would count more.
 */
static double stride_noise(const struct dw_camera *camera, const struct dw_fit_stride *stride)
{
    double base = stride_pace(camera, stride), sum = 0;
    struct dw_fit_stride moved[4] = { *stride, *stride, *stride, *stride };
    moved[0].from.x += stride->noise_px;
    moved[1].from.y += stride->noise_px;
    moved[2].to.x += stride->noise_px;
    moved[3].to.y += stride->noise_px;
    for (int i = 0; i < 4; i++) {
        double change = (stride_pace(camera, &moved[i]) - base) / PACE_USUAL;
        sum += change * change;
    }
    return isfinite(sum) ? sqrt(sum) : (double)INFINITY;
}

static void choose_strides(const struct dw_fit *fit, struct dw_fit_samples *samples)
{
    const struct dw_camera camera = camera_of(fit, fit->values);
    dw_fit_strides_take(samples, &camera);
    double *of_person = dw_alloc_array0((size_t)samples->people + 1, sizeof(*of_person)), all = 0;
    for (size_t i = 0; i < samples->strides.count; i++) {
        struct dw_fit_stride *stride = &samples->strides.items[i];
        double noise = stride_noise(&camera, stride) / STRIDE_SD;
        double pace = stride_pace(&camera, stride);
        /* Who stands or strolls says nothing about the pace of walking. */
        bool walks = noise < 1.5 && pace > 0.25 && pace < 2.5;
        stride->weight = walks ? 1 / (1 + noise * noise) : 0;
        of_person[stride->person] += stride->weight;
    }
    for (size_t i = 0; i < samples->strides.count; i++) {
        struct dw_fit_stride *stride = &samples->strides.items[i];
        stride->weight *= fmin(1, PERSON_STRIDES / of_person[stride->person]);
        all += stride->weight;
    }
    for (size_t i = 0; i < samples->strides.count; i++)
        samples->strides.items[i].weight *= fmin(1, STRIDES_MOST / all);
    free(of_person);
}

void dw_fit_search(struct dw_fit *fit, struct dw_fit_samples *samples)
{
    double all = 0;
    for (size_t i = 0; i < samples->bodies.count; i++)
        all += samples->bodies.items[i].weight;
    for (size_t i = 0; i < samples->bodies.count; i++)
        samples->bodies.items[i].weight *= fmin(1, BODIES_MOST / all);
    search_bodies(fit);
    for (int i = 0; i < 2; i++) {
        choose_strides(fit, samples);
        dw_fit_refine(fit);
    }
}
