/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learns how a camera hangs from people walking in its picture: the same body looks smaller
 * farther away, and people walk about as fast across the picture as towards the camera. How the
 * height of a box changes with the place of its lower edge gives the tilt and the height of the
 * camera in bodies; the mean height of a body gives metres; speeds give the focal length where
 * heights hardly show it. Boxes cut by the picture's border or covered by others are left out, and
 * the rest may be too short now and then: the fit looks for where most agree. Pure; allocates
 * while it works.
 */
#ifndef DW_CORE_CALIBRATE_H
#define DW_CORE_CALIBRATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/camera.h"
#include "core/ground.h"
#include "core/track.h"

struct dw_calibrate_conf {
    int width_px, height_px;
    double body_m; /* mean height of the people */
};

/* A figure with its interval of 95 %. */
struct dw_calibrate_range {
    double value, low, high;
};

struct dw_calibration {
    struct dw_camera camera;
    struct dw_calibrate_range height_m, tilt_deg, roll_deg, focal_px;
    /* Its own error: the usual |ln| of a box's height over the fitted one, of a distance on the
     * floor over what it would be had other people walked by (one standard error). */
    double height_error, distance_error;
    double focal_doubt;  /* 0: the people said what the focal length is; 1: it was assumed */
    int people;          /* who were used */
    size_t observations; /* boxes that were used */
    size_t hidden, cut;  /* boxes left out: covered by others, at the border */
    double top_share, low_share; /* feet were between these shares of the picture's height */
};

/*
 * From what a tracker saw, in any order. -ENODATA with a sentence that says what is missing, when
 * there are too few people, too little depth, or too much doubt in the result.
 */
int dw_calibrate(struct dw_calibration *out, const struct dw_sighting *sightings, size_t count,
                 const struct dw_calibrate_conf *conf, struct dw_err *err);

/* How distances on two ground models of one picture differ. */
struct dw_calibrate_match {
    double scale; /* learned metres a known one, the best common factor */
    double error; /* median relative error of distances after that factor; p90 */
    double error_p90;
    size_t pairs;
};

/*
 * Distances between pairs of the foot points, half a body and more apart on the known ground.
 * Points above either horizon are left out.
 */
struct dw_calibrate_match dw_calibrate_compare(const struct dw_ground *learned,
                                               const struct dw_ground *known,
                                               const struct dw_point *feet_px, size_t count);

#endif
