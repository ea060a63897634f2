/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "media/source.h"
#include "sample.h"

enum { FRAMES = 5 };
#define INTERVAL_US 100000

static const struct dw_source_conf conf = { .loop = true };

static void make_video(const char *name, int width_px)
{
    sample_video(&(struct sample_video){ .name = name,
                                         .encoder = "mpeg4",
                                         .width_px = width_px,
                                         .height_px = 48,
                                         .frames = FRAMES });
}

static void open_loop(struct dw_source **out, const char *name)
{
    char path[SAMPLE_PATH_SIZE];
    struct dw_err err = { { 0 } };
    if (dw_source_create(out, sample_path(path, name), &conf, &err) < 0)
        fail_msg("%s", err.text);
}

static void a_loop_has_no_end_and_tells_its_seams_as_gaps(void **state)
{
    (void)state;
    DW_AUTO(source) *source = NULL;
    make_video("loop.avi", 64);
    open_loop(&source, "loop.avi");
    assert_true(dw_source_info(source)->live);
    assert_int_equal(dw_source_info(source)->frame_count, 0);
    int64_t last_us = -INTERVAL_US;
    for (int i = 0; i < 4 * FRAMES; i++) {
        struct dw_frame *frame = NULL;
        struct dw_err err = { { 0 } };
        bool seam = i > 0 && i % FRAMES == 0;
        assert_int_equal(dw_source_read(source, &frame, &err), 1);
        assert_int_equal(frame->index, i);
        /* One interval lies between the rounds that belongs to neither. */
        assert_int_equal(frame->time_us - last_us, seam ? 2 * INTERVAL_US : INTERVAL_US);
        assert_int_equal(frame->gap_us, seam ? 2 * INTERVAL_US : 0);
        if (seam)
            assert_string_equal(frame->gap_reason, "the film begins anew");
        last_us = frame->time_us;
        dw_frame_unref(frame);
    }
}

/* Reads on until something goes wrong, a few rounds at most. */
static int read_until_error(struct dw_source *source, struct dw_err *err)
{
    int result = 1;
    for (int i = 0; i < 4 * FRAMES && result == 1; i++) {
        struct dw_frame *frame = NULL;
        result = dw_source_read(source, &frame, err);
        dw_frame_unref(frame);
    }
    return result;
}

static void a_file_replaced_by_one_of_another_size_ends_it(void **state)
{
    (void)state;
    DW_AUTO(source) *source = NULL;
    struct dw_err err = { { 0 } };
    make_video("change.avi", 64);
    open_loop(&source, "change.avi");
    char path[SAMPLE_PATH_SIZE];
    assert_int_equal(remove(sample_path(path, "change.avi")), 0);
    make_video("change.avi", 96);
    assert_int_equal(read_until_error(source, &err), -EIO);
    assert_non_null(strstr(err.text, "replaced by a file of another size"));
}

static void a_file_that_is_gone_is_said_by_name(void **state)
{
    (void)state;
    DW_AUTO(source) *source = NULL;
    struct dw_err err = { { 0 } };
    make_video("gone.avi", 64);
    open_loop(&source, "gone.avi");
    char path[SAMPLE_PATH_SIZE];
    assert_int_equal(remove(sample_path(path, "gone.avi")), 0);
    assert_true(read_until_error(source, &err) < 0);
    assert_non_null(strstr(err.text, "gone.avi"));
}

static void only_files_are_played_in_a_loop(void **state)
{
    (void)state;
    struct dw_source *source = NULL;
    struct dw_err err = { { 0 } };
    assert_int_equal(dw_source_create(&source, "rtsp://127.0.0.1:9/x", &conf, &err), -EINVAL);
    assert_null(source);
    assert_non_null(strstr(err.text, "only files are played in a loop"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_has_no_end_and_tells_its_seams_as_gaps),
        cmocka_unit_test(a_file_replaced_by_one_of_another_size_ends_it),
        cmocka_unit_test(a_file_that_is_gone_is_said_by_name),
        cmocka_unit_test(only_files_are_played_in_a_loop),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
