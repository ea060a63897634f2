/* SPDX-License-Identifier: Apache-2.0 */
/* People by made-up looks of whom every third wears a uniform, for tests of what learns it. */
#ifndef DW_TESTS_UNIFORMS_H
#define DW_TESTS_UNIFORMS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/staff.h"

#define UNIFORMS_SIZE 12
#define UNIFORMS_TRACKS 60

struct uniforms {
    struct dw_staff_track tracks[UNIFORMS_TRACKS];
    uint64_t random;
};

/* Each person's clothes are a little like everybody's; staff wear more of the first three. */
void uniforms_see(struct uniforms *set, struct dw_staff_views *views, bool staff, double uniform,
                  int times);

/* One track a person, labelled, every third staff. */
void uniforms_fill(struct uniforms *set, double uniform);

/* A model of a set with a clear uniform. */
struct dw_staff_model uniforms_trained(struct uniforms *set);

#endif
