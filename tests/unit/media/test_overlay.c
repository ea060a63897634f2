/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "media/overlay.h"
#include "media/source.h"
#include "sample.h"

static struct dw_image grey_image(int width_px, int height_px, uint8_t luma)
{
    static uint8_t y[1920 * 1080], uv[1920 * 1080];
    memset(y, luma, sizeof(y));
    memset(uv, 128, sizeof(uv));
    return (struct dw_image){ y, uv, uv, width_px, width_px, width_px, width_px, height_px, false };
}

static struct dw_zone zone_of(const char *name)
{
    struct dw_zone zone = { .corners = { { 0.2, 0.2 }, { 0.8, 0.2 }, { 0.8, 0.8 }, { 0.2, 0.8 } },
                            .corner_count = 4 };
    strncpy(zone.name, name, sizeof(zone.name) - 1);
    return zone;
}

static const struct dw_overlay_scene empty = { .time_us = -1 };

static bool exists(const char *name)
{
    char path[SAMPLE_PATH_SIZE];
    return access(sample_path(path, name), F_OK) == 0;
}

static void a_video_is_read_back_with_the_times_it_was_given(void **state)
{
    (void)state;
    static const int64_t times_us[] = { 0, 100000, 133333, 700000, 2000000, 2000001, 9000000 };
    struct dw_image image = grey_image(161, 121, 90);
    struct dw_err err = { { 0 } };
    char path[SAMPLE_PATH_SIZE];
    DW_AUTO(overlay) *overlay = NULL;
    assert_int_equal(dw_overlay_create(&overlay, sample_path(path, "a.mp4"), 161, 121, 10, &err),
                     0);
    assert_null(dw_overlay_warning(overlay));
    for (size_t i = 0; i < DW_LENGTH(times_us); i++)
        assert_int_equal(dw_overlay_write(overlay, &image, &empty, times_us[i], &err), 0);
    assert_int_equal(dw_overlay_finish(overlay, &err), 0);

    DW_AUTO(source) *source = NULL;
    assert_int_equal(dw_source_create(&source, path, NULL, &err), 0);
    assert_int_equal(dw_source_info(source)->width_px, 160);
    assert_int_equal(dw_source_info(source)->height_px, 120);
    struct dw_frame *frame = NULL;
    for (size_t i = 0; i < DW_LENGTH(times_us); i++) {
        assert_int_equal(dw_source_read(source, &frame, &err), 1);
        assert_true(llabs(frame->time_us - times_us[i]) <= 34); /* three ticks of 1/90000 s */
        assert_in_range(frame->image.y[100], 88, 92);
        dw_frame_unref(frame);
    }
    assert_int_equal(dw_source_read(source, &frame, &err), 0);
}

static void an_unfinished_video_is_removed(void **state)
{
    (void)state;
    struct dw_image image = grey_image(64, 48, 90);
    struct dw_err err = { { 0 } };
    char path[SAMPLE_PATH_SIZE];
    struct dw_overlay *overlay = NULL;
    assert_int_equal(dw_overlay_create(&overlay, sample_path(path, "b.mp4"), 64, 48, 10, &err), 0);
    assert_int_equal(dw_overlay_write(overlay, &image, &empty, 0, &err), 0);
    assert_true(exists("b.mp4"));
    dw_overlay_destroy(overlay);
    assert_false(exists("b.mp4"));
}

static void what_cannot_be_written_is_told(void **state)
{
    (void)state;
    struct dw_image image = grey_image(64, 48, 90);
    struct dw_err err = { { 0 } };
    struct dw_overlay *overlay = NULL;
    assert_int_equal(dw_overlay_create(&overlay, "/dev/full", 64, 48, 10, &err), -ENOSPC);
    assert_string_equal(err.text, "cannot write '/dev/full': No space left on device: make room or "
                                  "write elsewhere");
    assert_int_equal(access("/dev/full", F_OK), 0);
    assert_int_equal(dw_overlay_create(&overlay, "/no/such/x.mp4", 64, 48, 10, &err), -ENOENT);
    assert_non_null(strstr(err.text, "create its folder first"));
    assert_int_equal(dw_overlay_create(&overlay, "/", 64, 48, 10, &err), -EISDIR);
    assert_int_equal(dw_overlay_create(&overlay, "x.mp4", 8, 48, 10, &err), -EINVAL);
    assert_non_null(strstr(err.text, "too small"));
    assert_null(overlay);

    assert_int_equal(dw_still_write("/dev/full", &image, &empty, &err), -ENOSPC);
    assert_non_null(strstr(err.text, "make room"));
    assert_int_equal(dw_still_write("/no/such/x.png", &image, &empty, &err), -ENOENT);
}

/* Writes noise until a limit on the size of files stops it; returns what it stopped with. */
static int fill_disk(struct dw_overlay *overlay, struct dw_err *err)
{
    struct dw_image image = grey_image(320, 240, 0);
    uint8_t *noise = dw_alloc_array0(320, 240);
    image.y = noise;
    uint32_t seed = 7;
    int code = 0;
    for (int frame = 0; frame < 200 && code == 0; frame++) {
        for (int i = 0; i < 320 * 240; i++) {
            seed = seed * 1664525U + 1013904223U;
            noise[i] = (uint8_t)(seed >> 24);
        }
        code = dw_overlay_write(overlay, &image, &empty, frame * INT64_C(100000), err);
    }
    free(noise);
    return code != 0 ? code : dw_overlay_finish(overlay, err);
}

static void a_disk_that_fills_up_is_told_and_nothing_is_left(void **state)
{
    (void)state;
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 500000;
    signal(SIGXFSZ, SIG_IGN);
    struct dw_err err = { { 0 } };
    char path[SAMPLE_PATH_SIZE];
    struct dw_overlay *overlay = NULL;
    assert_int_equal(dw_overlay_create(&overlay, sample_path(path, "c.mp4"), 320, 240, 10, &err),
                     0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int code = fill_disk(overlay, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    dw_overlay_destroy(overlay);
    assert_int_equal(code, -EFBIG);
    assert_non_null(strstr(err.text, "c.mp4': File too large: make room or write elsewhere"));
    assert_false(exists("c.mp4"));
}

static void a_smaller_picture_than_the_video_is_refused(void **state)
{
    (void)state;
    struct dw_image image = grey_image(62, 48, 90);
    struct dw_err err = { { 0 } };
    char path[SAMPLE_PATH_SIZE];
    DW_AUTO(overlay) *overlay = NULL;
    assert_int_equal(dw_overlay_create(&overlay, sample_path(path, "d.mp4"), 64, 48, 0, &err), 0);
    assert_int_equal(dw_overlay_write(overlay, &image, &empty, 0, &err), -EINVAL);
    assert_non_null(strstr(err.text, "62 x 48"));
}

/* The still, decoded again: a PNG is a video of one picture. */
static struct dw_frame *read_still(const char *name)
{
    char path[SAMPLE_PATH_SIZE];
    struct dw_err err = { { 0 } };
    struct dw_frame *frame = NULL;
    DW_AUTO(source) *source = NULL;
    assert_int_equal(dw_source_create(&source, sample_path(path, name), NULL, &err), 0);
    assert_int_equal(dw_source_read(source, &frame, &err), 1);
    return frame;
}

static bool is_coloured(const struct dw_image *image, int x, int y)
{
    int at = y / 2 * image->u_stride + x / 2, other = y / 2 * image->v_stride + x / 2;
    return abs(image->u[at] - 128) > 3 || abs(image->v[other] - 128) > 3;
}

static void a_still_shows_the_zone_where_it_is(void **state)
{
    (void)state;
    struct dw_zone zone = zone_of("Table");
    const struct dw_layout layout = { .zones = &zone, .zone_count = 1 };
    const struct dw_overlay_scene scene = { .layout = &layout, .time_us = -1 };
    struct dw_image image = grey_image(321, 241, 90);
    struct dw_err err = { { 0 } };
    char path[SAMPLE_PATH_SIZE];
    assert_int_equal(dw_still_write(sample_path(path, "e.png"), &image, &scene, &err), 0);
    DW_AUTO(frame) *frame = read_still("e.png");
    assert_int_equal(frame->image.width_px, 321);
    assert_int_equal(frame->image.height_px, 241);
    assert_true(is_coloured(&frame->image, 160, 120));
    assert_true(is_coloured(&frame->image, 64, 150)); /* the left edge */
    assert_false(is_coloured(&frame->image, 40, 120));
    assert_false(is_coloured(&frame->image, 160, 230));
}

static void any_scene_can_be_drawn(void **state)
{
    (void)state;
    enum { ZONES = 70 };
    static struct dw_zone zones[ZONES];
    static struct dw_overlay_zone figures[ZONES];
    static const char long_name[] = "a name that goes on and on and on and never seems to find its "
                                    "end before all the room there is has been used up";
    static const char *const names[] = { "", "\xff\xfe\x80", "caf\xc3\xa9 \xe8\x8c\xb6 \n\t",
                                         long_name };
    for (size_t i = 0; i < ZONES; i++) {
        zones[i] = zone_of(names[i % DW_LENGTH(names)]);
        figures[i] = (struct dw_overlay_zone){ 99999, INT64_MAX, INT64_MAX, INT64_MAX };
    }
    struct dw_line lines[] = { { .name = "in", .start = { 0.1, 0.1 }, .end = { 0.1, 0.1 } },
                               { .name = "\xc3", .start = { 1, 1 }, .end = { 0, 0 } } };
    const int64_t counts[] = { INT64_MAX, 0, 1, 2 };
    const struct dw_overlay_person persons[] = {
        { 1, { -50, -50, 20, 20 }, { -40, -30 }, false, 0, 1 },
        { 2, { 1e6F, 1e6F, 1e6F, 1e6F }, { 1e6, 1e6 }, true, 1000, INT64_MAX },
        { 3, { 10, 10, 0, 0 }, { 10, 10 }, true, 69, 5000000 },
    };
    const struct dw_layout layout = {
        .zones = zones, .zone_count = ZONES, .lines = lines, .line_count = 2
    };
    const struct dw_camera camera = { 320, 240, 200, 0.4, 0, 3 };
    const struct dw_overlay_scene scene = {
        .layout = &layout,
        .zones = figures,
        .persons = persons,
        .person_count = DW_LENGTH(persons),
        .line_counts = counts,
        .time_us = INT64_MAX,
        .caption = "caption \xff",
        .grid = true,
        .floor = &camera,
    };
    static const int sizes[][2] = { { 1, 1 }, { 17, 200 }, { 320, 240 }, { 1919, 1079 } };
    struct dw_err err = { { 0 } };
    char path[SAMPLE_PATH_SIZE];
    for (size_t i = 0; i < DW_LENGTH(sizes); i++) {
        struct dw_image image = grey_image(sizes[i][0], sizes[i][1], 200);
        assert_int_equal(dw_still_write(sample_path(path, "f.png"), &image, &scene, &err), 0);
    }
    dw_frame_unref(read_still("f.png"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_video_is_read_back_with_the_times_it_was_given),
        cmocka_unit_test(an_unfinished_video_is_removed),
        cmocka_unit_test(what_cannot_be_written_is_told),
        cmocka_unit_test(a_disk_that_fills_up_is_told_and_nothing_is_left),
        cmocka_unit_test(a_smaller_picture_than_the_video_is_refused),
        cmocka_unit_test(a_still_shows_the_zone_where_it_is),
        cmocka_unit_test(any_scene_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
