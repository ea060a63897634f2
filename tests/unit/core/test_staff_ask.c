/* SPDX-License-Identifier: Apache-2.0 */
#include "core/staff_ask.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "uniforms.h"

static void the_same_uniform_is_nearest(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_near near[10];
    size_t staff = 0;
    uniforms_fill(&set, 3);
    assert_int_equal(dw_staff_nearest(set.tracks, UNIFORMS_TRACKS, 3, near, 10), 10);
    for (size_t i = 0; i < 10; i++) {
        assert_int_not_equal(near[i].track, 3);
        assert_true(i == 0 || near[i].distance >= near[i - 1].distance);
        staff += set.tracks[near[i].track].label == DW_ROLE_STAFF;
    }
    assert_true(staff >= 9);
}

static void all_are_told_when_there_is_room(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_near near[UNIFORMS_TRACKS];
    uniforms_fill(&set, 2);
    assert_int_equal(dw_staff_nearest(set.tracks, UNIFORMS_TRACKS, 0, near, UNIFORMS_TRACKS),
                     UNIFORMS_TRACKS - 1);
    set.tracks[5].views = set.tracks[0].views;
    (void)dw_staff_nearest(set.tracks, UNIFORMS_TRACKS, 0, near, 1);
    assert_int_equal(near[0].track, 5);
    assert_true(fabs(near[0].distance) < 1e-6);
}

static void each_camera_has_its_own_light(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_near near[1];
    uniforms_fill(&set, 2);
    for (size_t i = 1; i < UNIFORMS_TRACKS; i += 2) {
        struct dw_staff_track *track = &set.tracks[i];
        track->camera = 1;
        track->views = set.tracks[i - 1].views;
        for (int half = 0; half < 2; half++)
            for (size_t k = 0; k < UNIFORMS_SIZE; k++)
                track->views.sum[half][k] +=
                    0.2F * (float)(k % 3) * (float)track->views.count[half];
    }
    for (size_t i = 0; i < UNIFORMS_TRACKS; i += 2) {
        (void)dw_staff_nearest(set.tracks, UNIFORMS_TRACKS, i, near, 1);
        assert_int_equal(near[0].track, i + 1);
    }
}

static void who_was_not_seen_is_near_nobody(void **state)
{
    (void)state;
    struct uniforms set;
    struct dw_staff_near near[UNIFORMS_TRACKS];
    uniforms_fill(&set, 2);
    memset(&set.tracks[4].views, 0, sizeof(set.tracks[4].views));
    set.tracks[6].views.size = UNIFORMS_SIZE - 1;
    assert_int_equal(dw_staff_nearest(set.tracks, UNIFORMS_TRACKS, 4, near, UNIFORMS_TRACKS), 0);
    assert_int_equal(dw_staff_nearest(set.tracks, UNIFORMS_TRACKS, 6, near, UNIFORMS_TRACKS), 0);
    assert_int_equal(dw_staff_nearest(set.tracks, UNIFORMS_TRACKS, 0, near, UNIFORMS_TRACKS),
                     UNIFORMS_TRACKS - 3);
    assert_int_equal(dw_staff_nearest(set.tracks, 1, 0, near, UNIFORMS_TRACKS), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_uniform_is_nearest),
        cmocka_unit_test(all_are_told_when_there_is_room),
        cmocka_unit_test(each_camera_has_its_own_light),
        cmocka_unit_test(who_was_not_seen_is_near_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
