/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "base/wall_time.h"
#include "media/source.h"
#include "sample.h"

/* What reading a whole source showed. */
struct run {
    struct dw_source_info info;
    int frames, gaps, code;
    int64_t last_us, gap_us; /* the last gap */
    char warning[256];
    struct dw_err err;
};

static struct run run_through(const char *name)
{
    struct run run = { 0 };
    char path[SAMPLE_PATH_SIZE];
    DW_AUTO(source) *source = NULL;
    run.code = dw_source_create(&source, sample_path(path, name), NULL, &run.err);
    if (run.code != 0) {
        assert_null(source);
        return run;
    }
    run.info = *dw_source_info(source);
    run.last_us = -1;
    struct dw_frame *frame = NULL;
    while ((run.code = dw_source_read(source, &frame, &run.err)) > 0) {
        assert_true(frame->has_image && frame->time_us > run.last_us);
        assert_int_equal(frame->index, run.frames);
        assert_int_equal(frame->image.width_px, run.info.width_px);
        assert_int_equal(frame->image.height_px, run.info.height_px);
        run.last_us = frame->time_us;
        run.frames++;
        if (frame->gap_us != 0) {
            run.gaps++;
            run.gap_us = frame->gap_us;
        }
        dw_frame_unref(frame);
    }
    const char *warning = dw_source_warning(source);
    snprintf(run.warning, sizeof(run.warning), "%s", warning != NULL ? warning : "");
    return run;
}

static void times_come_from_the_stamps_of_any_container(void **state)
{
    (void)state;
    static const struct sample_video videos[] = {
        { .name = "a.avi", .encoder = "mpeg4", .width_px = 64, .height_px = 48, .frames = 30 },
        { .name = "a.mp4", .encoder = "mpeg4", .width_px = 64, .height_px = 48, .frames = 30 },
        { .name = "a.mkv", .encoder = "mpeg4", .width_px = 64, .height_px = 48, .frames = 30 },
        { .name = "a.ts", .encoder = "mpeg2video", .width_px = 64, .height_px = 48, .frames = 30 },
    };
    for (size_t i = 0; i < DW_LENGTH(videos); i++) {
        sample_video(&videos[i]);
        struct run run = run_through(videos[i].name);
        assert_int_equal(run.code, 0);
        assert_int_equal(run.frames, 30);
        assert_int_equal(run.last_us, 2900000);
        assert_int_equal(run.gaps, 0);
        assert_string_equal(run.warning, "");
        assert_string_equal(run.info.kind, "video");
        assert_false(run.info.live);
    }
}

static int64_t uneven_ms(int frame)
{
    return frame * INT64_C(100) + frame % 3 * INT64_C(30);
}

static void uneven_stamps_are_kept(void **state)
{
    (void)state;
    sample_video(&(struct sample_video){ .name = "uneven.mkv",
                                         .encoder = "mjpeg",
                                         .format = "yuvj420p",
                                         .width_px = 64,
                                         .height_px = 48,
                                         .frames = 9,
                                         .stamp_ms = uneven_ms });
    struct run run = run_through("uneven.mkv");
    assert_int_equal(run.frames, 9);
    assert_int_equal(run.last_us, 860000);
}

/* One picture with its planes, from a source that ends before the picture is read. */
static struct dw_frame *first_frame(const struct sample_video *video)
{
    sample_video(video);
    char path[SAMPLE_PATH_SIZE];
    struct dw_err err = { { 0 } };
    struct dw_frame *frame = NULL;
    DW_AUTO(source) *source = NULL;
    assert_int_equal(dw_source_create(&source, sample_path(path, video->name), NULL, &err), 0);
    assert_int_equal(dw_source_read(source, &frame, &err), 1);
    return frame;
}

static void every_format_becomes_planar_and_outlives_its_source(void **state)
{
    (void)state;
    static const struct {
        struct sample_video video;
        bool full_range;
        int luma; /* -1: not looked at */
    } cases[] = {
        { { "p.mkv", "ffv1", "yuv420p", 33, 17, 1, NULL }, false, 50 },
        { { "q.mkv", "ffv1", "yuv444p", 33, 17, 1, NULL }, false, 50 },
        { { "r.mkv", "ffv1", "yuv422p10le", 33, 17, 1, NULL }, false, -1 },
        { { "s.mkv", "ffv1", "gray", 33, 17, 1, NULL }, false, 50 },
        { { "t.avi", "mjpeg", "yuvj420p", 33, 17, 1, NULL }, true, 50 },
        { { "u.avi", "mjpeg", "yuvj444p", 33, 17, 1, NULL }, true, 50 },
        /* RGB 50 of 255 is 16 + 50 * 219 / 255 */
        { { "v.mkv", "ffv1", "bgr0", 33, 17, 1, NULL }, false, 59 },
        { { "w.gif", "gif", "gray", 33, 17, 1, NULL }, false, 59 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        DW_AUTO(frame) *frame = first_frame(&cases[i].video);
        const struct dw_image *image = &frame->image;
        assert_int_equal(image->width_px, 33);
        assert_int_equal(image->height_px, 17);
        assert_int_equal(image->full_range, cases[i].full_range);
        int last = 16 * image->y_stride + 32, last_u = 8 * image->u_stride + 16;
        if (cases[i].luma < 0)
            continue;
        if (abs(image->y[last] - cases[i].luma) > 2)
            fail_msg("%s: luma %d, not %d", cases[i].video.name, image->y[last], cases[i].luma);
        if (abs(image->u[last_u] - 128) > 2)
            fail_msg("%s: chroma %d", cases[i].video.name, image->u[last_u]);
    }
}

static void a_reference_keeps_the_picture(void **state)
{
    (void)state;
    struct dw_frame *frame =
        first_frame(&(struct sample_video){ "k.mkv", "ffv1", NULL, 64, 48, 1, NULL });
    assert_ptr_equal(dw_frame_ref(frame), frame);
    dw_frame_unref(frame);
    assert_int_equal(frame->image.y[0], 50);
    dw_frame_unref(frame);
    dw_frame_unref(NULL);
}

static void a_cut_file_is_measured_and_said_to_end_early(void **state)
{
    (void)state;
    static const char *const names[] = { "c.avi", "c.mp4", "c.mkv" };
    for (size_t i = 0; i < DW_LENGTH(names); i++) {
        sample_video(&(struct sample_video){ names[i], "mjpeg", "yuvj420p", 160, 120, 100, NULL });
        char cut[32];
        snprintf(cut, sizeof(cut), "cut-%s", names[i]);
        sample_cut(names[i], cut, 0.5);
        struct run run = run_through(cut);
        assert_int_equal(run.code, 0);
        assert_in_range(run.frames, 40, 55);
        if (strncmp(run.warning, "the file ends early: ", 21) != 0 ||
            strstr(run.warning, " s of 10.0 s could be read") == NULL)
            fail_msg("%s: '%s'", cut, run.warning);
    }
}

static void what_is_no_video_is_told_in_a_sentence(void **state)
{
    (void)state;
    static const uint8_t noise[] = { 0x9f, 0x01, 0xff, 0x00, 0x77, 0xfe, 0x80, 0x03 };
    static const uint8_t mp4[] = "\0\0\0\x20"
                                 "ftypisom\0\0\2\0isomiso2avc1mp41"
                                 "\0\0\x10\0mdat\1\2\3\4\5\6\7";
    static const char playlist[] = "#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n";
    sample_write("noise.avi", noise, sizeof(noise));
    sample_write("headless.mp4", mp4, sizeof(mp4));
    sample_write("letter.avi", "Dear camera,\nhow are you\n", 25);
    sample_write("notes.txt", "\xc3\xa9t\xc3\xa9\n", 6);
    sample_write("list.m3u8", playlist, sizeof(playlist) - 1);
    sample_write("empty.mp4", "", 0);
    static const char *const cases[][2] = {
        { "noise.avi", "is not a video file FFmpeg can read" },
        { "headless.mp4", "is an MP4 file without its index (moov)" },
        { "letter.avi", "is a text file, not a video" },
        { "notes.txt", "is a text file, not a video" },
        { "list.m3u8", "is a text file, not a video" },
        { "empty.mp4", "is empty (0 bytes)" },
        { "nothing.mp4", "does not exist" },
        { "", "is a folder" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct run run = run_through(cases[i][0]);
        assert_true(run.code < 0);
        if (strstr(run.err.text, cases[i][1]) == NULL || strstr(run.err.text, cases[i][0]) == NULL)
            fail_msg("'%s': '%s'", cases[i][0], run.err.text);
    }
}

static void sound_alone_is_no_video(void **state)
{
    (void)state;
    uint8_t wave[44 + 800] = "RIFF\x44\3\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0"
                             "\1\0\x08\0data\x20\3\0";
    sample_write("sound.wav", wave, sizeof(wave));
    struct run run = run_through("sound.wav");
    assert_int_equal(run.code, -EINVAL);
    assert_non_null(strstr(run.err.text, "holds no video, only sound"));
}

static void a_colon_in_a_name_is_no_protocol(void **state)
{
    (void)state;
    sample_video(&(struct sample_video){ "plain.avi", "mpeg4", NULL, 64, 48, 3, NULL });
    sample_cut("plain.avi", "cam:1 12:30%d.avi", 1);
    assert_int_equal(run_through("cam:1 12:30%d.avi").frames, 3);
}

static void the_same_content_has_the_same_identity_under_any_name(void **state)
{
    (void)state;
    sample_video(&(struct sample_video){ "one.avi", "mpeg4", NULL, 64, 48, 3, NULL });
    sample_video(&(struct sample_video){ "other.avi", "mpeg4", NULL, 64, 48, 4, NULL });
    sample_cut("one.avi", "copy.avi", 1);
    struct run one = run_through("one.avi"), copy = run_through("copy.avi");
    assert_int_equal(strlen(one.info.identity), 64);
    assert_string_equal(one.info.identity, copy.info.identity);
    assert_string_not_equal(one.info.identity, run_through("other.avi").info.identity);
}

static int64_t hole_ms(int frame)
{
    return frame * INT64_C(100) + (frame >= 10 ? 60000 : 0);
}

static int64_t glitch_ms(int frame)
{
    return frame * INT64_C(100) + (frame == 10 ? 37600000 : 0);
}

static int64_t twins_ms(int frame)
{
    return frame / 2 * INT64_C(200);
}

static struct run run_stamped(const char *name, int64_t (*stamp_ms)(int frame))
{
    sample_video(&(struct sample_video){ name, "mjpeg", "yuvj420p", 64, 48, 20, stamp_ms });
    return run_through(name);
}

static void a_hole_in_the_stamps_is_a_gap_of_its_length(void **state)
{
    (void)state;
    struct run run = run_stamped("hole.mkv", hole_ms);
    assert_int_equal(run.frames, 20);
    assert_int_equal(run.gaps, 1);
    assert_int_equal(run.gap_us, 60100000);
    assert_int_equal(run.last_us, 61900000);
}

static void one_stamp_hours_off_is_mended(void **state)
{
    (void)state;
    struct run run = run_stamped("glitch.mkv", glitch_ms);
    assert_int_equal(run.frames, 20);
    assert_int_equal(run.gaps, 0);
    assert_int_equal(run.last_us, 1900000);
}

static void twins_of_one_moment_are_one_frame(void **state)
{
    (void)state;
    struct run run = run_stamped("twins.mkv", twins_ms);
    assert_int_equal(run.frames, 10);
    assert_int_equal(run.last_us, 1800000);
}

static void stamps_that_start_again_make_a_new_epoch(void **state)
{
    (void)state;
    sample_video(&(struct sample_video){ "e.ts", "mpeg2video", NULL, 64, 48, 30, NULL });
    sample_join("e.ts", "e.ts", "ee.ts");
    struct run run = run_through("ee.ts");
    assert_int_equal(run.code, 0);
    assert_in_range(run.frames, 58, 60);
    assert_int_equal(run.gaps, 1);
    assert_int_equal(run.gap_us, 100000);
    assert_int_equal(run.last_us, (run.frames - 1) * 100000);
}

static void a_new_size_of_the_same_shape_is_scaled(void **state)
{
    (void)state;
    sample_video(&(struct sample_video){ "f.ts", "mpeg2video", NULL, 64, 48, 30, NULL });
    sample_video(&(struct sample_video){ "g.ts", "mpeg2video", NULL, 128, 96, 30, NULL });
    sample_join("f.ts", "g.ts", "fg.ts");
    struct run run = run_through("fg.ts"); /* checks the size of each frame */
    assert_int_equal(run.code, 0);
    assert_in_range(run.frames, 58, 60);
}

static void a_new_shape_is_refused(void **state)
{
    (void)state;
    sample_video(&(struct sample_video){ "f.ts", "mpeg2video", NULL, 64, 48, 30, NULL });
    sample_video(&(struct sample_video){ "h.ts", "mpeg2video", NULL, 96, 48, 30, NULL });
    sample_join("f.ts", "h.ts", "fh.ts");
    struct run run = run_through("fh.ts");
    assert_int_equal(run.code, -EINVAL);
    assert_in_range(run.frames, 28, 30);
    assert_non_null(strstr(run.err.text, "changed its shape from 64 x 48 to 96 x 48"));
}

static void damage_is_survived(void **state)
{
    (void)state;
    sample_video(&(struct sample_video){ "d.mkv", "mpeg4", NULL, 160, 120, 60, NULL });
    size_t length = 0;
    uint8_t *bytes = sample_read("d.mkv", &length);
    uint32_t seed = 1;
    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < 8; i++) {
            seed = seed * 1664525U + 1013904223U;
            bytes[600 + (seed >> 8) % (length - 600)] ^= (uint8_t)(1U << (seed >> 29));
        }
        sample_write("damaged.mkv", bytes, length);
        struct run run = run_through("damaged.mkv"); /* checks that time rises */
        assert_true(run.code == 0 || run.err.text[0] != '\0');
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_come_from_the_stamps_of_any_container),
        cmocka_unit_test(uneven_stamps_are_kept),
        cmocka_unit_test(every_format_becomes_planar_and_outlives_its_source),
        cmocka_unit_test(a_reference_keeps_the_picture),
        cmocka_unit_test(a_cut_file_is_measured_and_said_to_end_early),
        cmocka_unit_test(what_is_no_video_is_told_in_a_sentence),
        cmocka_unit_test(sound_alone_is_no_video),
        cmocka_unit_test(a_colon_in_a_name_is_no_protocol),
        cmocka_unit_test(the_same_content_has_the_same_identity_under_any_name),
        cmocka_unit_test(a_hole_in_the_stamps_is_a_gap_of_its_length),
        cmocka_unit_test(one_stamp_hours_off_is_mended),
        cmocka_unit_test(twins_of_one_moment_are_one_frame),
        cmocka_unit_test(stamps_that_start_again_make_a_new_epoch),
        cmocka_unit_test(a_new_size_of_the_same_shape_is_scaled),
        cmocka_unit_test(a_new_shape_is_refused),
        cmocka_unit_test(damage_is_survived),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
