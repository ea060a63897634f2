/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of dw_calibrate(); see core/calibrate.h. */
#ifndef DW_CORE_CALIBRATE_IMPL_H
#define DW_CORE_CALIBRATE_IMPL_H

#include "base/vec.h"
#include "core/calibrate.h"

/* A clean box; times rise with each person. */
struct dw_fit_box {
    int person; /* 0, 1, 2 ... */
    double time_s;
    struct dw_point foot;
    double log_px; /* of its height */
};

/* A person's body in one cell of the picture. */
struct dw_fit_body {
    int person;
    struct dw_point foot;
    double log_px;
    int cell;
    double weight;
};

/* About a second of a person's walk. */
struct dw_fit_stride {
    int person;
    struct dw_point from, to;
    double seconds;
    double noise_px; /* standard error of either end */
    double weight;
};

struct dw_fit_samples {
    DW_VEC(struct dw_fit_box) boxes;
    DW_VEC(struct dw_fit_body) bodies;
    DW_VEC(struct dw_fit_stride) strides;
    int people;
    size_t hidden, cut;
};

/* Boxes and bodies. */
void dw_fit_samples_take(struct dw_fit_samples *samples, const struct dw_sighting *sightings,
                         size_t count, const struct dw_calibrate_conf *conf);
/* Strides anew, from boxes as tall as this camera (its height in bodies) shows whole people. */
void dw_fit_strides_take(struct dw_fit_samples *samples, const struct dw_camera *camera);

void dw_fit_samples_fini(struct dw_fit_samples *samples);

enum dw_fit_parameter {
    DW_FIT_FOCAL, /* ln of focal_px */
    DW_FIT_TILT,
    DW_FIT_LIFT, /* ln of the camera's height in bodies */
    DW_FIT_ROLL,
    DW_FIT_PACE, /* ln of the usual speed in bodies a second */
    DW_FIT_PARAMETERS,
};

/* What is assumed when the people say nothing else: ln focal_px, ln bodies a second. */
struct dw_fit_priors {
    double focal, pace;
};
#define DW_FIT_FOCAL_SD 0.45
#define DW_FIT_PACE_SD 0.25

struct dw_fit {
    const struct dw_fit_samples *samples;
    const double *person_weights; /* of resampling; one a person */
    struct dw_fit_priors priors;
    int width_px, height_px;
    double values[DW_FIT_PARAMETERS];
    double loss;
};

struct dw_fit_priors dw_fit_priors_default(int width_px);

/* From everywhere to the best; weighs the strides by the geometry found from heights alone. */
void dw_fit_search(struct dw_fit *fit, struct dw_fit_samples *samples);

/* From the present values downhill. */
void dw_fit_refine(struct dw_fit *fit);

struct dw_camera dw_fit_camera(const struct dw_fit *fit, double body_m);

#endif
