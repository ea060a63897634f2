/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/foot_codec.h"

#define START_US INT64_C(1790000000000000)

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static float random_coordinate(uint32_t *seed)
{
    return (float)(next_random(seed) % 20001) / 10000.0f - 0.5f;
}

static void points_come_back_within_their_resolution(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 500; round++) {
        struct dw_foot_point points[40];
        size_t count = next_random(&seed) % 41;
        int64_t now = START_US;
        for (size_t i = 0; i < count; i++, now += next_random(&seed) % 3000000)
            points[i] =
                (struct dw_foot_point){ now, random_coordinate(&seed), random_coordinate(&seed),
                                        random_coordinate(&seed), next_random(&seed) % 2 == 1 };
        struct dw_buf bytes = { 0 };
        struct dw_foot_points found = { 0 };
        dw_foot_encode(&bytes, START_US, points, count);
        assert_int_equal(dw_foot_decode(&found, START_US, bytes.data, bytes.length), 0);
        assert_int_equal(found.count, count);
        for (size_t i = 0; i < count; i++) {
            assert_true(llabs(found.items[i].time_us - points[i].time_us) <= 500);
            assert_true(fabsf(found.items[i].x_norm - points[i].x_norm) <= 1.01f / 8192);
            assert_true(fabsf(found.items[i].y_norm - points[i].y_norm) <= 1.01f / 8192);
            assert_true(fabsf(found.items[i].h_norm - points[i].h_norm) <= 1.01f / 8192);
            assert_int_equal(found.items[i].bridged, points[i].bridged);
        }
        dw_buf_fini(&bytes);
        dw_vec_fini(&found);
    }
}

static void a_walk_costs_few_bytes_a_point(void **state)
{
    (void)state;
    struct dw_foot_point points[600];
    for (int i = 0; i < 600; i++)
        points[i] =
            (struct dw_foot_point){ START_US + i * DW_FOOT_INTERVAL_US, .3f + .0004f * (float)i,
                                    .5f + .0002f * (float)i, .25f, false };
    struct dw_buf bytes = { 0 };
    dw_foot_encode(&bytes, START_US, points, 600);
    assert_true(bytes.length < (size_t)6 * 600);
    dw_buf_fini(&bytes);
}

static void thinning_keeps_two_points_a_second_and_both_ends(void **state)
{
    (void)state;
    struct dw_foot_point points[101], thinned[101];
    for (int i = 0; i < 101; i++)
        points[i] = (struct dw_foot_point){ .time_us = i * INT64_C(40000) };
    size_t count = dw_foot_thin(points, 101, thinned);
    assert_int_equal(count, 9);
    assert_int_equal(thinned[0].time_us, 0);
    assert_int_equal(thinned[1].time_us, 520000);
    assert_int_equal(thinned[8].time_us, 4000000);
    assert_int_equal(dw_foot_thin(points, 1, thinned), 1);
    assert_int_equal(dw_foot_thin(points, 0, thinned), 0);
}

static void far_and_meaningless_coordinates_are_tamed(void **state)
{
    (void)state;
    struct dw_foot_point points[] = { { START_US, 1e30f, -1e30f, NAN, false } };
    struct dw_buf bytes = { 0 };
    struct dw_foot_points found = { 0 };
    dw_foot_encode(&bytes, START_US, points, 1);
    assert_int_equal(dw_foot_decode(&found, START_US, bytes.data, bytes.length), 0);
    assert_true(found.items[0].x_norm == 8 && found.items[0].y_norm == -8);
    assert_true(found.items[0].h_norm == 0);
    dw_buf_fini(&bytes);
    dw_vec_fini(&found);
}

static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned char bytes[16];
        size_t size;
    } cases[] = {
        { { 0 }, 0 },
        { { 2, 0, 0, 0, 0 }, 5 },                /* unknown format */
        { { 1, 0, 0, 0 }, 4 },                   /* height missing */
        { { 1, 0x80 }, 2 },                      /* cut inside a number */
        { { 1, 0, 0xff, 0xff, 0x7f, 0, 0 }, 7 }, /* far outside the picture */
        { { 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 }, 12 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_foot_points found = { 0 };
        assert_int_equal(dw_foot_decode(&found, 0, cases[i].bytes, cases[i].size), -EBADMSG);
        dw_vec_fini(&found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_come_back_within_their_resolution),
        cmocka_unit_test(a_walk_costs_few_bytes_a_point),
        cmocka_unit_test(thinning_keeps_two_points_a_second_and_both_ends),
        cmocka_unit_test(far_and_meaningless_coordinates_are_tamed),
        cmocka_unit_test(damaged_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
