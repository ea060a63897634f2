/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "core/random.h"
#include "core/view.h"

#define WIDTH 256
#define HEIGHT 192

/* A shop of rectangles, larger than the picture so that the camera may turn in it. */
static uint8_t shop[3 * HEIGHT][3 * WIDTH];
static uint8_t picture[HEIGHT][WIDTH];

static const struct dw_image image = {
    .y = picture[0],
    .y_stride = WIDTH,
    .width_px = WIDTH,
    .height_px = HEIGHT,
    .full_range = true,
};

static int furnish(void **state)
{
    (void)state;
    uint64_t random = 7;
    memset(shop, 120, sizeof(shop));
    for (int i = 0; i < 900; i++) {
        size_t w = 8 + dw_random_below(&random, 60), h = 8 + dw_random_below(&random, 40);
        size_t left = dw_random_below(&random, 3 * WIDTH - w);
        size_t top = dw_random_below(&random, 3 * HEIGHT - h);
        int level = 40 + (int)dw_random_below(&random, 180);
        for (size_t y = top; y < top + h; y++)
            memset(&shop[y][left], level, w);
    }
    return 0;
}

/* Points the camera; a little noise makes no two pictures the same. */
static void see(int right_px, int down_px, int second)
{
    for (int y = 0; y < HEIGHT; y++)
        memcpy(picture[y], &shop[HEIGHT + y + down_px][WIDTH + right_px], WIDTH);
    picture[second % HEIGHT][second % WIDTH] ^= 63;
}

/* Steps until the state changes; the second, or -1. */
static int watch(struct dw_view *view, int from, int to, int right_px, int down_px)
{
    for (int second = from; second < to; second++) {
        see(right_px, down_px, second);
        if (dw_view_step(view, second * DW_SECOND_US, &image))
            return second;
    }
    return -1;
}

static void a_camera_that_stands_still_is_fine(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    assert_null(dw_view_reference(view));
    assert_int_equal(watch(view, 0, 300, 0, 0), -1);
    assert_int_equal(dw_view_state(view).fault, DW_VIEW_FINE);
    assert_non_null(dw_view_reference(view));
}

static void a_turned_camera_is_told_with_the_way_it_turned_and_back(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    assert_int_equal(watch(view, 0, 60, 0, 0), -1);
    assert_in_range(watch(view, 60, 120, 32, -16), 80, 90);
    struct dw_view_state now = dw_view_state(view);
    assert_int_equal(now.fault, DW_VIEW_MOVED);
    assert_in_range(now.since_us, 60 * DW_SECOND_US, 70 * DW_SECOND_US);
    assert_true(fabs(now.shift_x - -32.0 / WIDTH) < .02);
    assert_true(fabs(now.shift_y - 16.0 / HEIGHT) < .03);
    assert_in_range(watch(view, 120, 160, 0, 0), 123, 135);
    assert_int_equal(dw_view_state(view).fault, DW_VIEW_FINE);
}

static void another_view_altogether_has_no_shift(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    assert_int_equal(watch(view, 0, 60, 0, 0), -1);
    assert_in_range(watch(view, 60, 120, 250, 190), 80, 90);
    assert_int_equal(dw_view_state(view).fault, DW_VIEW_MOVED);
    assert_true(isnan(dw_view_state(view).shift_x));
}

static void a_reference_from_before_tells_at_once_after_a_restart(void **state)
{
    (void)state;
    DW_AUTO(view) *before = dw_view_create(NULL);
    assert_int_equal(watch(before, 0, 60, 0, 0), -1);
    DW_AUTO(view) *view = dw_view_create(dw_view_reference(before));
    assert_in_range(watch(view, 0, 60, 40, 0), 20, 31);
    assert_int_equal(dw_view_state(view).fault, DW_VIEW_MOVED);
}

static void who_walks_through_does_not_move_the_camera(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    for (int second = 0; second < 200; second++) {
        see(0, 0, second);
        for (int y = 40; y < HEIGHT; y++) /* a third of the width, somewhere else each second */
            memset(&picture[y][second * 37 % (WIDTH * 2 / 3)], 30 + second % 5, WIDTH / 3);
        assert_false(dw_view_step(view, second * DW_SECOND_US, &image));
    }
}

static void black_and_covered_and_dark_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        double gain, offset;
        enum dw_view_fault fault;
        int after_s;
    } cases[] = {
        { 0, 4, DW_VIEW_BLACK, 5 },
        { .02, 90, DW_VIEW_COVERED, 10 },
        { .18, 2, DW_VIEW_DARK, 30 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        DW_AUTO(view) *view = dw_view_create(NULL);
        int told = -1;
        for (int second = 0; second < 60 && told < 0; second++) {
            see(0, 0, second);
            for (int y = 0; y < HEIGHT; y++)
                for (int x = 0; x < WIDTH; x++)
                    picture[y][x] = (uint8_t)(picture[y][x] * cases[i].gain + cases[i].offset +
                                              (x + second == 100));
            if (dw_view_step(view, second * DW_SECOND_US, &image))
                told = second;
        }
        assert_int_equal(told, cases[i].after_s);
        assert_int_equal(dw_view_state(view).fault, cases[i].fault);
    }
}

static void a_picture_that_repeats_to_the_bit_is_frozen_until_it_does_not(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    see(0, 0, 0);
    for (int second = 0; second < 60; second++)
        assert_false(dw_view_step(view, second * DW_SECOND_US, &image));
    assert_true(dw_view_step(view, 60 * DW_SECOND_US, &image));
    assert_int_equal(dw_view_state(view).fault, DW_VIEW_FROZEN);
    assert_int_equal(dw_view_state(view).since_us, 0);
    assert_int_equal(watch(view, 61, 80, 0, 0), 63);
}

static void soft_edges_are_blurred(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    assert_int_equal(watch(view, 0, 60, 0, 0), -1);
    int told = -1;
    for (int second = 60; second < 120 && told < 0; second++) {
        see(0, 0, second);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x + 6 < WIDTH; x++) {
                unsigned sum = 0;
                for (int k = 0; k < 6; k++)
                    sum += picture[y][x + k];
                picture[y][x] = (uint8_t)(sum / 6);
            }
        if (dw_view_step(view, second * DW_SECOND_US, &image))
            told = second;
    }
    assert_in_range(told, 90, 100);
    assert_int_equal(dw_view_state(view).fault, DW_VIEW_BLURRED);
}

static void a_gap_forgets_what_was_suspected(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    see(0, 0, 0);
    for (int second = 0; second < 50; second++)
        assert_false(dw_view_step(view, second * DW_SECOND_US, &image));
    dw_view_gap(view);
    for (int second = 1000; second < 1060; second++)
        assert_false(dw_view_step(view, second * DW_SECOND_US, &image));
    assert_true(dw_view_step(view, 1060 * DW_SECOND_US, &image));
}

static void it_looks_once_a_second_at_most(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    memset(picture, 0, sizeof(picture));
    int told = -1;
    for (int step = 0; step < 100 && told < 0; step++)
        if (dw_view_step(view, step * DW_SECOND_US / 10, &image))
            told = step;
    assert_int_equal(told, 50);
    assert_string_equal(dw_view_fault_name(dw_view_state(view).fault), "black");
}

static void a_tiny_picture_is_no_trouble(void **state)
{
    (void)state;
    DW_AUTO(view) *view = dw_view_create(NULL);
    const uint8_t pixel[2] = { 200, 100 };
    struct dw_image tiny = { .y = pixel, .y_stride = 1, .width_px = 1, .height_px = 2 };
    for (int second = 0; second < 100; second++)
        dw_view_step(view, second * DW_SECOND_US, &tiny);
    assert_int_equal(dw_view_state(view).fault, DW_VIEW_COVERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_camera_that_stands_still_is_fine),
        cmocka_unit_test(a_turned_camera_is_told_with_the_way_it_turned_and_back),
        cmocka_unit_test(another_view_altogether_has_no_shift),
        cmocka_unit_test(a_reference_from_before_tells_at_once_after_a_restart),
        cmocka_unit_test(who_walks_through_does_not_move_the_camera),
        cmocka_unit_test(black_and_covered_and_dark_are_told_apart),
        cmocka_unit_test(a_picture_that_repeats_to_the_bit_is_frozen_until_it_does_not),
        cmocka_unit_test(soft_edges_are_blurred),
        cmocka_unit_test(a_gap_forgets_what_was_suspected),
        cmocka_unit_test(it_looks_once_a_second_at_most),
        cmocka_unit_test(a_tiny_picture_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, furnish, NULL);
}
