/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "core/random.h"
#include "core/stillness.h"

#define WIDTH 320
#define HEIGHT 240
#define FRAME_US 100000
#define AGAIN_US 400000

static uint8_t picture[HEIGHT][WIDTH];
static uint64_t noise_seed;

static const struct dw_image image = {
    .y = picture[0],
    .y_stride = WIDTH,
    .width_px = WIDTH,
    .height_px = HEIGHT,
    .full_range = true,
};

/* A floor with a person of 12 x 36 pixels at `left`, in `noise` levels of noise and more `light`.
 */
static void see(size_t left, unsigned noise, int light)
{
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++)
            picture[y][x] = (uint8_t)(100 + (x / 40 + y / 30) % 2 * 30 + (size_t)light);
    for (size_t y = 100; y < 136; y++)
        memset(&picture[y][left], 60 + light, 12);
    for (size_t y = 0; noise > 0 && y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++)
            picture[y][x] += (uint8_t)(dw_random_below(&noise_seed, noise) - noise / 2);
}

/* How many of `frames` steps from `frame` on were looked at. */
static int looks(struct dw_stillness *stillness, int frame, int frames)
{
    int count = 0;
    for (int i = 0; i < frames; i++)
        count += !dw_stillness_step(stillness, &image, (frame + i) * FRAME_US);
    return count;
}

static void a_still_picture_is_looked_at_again_now_and_then(void **state)
{
    (void)state;
    DW_AUTO(stillness) *stillness = dw_stillness_create(AGAIN_US);
    see(100, 0, 0);
    assert_int_equal(looks(stillness, 0, 3), 3); /* a little longer than something moved */
    assert_int_equal(looks(stillness, 3, 40), 10);
}

static void whoever_moves_is_looked_at_also_when_creeping(void **state)
{
    (void)state;
    DW_AUTO(stillness) *stillness = dw_stillness_create(100 * DW_SECOND_US);
    see(100, 0, 0);
    looks(stillness, 0, 10);
    int count = 0;
    for (int i = 0; i < 40; i++) { /* a pixel in two frames: two heights in 14 s */
        see(100 + (size_t)i / 2, 0, 0);
        count += looks(stillness, 10 + i, 1);
    }
    assert_true(count >= 20);
    assert_int_equal(looks(stillness, 60, 10), 0);
}

static void noise_and_light_are_no_movement(void **state)
{
    (void)state;
    DW_AUTO(stillness) *stillness = dw_stillness_create(100 * DW_SECOND_US);
    int frame = 0;
    for (; frame < 150; frame++) { /* learns how noisy the camera is */
        see(100, 20, 0);
        looks(stillness, frame, 1);
    }
    int count = 0;
    for (int i = 0; i < 100; i++) {
        see(100, 20, i / 3); /* dawn */
        count += looks(stillness, frame++, 1);
    }
    assert_true(count <= 4); /* one that errs, and what follows it */
    see(106, 20, 33);
    assert_int_equal(looks(stillness, frame, 1), 1);
}

static void a_speck_is_no_movement(void **state)
{
    (void)state;
    DW_AUTO(stillness) *stillness = dw_stillness_create(100 * DW_SECOND_US);
    see(100, 0, 0);
    looks(stillness, 0, 10);
    for (size_t y = 0; y < 5; y++)
        memset(&picture[20 + y][20], 255, 5); /* one cell */
    assert_int_equal(looks(stillness, 10, 1), 0);
    memset(&picture[20][25], 255, 5); /* and a part of the next */
    assert_int_equal(looks(stillness, 11, 1), 1);
}

static void where_something_always_moves_others_are_seen(void **state)
{
    (void)state;
    DW_AUTO(stillness) *stillness = dw_stillness_create(100 * DW_SECOND_US);
    int frame = 0;
    for (; frame < 1000; frame++) { /* leaves before a lamp, or a screen */
        see(100, 0, 0);
        for (size_t y = 90; y < 150; y++)
            memset(&picture[y][200], frame % 2 * 12 + 100, 40);
        looks(stillness, frame, 1);
    }
    assert_int_equal(looks(stillness, frame, 10), 0);
    for (size_t y = 100; y < 136; y++)
        memset(&picture[y][210], 60, 12);
    assert_int_equal(looks(stillness, frame + 10, 1), 1);
}

static void another_size_is_another_picture(void **state)
{
    (void)state;
    DW_AUTO(stillness) *stillness = dw_stillness_create(100 * DW_SECOND_US);
    see(100, 0, 0);
    looks(stillness, 0, 10);
    struct dw_image smaller = image;
    smaller.width_px = WIDTH / 2;
    assert_false(dw_stillness_step(stillness, &smaller, 10 * FRAME_US));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_still_picture_is_looked_at_again_now_and_then),
        cmocka_unit_test(whoever_moves_is_looked_at_also_when_creeping),
        cmocka_unit_test(noise_and_light_are_no_movement),
        cmocka_unit_test(a_speck_is_no_movement),
        cmocka_unit_test(where_something_always_moves_others_are_seen),
        cmocka_unit_test(another_size_is_another_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
