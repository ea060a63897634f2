/* SPDX-License-Identifier: Apache-2.0 */
/* What a camera says about its own set-up, picture by picture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/wall_time.h"
#include "core/random.h"
#include "engine/site_impl.h"

#define WIDTH 128
#define HEIGHT 96
#define DAY_S 86400

struct shop {
    char path[32];
    struct dw_site_tools tools;
    struct dw_layout layout;
    struct dw_camera camera;
    int64_t second;
};

static uint8_t picture[HEIGHT][WIDTH];

/* A shop of rectangles; another `seed` is another view. */
static void furnish(uint64_t seed)
{
    memset(picture, 120, sizeof(picture));
    for (int i = 0; i < 60; i++) {
        size_t left = dw_random_below(&seed, WIDTH - 30), top = dw_random_below(&seed, HEIGHT - 30);
        size_t w = 5 + dw_random_below(&seed, 25), h = 5 + dw_random_below(&seed, 25);
        int level = 40 + (int)dw_random_below(&seed, 180);
        for (size_t y = top; y < top + h; y++)
            memset(&picture[y][left], level, w);
    }
}

static void open_camera(struct shop *shop)
{
    shop->camera = (struct dw_camera){ .tools = &shop->tools, .layout = &shop->layout };
    shop->camera.conf.source = dw_strdup("rtsp://camera/stream");
    shop->camera.conf.zones_path = dw_strdup("none.json");
    snprintf(shop->camera.conf.name, sizeof(shop->camera.conf.name), "entrance");
    pthread_mutex_init(&shop->camera.lock, NULL);
}

static void close_camera(struct shop *shop)
{
    dw_camera_advice_fini(&shop->camera);
    dw_camera_conf_fini(&shop->camera.conf);
    pthread_mutex_destroy(&shop->camera.lock);
}

static int setup(void **state)
{
    struct shop *shop = dw_alloc0(sizeof(*shop));
    char command[64];
    snprintf(shop->path, sizeof(shop->path), "/tmp/dwell-advice-XXXXXX");
    if (mkdtemp(shop->path) == NULL)
        return -1;
    snprintf(command, sizeof(command), "mkdir '%s/views'", shop->path);
    shop->tools = (struct dw_site_tools){ .data = shop->path, .hub = dw_hub_create() };
    shop->layout.zones = dw_alloc_array0(2, sizeof(*shop->layout.zones));
    shop->layout.zone_count = 2;
    snprintf(shop->layout.zones[0].name, sizeof(shop->layout.zones[0].name), "till");
    snprintf(shop->layout.zones[1].name, sizeof(shop->layout.zones[1].name), "shelf");
    furnish(1);
    open_camera(shop);
    *state = shop;
    return system(command);
}

static int teardown(void **state)
{
    struct shop *shop = *state;
    char command[64];
    close_camera(shop);
    dw_layout_fini(&shop->layout);
    dw_hub_destroy(shop->tools.hub);
    snprintf(command, sizeof(command), "rm -rf '%s'", shop->path);
    free(shop);
    return system(command);
}

/* So many seconds of a picture of this size, and what the camera says then. */
static const char *see(struct shop *shop, int seconds, int width_px, int height_px)
{
    for (int i = 0; i < seconds; i++) {
        picture[0][0] ^= 1; /* no two pictures are the same */
        struct dw_image image = { .y = picture[0],
                                  .y_stride = WIDTH,
                                  .width_px = width_px,
                                  .height_px = height_px,
                                  .full_range = true };
        dw_camera_look(&shop->camera, &image, ++shop->second * DW_SECOND_US);
    }
    dw_camera_advise(&shop->camera);
    return shop->camera.status.reason;
}

static void the_view_of_the_zones_outlives_the_program(void **state)
{
    struct shop *shop = *state;
    assert_string_equal(see(shop, 40, WIDTH, HEIGHT), "");
    close_camera(shop);
    furnish(2); /* somebody turned the camera at night */
    open_camera(shop);
    assert_non_null(strstr(see(shop, 60, WIDTH, HEIGHT), "was turned or zoomed"));
    dw_camera_redrawn(&shop->camera);
    assert_string_equal(see(shop, 60, WIDTH, HEIGHT), "");
}

static void a_picture_of_another_shape_says_so_until_the_zones_are_drawn_anew(void **state)
{
    struct shop *shop = *state;
    see(shop, 40, WIDTH, HEIGHT);
    close_camera(shop);
    open_camera(shop);
    assert_non_null(strstr(see(shop, 2, WIDTH, 72), "has another shape"));
    dw_camera_redrawn(&shop->camera);
    assert_string_equal(see(shop, 2, WIDTH, 72), "");
}

static void enter(struct shop *shop, int zone)
{
    struct dw_visit visit = { .zone = zone, .last_box = { .w = 8, .h = 24 } };
    dw_camera_entered(&shop->camera, &visit);
}

static void a_zone_that_nobody_enters_for_a_day_says_so_when_others_are(void **state)
{
    struct shop *shop = *state;
    see(shop, DAY_S, WIDTH, HEIGHT);
    assert_string_equal(shop->camera.status.reason, ""); /* nobody came at all */
    for (int i = 0; i < 19; i++)
        enter(shop, 1);
    assert_string_equal(see(shop, 2, WIDTH, HEIGHT), "");
    enter(shop, 1);
    assert_non_null(strstr(see(shop, 2, WIDTH, HEIGHT), "nobody has entered 'till'"));
    enter(shop, 0);
    assert_string_equal(see(shop, 2, WIDTH, HEIGHT), "");
}

/* A zone two bodies wide is crossed in two and a half seconds. */
static void too_few_pictures_for_a_zone_that_is_walked_through_are_told(void **state)
{
    struct shop *shop = *state;
    struct dw_zone *till = &shop->layout.zones[0];
    till->corners[1].x = till->corners[2].x = 48.0 / WIDTH;
    till->corners[2].y = 0.5;
    till->corner_count = 3;
    shop->camera.status.width_px = WIDTH;
    shop->camera.status.fps_analysed = 0.7;
    see(shop, 2, WIDTH, HEIGHT);
    for (int i = 0; i < 4; i++)
        enter(shop, 0);
    assert_string_equal(see(shop, 2, WIDTH, HEIGHT), ""); /* who knows how large people are */
    enter(shop, 0);
    assert_non_null(strstr(see(shop, 2, WIDTH, HEIGHT), "through 'till'"));
    shop->camera.status.fps_analysed = 0.9;
    assert_non_null(strstr(see(shop, 2, WIDTH, HEIGHT), "through 'till'"));
    shop->camera.status.fps_analysed = 1.1;
    assert_string_equal(see(shop, 2, WIDTH, HEIGHT), "");
    shop->camera.status.fps_analysed = 0.9;
    assert_string_equal(see(shop, 2, WIDTH, HEIGHT), "");
    shop->camera.status.fps_analysed = 0; /* not known yet */
    assert_string_equal(see(shop, 2, WIDTH, HEIGHT), "");
}

static void a_machine_that_falls_behind_says_so_until_it_has_caught_up(void **state)
{
    struct shop *shop = *state;
    dw_camera_judge_rate(&shop->camera, 80, 20);
    assert_string_equal(shop->camera.status.reason, "");
    dw_camera_judge_rate(&shop->camera, 60, 40);
    assert_non_null(strstr(shop->camera.status.reason, "too slow"));
    dw_camera_judge_rate(&shop->camera, 80, 20);
    assert_non_null(strstr(shop->camera.status.reason, "too slow"));
    dw_camera_judge_rate(&shop->camera, 95, 5);
    assert_string_equal(shop->camera.status.reason, "");
}

static void a_main_stream_says_that_the_smaller_one_would_do(void **state)
{
    struct shop *shop = *state;
    static uint8_t large[1920 * 1080];
    for (size_t i = 0; i < sizeof(large); i++)
        large[i] = (uint8_t)(i / 7 % 200);
    struct dw_image image = {
        .y = large, .y_stride = 1920, .width_px = 1920, .height_px = 1080, .full_range = true
    };
    dw_camera_look(&shop->camera, &image, DW_SECOND_US);
    dw_camera_advise(&shop->camera);
    assert_non_null(strstr(shop->camera.status.reason, "larger than need be"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_view_of_the_zones_outlives_the_program, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_picture_of_another_shape_says_so_until_the_zones_are_drawn_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(a_zone_that_nobody_enters_for_a_day_says_so_when_others_are,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(too_few_pictures_for_a_zone_that_is_walked_through_are_told,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_machine_that_falls_behind_says_so_until_it_has_caught_up,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_main_stream_says_that_the_smaller_one_would_do, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
