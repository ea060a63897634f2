/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "media/detections_csv.h"
#include "media/source.h"
#include "sample.h"

static const struct dw_source_conf conf = { .fps = 10, .width_px = 640, .height_px = 480 };

static int open_text(struct dw_source **out, const char *text, const struct dw_source_conf *with,
                     struct dw_err *err)
{
    char path[SAMPLE_PATH_SIZE];
    sample_write("d.csv", text, strlen(text));
    return dw_source_create(out, sample_path(path, "d.csv"), with, err);
}

/* Reads all rows; returns their number and leaves the last, or the error. */
static int read_rows(const char *text, struct dw_detections_row *row, struct dw_err *err)
{
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    assert_non_null(file);
    struct dw_detections_csv csv;
    dw_detections_csv_init(&csv, file);
    int count = 0, code = 0;
    while ((code = dw_detections_csv_read(&csv, row, err)) > 0)
        count++;
    fclose(file);
    return code < 0 ? code : count;
}

static void what_people_write_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int rows;
        float score;
    } cases[] = {
        { "1,-1,10,20,30,40,0.5\n", 1, 0.5F },
        { "1,-1,10,20,30,40,0.5,-1,-1,-1\n", 1, 0.5F },
        { "1,7,10,20,30,40", 1, 1 },
        { "1,7,10,20,30,40,", 1, 1 },
        { "frame,id,x,y,w,h,score\n1,7,10,20,30,40,1e-1\r\n", 1, 0.1F },
        { "\"frame\",\"id\"\n1,7,10,20,30,40,1\r\n", 1, 1 },
        { "\xef\xbb\xbf# made by hand\r\n\r\n frame , id\n1, 7,\t10 ,20,30,40,.25\n\n", 1, 0.25F },
        { "2,1,10,20,30,40,1\n2,1,10,20,30,40,1\n9,1,10,20,30,40,0\n", 3, 0 },
        { "# nobody\n", 0, 0 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dw_detections_row row = { 0 };
        struct dw_err err = { { 0 } };
        assert_int_equal(read_rows(cases[i].text, &row, &err), cases[i].rows);
        assert_true(row.detection.score == cases[i].score);
        assert_true(cases[i].rows == 0 || (row.detection.box.x == 10 && row.detection.box.h == 40));
    }
}

static void mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "1,1,1,1,1\n",
          "line 1 ends before 'h': wants frame,id,x,y,w,h,score separated by commas" },
        { "1;1;1;1\n", "line 1: frame '1;1;1;1' is no number" },
        { "1 2,1,1,1,1,1\n", "line 1: frame '1 2' is no number" },
        { "1,1,nan,1,1,1\n", "line 1: x 'nan' is no number" },
        { "1,1,1,inf,1,1\n", "line 1: y 'inf' is no number" },
        { "1,1,0x10,1,1,1\n", "line 1: x '0x10' is no number" },
        { "1,1,1e999,1,1,1\n", "line 1: x '1e999' is no number" },
        { "1,1,1,,1,1\n", "line 1: y '' is no number" },
        { "1,1,1,1,1,1,high\n", "line 1: score 'high' is no number" },
        { "\n1,1,1e7,1,1,1\n", "line 2: x 1e+07 is no pixel position" },
        { "1,1,1,1,-3,1\n", "line 1: a box of -3 x 1 pixels: w and h must be over 0" },
        { "1,1,1,1,3,0\n", "line 1: a box of 3 x 0 pixels: w and h must be over 0" },
        { "1,1,1,1,1,1,1.5\n", "line 1: score 1.5 must be between 0 and 1" },
        { "1,1,1,1,1,1,-0.5\n", "line 1: score -0.5 must be between 0 and 1" },
        { "0,1,1,1,1,1\n", "line 1: frame 0: frames are whole numbers from 1" },
        { "1.5,1,1,1,1,1\n", "line 1: frame 1.5: frames are whole numbers from 1" },
        { "1e300,1,1,1,1,1\n", "line 1: frame 1e+300: frames are whole numbers from 1" },
        { "5,1,1,1,1,1\n4,1,1,1,1,1\n",
          "line 2: frame 4 comes after frame 5: sort the file by frame" },
        { "frame,id\nframe,id\n", "line 2: frame 'frame' is no number" },
        { "1,1,1,1,1,1\nx\n", "line 2: frame 'x' is no number" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dw_detections_row row = { 0 };
        struct dw_err err = { { 0 } };
        assert_int_equal(read_rows(cases[i][0], &row, &err), -EINVAL);
        assert_string_equal(err.text, cases[i][1]);
    }
}

static void lines_without_end_and_binaries_are_refused(void **state)
{
    (void)state;
    struct dw_err err = { { 0 } };
    struct dw_source *source = NULL;
    char path[SAMPLE_PATH_SIZE], text[5000];
    memset(text, '1', sizeof(text));
    sample_write("long.csv", text, sizeof(text));
    assert_int_equal(dw_source_create(&source, sample_path(path, "long.csv"), &conf, &err),
                     -EINVAL);
    assert_non_null(strstr(err.text, "line 1 is longer than 1023 characters"));
    sample_write("binary.csv", "RIFF\0\0", 6);
    assert_int_equal(dw_source_create(&source, sample_path(path, "binary.csv"), &conf, &err),
                     -EINVAL);
    assert_non_null(strstr(err.text, "line 1 is not text"));
}

static void too_many_in_one_frame_are_refused(void **state)
{
    (void)state;
    struct dw_buf text = { 0 };
    for (int i = 0; i <= DW_DETECTIONS_PER_FRAME_MAX; i++)
        dw_buf_puts(&text, "1,1,1,1,1,1\n");
    struct dw_detections_row row = { 0 };
    struct dw_err err = { { 0 } };
    assert_int_equal(read_rows(text.data, &row, &err), -EINVAL);
    assert_string_equal(err.text, "line 10001: frame 1 has more than 10000 detections");
    dw_buf_fini(&text);
}

static void time_goes_on_when_nobody_is_there(void **state)
{
    (void)state;
    struct dw_err err = { { 0 } };
    DW_AUTO(source) *source = NULL;
    const char *text = "2,1,1,1,5,5\n2,1,9,1,5,5\n5,1,1,1,5,5\n";
    assert_int_equal(open_text(&source, text, &conf, &err), 0);
    static const size_t counts[] = { 0, 2, 0, 0, 1 };
    struct dw_frame *frame = NULL;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(dw_source_read(source, &frame, &err), 1);
        assert_int_equal(frame->index, i);
        assert_int_equal(frame->time_us, i * 100000);
        assert_int_equal(frame->gap_us, 0);
        assert_int_equal(frame->detection_count, counts[i]);
        assert_false(frame->has_image);
        dw_frame_unref(frame);
    }
    assert_int_equal(dw_source_read(source, &frame, &err), 0);
    assert_int_equal(dw_source_read(source, &frame, &err), 0);
    assert_null(dw_source_warning(source));
}

static void the_end_is_known_from_the_start(void **state)
{
    (void)state;
    struct dw_err err = { { 0 } };
    DW_AUTO(source) *source = NULL;
    assert_int_equal(open_text(&source, "2,1,1,1,5,5\n30,1,9,1,5,5\n", &conf, &err), 0);
    const struct dw_source_info *info = dw_source_info(source);
    assert_string_equal(info->kind, "detections");
    assert_int_equal(info->frame_count, 30);
    assert_int_equal(info->duration_us, 3000000);
    assert_int_equal(info->width_px, 640);
    assert_int_equal(strlen(info->identity), 64);
}

static void files_that_make_no_sense_name_themselves(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "# nobody\n", "it holds no detections" },
        { "1,1,1,1,1,1\n40000,1,1,1,1,1\n", "line 2: frame 40000 comes more than 3600 s after the "
                                            "one before it: check frame numbers" },
        { "1000000000,1,1,1,1,1\n", "line 1: frame 1000000000 comes more than 3600 s" },
        { "1,1,1,1,1,1\nend\n", "line 2: frame 'end' is no number" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dw_err err = { { 0 } };
        struct dw_source *source = NULL;
        assert_int_equal(open_text(&source, cases[i][0], &conf, &err), -EINVAL);
        assert_null(source);
        assert_non_null(strstr(err.text, "detections file '"));
        assert_non_null(strstr(err.text, cases[i][1]));
    }
}

static void rate_and_size_are_asked_for(void **state)
{
    (void)state;
    struct dw_err err = { { 0 } };
    struct dw_source *source = NULL;
    struct dw_source_conf no_fps = conf, no_size = conf;
    no_fps.fps = 0;
    no_size.height_px = 0;
    assert_int_equal(open_text(&source, "1,1,1,1,1,1\n", &no_fps, &err), -EINVAL);
    assert_non_null(strstr(err.text, "--fps"));
    assert_int_equal(open_text(&source, "1,1,1,1,1,1\n", &no_size, &err), -EINVAL);
    assert_non_null(strstr(err.text, "--size"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_write_is_read),
        cmocka_unit_test(mistakes_are_told_with_their_line),
        cmocka_unit_test(lines_without_end_and_binaries_are_refused),
        cmocka_unit_test(too_many_in_one_frame_are_refused),
        cmocka_unit_test(time_goes_on_when_nobody_is_there),
        cmocka_unit_test(the_end_is_known_from_the_start),
        cmocka_unit_test(files_that_make_no_sense_name_themselves),
        cmocka_unit_test(rate_and_size_are_asked_for),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
