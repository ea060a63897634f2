/* SPDX-License-Identifier: Apache-2.0 */
#include "uniforms.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "core/random.h"

void uniforms_see(struct uniforms *set, struct dw_staff_views *views, bool staff, double uniform,
                  int times)
{
    float clothes[UNIFORMS_SIZE], seen[UNIFORMS_SIZE];
    for (size_t i = 0; i < UNIFORMS_SIZE; i++)
        clothes[i] =
            (float)(1 + 0.3 * dw_random_normal(&set->random) + (staff && i < 3 ? uniform : 0));
    for (int view = 0; view < times; view++) {
        struct dw_look look;
        for (size_t i = 0; i < UNIFORMS_SIZE; i++)
            seen[i] = fmaxf(clothes[i] + 0.3F * (float)dw_random_normal(&set->random), 0.01F);
        dw_look_set(&look, seen, UNIFORMS_SIZE, 1);
        dw_staff_views_add(views, &look);
    }
}

void uniforms_fill(struct uniforms *set, double uniform)
{
    *set = (struct uniforms){ .random = 7 };
    for (int i = 0; i < UNIFORMS_TRACKS; i++) {
        struct dw_staff_track *track = &set->tracks[i];
        bool staff = i % 3 == 0;
        track->label = staff ? DW_ROLE_STAFF : DW_ROLE_SHOPPER;
        track->start_us = i * DW_SECOND_US;
        track->person = i + 1;
        uniforms_see(set, &track->views, staff, uniform, 4);
    }
}

struct dw_staff_model uniforms_trained(struct uniforms *set)
{
    struct dw_staff_model model;
    struct dw_err err = { 0 };
    uniforms_fill(set, 2);
    if (dw_staff_train(&model, set->tracks, UNIFORMS_TRACKS, &(struct dw_staff_how){ .sure = 0.9 },
                       NULL, &err) != 0)
        fail_msg("%s", err.text);
    return model;
}
