/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/wall_time.h"
#include "engine/pipeline.h"
#include "unit/engine/film_file.h"
#include "unit/media/sample.h"
#include "unit/onnx/tiny_onnx.h"

enum { FILM = 7 }; /* frames of one that is played again and again */

static struct dw_source *open_film(int frames, double fps)
{
    char path[FILM_PATH_SIZE];
    struct dw_source *source = NULL;
    struct dw_source_conf conf = { .fps = fps, .width_px = 640, .height_px = 480 };
    struct dw_err err = { 0 };
    film_file_write(path, frames);
    if (dw_source_create(&source, path, &conf, &err) != 0)
        fail_msg("%s", err.text);
    unlink(path);
    return source;
}

static struct dw_pipeline *start(const struct dw_pipeline_conf *conf)
{
    struct dw_pipeline *pipeline = NULL;
    struct dw_err err = { 0 };
    if (dw_pipeline_create(&pipeline, conf, &err) != 0)
        fail_msg("%s", err.text);
    return pipeline;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void every_frame_of_a_file_comes_once_and_in_order(void **state)
{
    (void)state;
    DW_AUTO(source) *source = open_film(1000, 25);
    DW_AUTO(pipeline) *pipeline = start(&(struct dw_pipeline_conf){ .source = source });
    struct dw_pipeline_item item = { 0 };
    int64_t count = 0;
    while (dw_pipeline_next(pipeline, &item, NULL) > 0) {
        assert_int_equal(item.frame->index, count);
        assert_int_equal(item.frame->time_us, count * 40000);
        assert_int_equal(item.count, 1);
        assert_true(item.detections[0].box.h == 120);
        dw_frame_unref(item.frame);
        count++;
    }
    assert_int_equal(count, 1000);
    assert_int_equal(dw_pipeline_next(pipeline, &item, NULL), 0);
    assert_int_equal(dw_pipeline_figures(pipeline).frames, 1000);
    assert_int_equal(dw_pipeline_figures(pipeline).dropped, 0);
}

static void who_loses_interest_may_leave_at_any_time(void **state)
{
    (void)state;
    for (int taken = 0; taken < 20; taken++) {
        DW_AUTO(source) *source = open_film(100, 25);
        DW_AUTO(pipeline) *pipeline = start(&(struct dw_pipeline_conf){ .source = source });
        for (int i = 0; i < taken; i++) {
            struct dw_pipeline_item item = { 0 };
            assert_int_equal(dw_pipeline_next(pipeline, &item, NULL), 1);
            dw_frame_unref(item.frame);
        }
    }
}

static void a_gap_is_told_though_the_frame_after_it_was_dropped(void **state)
{
    (void)state;
    char path[FILM_PATH_SIZE];
    struct dw_source_conf conf = { .fps = 50, .width_px = 640, .height_px = 480, .loop = true };
    DW_AUTO(source) *source = NULL;
    film_file_write(path, FILM);
    assert_int_equal(dw_source_create(&source, path, &conf, NULL), 0);
    {
        DW_AUTO(pipeline) *pipeline =
            start(&(struct dw_pipeline_conf){ .source = source, .workers = 1 });
        int64_t last = 0;
        for (int i = 0; i < 20; i++) {
            struct dw_pipeline_item item = { 0 };
            usleep(5000);
            assert_int_equal(dw_pipeline_next(pipeline, &item, NULL), 1);
            assert_int_equal(item.frame->gap_us > 0, item.frame->index / FILM > last / FILM);
            last = item.frame->index;
            dw_frame_unref(item.frame);
        }
        assert_true(dw_pipeline_figures(pipeline).dropped > 0);
    }
    unlink(path);
}

static void a_paced_file_takes_its_time(void **state)
{
    (void)state;
    DW_AUTO(source) *source = open_film(11, 50);
    double started_s = now_s();
    DW_AUTO(pipeline) *pipeline =
        start(&(struct dw_pipeline_conf){ .source = source, .paced = true });
    struct dw_pipeline_item item = { 0 };
    while (dw_pipeline_next(pipeline, &item, NULL) > 0)
        dw_frame_unref(item.frame);
    assert_true(now_s() - started_s >= 0.199);
}

static void the_stop_flag_ends_a_paced_file_at_once(void **state)
{
    (void)state;
    atomic_bool stop = false;
    DW_AUTO(source) *source = open_film(1000, 0.1); /* a frame in ten seconds */
    double started_s = now_s();
    DW_AUTO(pipeline) *pipeline =
        start(&(struct dw_pipeline_conf){ .source = source, .paced = true, .stop = &stop });
    struct dw_pipeline_item item = { 0 };
    assert_int_equal(dw_pipeline_next(pipeline, &item, NULL), 1);
    dw_frame_unref(item.frame);
    atomic_store(&stop, true);
    while (dw_pipeline_next(pipeline, &item, NULL) > 0)
        dw_frame_unref(item.frame);
    assert_true(now_s() - started_s < 5);
}

/* A YOLOX that finds two people, 16 pixels wide and high, on every picture. */
static void write_detector(const char *path)
{
    enum { SIDE = 64, CELLS = 84, NUMBERS = 85 };
    static float values[CELLS * NUMBERS];
    for (size_t cell = 64; cell < 70; cell += 5) { /* of stride 16, apart */
        float *row = values + cell * NUMBERS;
        row[0] = row[1] = 0.5f;
        row[4] = row[5] = 0.9f;
    }
    const struct tiny_tensor input = {
        .name = "images", .element = TINY_FLOAT, .rank = 4, .shape = { 1, 3, SIDE, SIDE }
    };
    const struct tiny_tensor output = { .name = "output",
                                        .element = TINY_FLOAT,
                                        .rank = 3,
                                        .shape = { 1, CELLS, NUMBERS },
                                        .data = values };
    const struct tiny_model model = {
        .inputs = &input, .input_count = 1, .outputs = &output, .output_count = 1
    };
    tiny_model_write(&model, path, 0);
}

/* A grey video of 40 pictures that gets brighter, and what looks for people on it. */
struct grey {
    struct dw_source *source;
    struct dw_detector *detector;
    struct dw_appear *appear;
};

static struct grey open_grey(void)
{
    char video[SAMPLE_PATH_SIZE], model[SAMPLE_PATH_SIZE];
    struct grey grey = { 0 };
    sample_video(&(struct sample_video){ "grey.avi", "mpeg4", NULL, 64, 64, 40, NULL });
    write_detector(sample_path(model, "tiny.onnx"));
    assert_int_equal(dw_source_create(&grey.source, sample_path(video, "grey.avi"), NULL, NULL), 0);
    struct dw_detector_conf conf = { .model_path = model, .score = -1 };
    assert_int_equal(dw_detector_create(&grey.detector, &conf, NULL), 0);
    assert_int_equal(dw_appear_create(&grey.appear, &(struct dw_appear_conf){ 0 }, NULL), 0);
    return grey;
}

static void close_grey(const struct grey *grey)
{
    dw_source_destroy(grey->source);
    dw_detector_destroy(grey->detector);
    dw_appear_destroy(grey->appear);
}

static void each_person_found_comes_with_a_look(void **state)
{
    (void)state;
    struct grey grey = open_grey();
    struct dw_pipeline *pipeline = start(&(struct dw_pipeline_conf){
        .source = grey.source, .detector = grey.detector, .appear = grey.appear, .workers = 3 });
    struct dw_pipeline_item item = { 0 };
    double before = 0;
    int count = 0;
    for (; dw_pipeline_next(pipeline, &item, NULL) > 0; count++) {
        assert_int_equal(item.count, 2);
        assert_non_null(item.looks);
        double brightness = 0; /* where the look has it; it rises from frame to frame */
        for (int bin = 0; bin < DW_LOOK_MAX && bin < 16; bin++)
            brightness += bin * (double)item.looks[0].values[bin] * (double)item.looks[0].step;
        assert_true(item.looks[0].weight > 0 && brightness > before - 0.1);
        before = brightness;
        dw_frame_unref(item.frame);
    }
    assert_int_equal(count, 40);
    assert_int_equal(dw_pipeline_figures(pipeline).still, 0);
    dw_pipeline_destroy(pipeline);
    close_grey(&grey);
}

/* Light that rises everywhere is no movement. At 25 pictures a second: the first eight, and each
 * tenth after that. */
static void what_was_found_holds_until_something_moves(void **state)
{
    (void)state;
    struct grey grey = open_grey();
    struct dw_pipeline *pipeline = start(&(struct dw_pipeline_conf){ .source = grey.source,
                                                                     .detector = grey.detector,
                                                                     .appear = grey.appear,
                                                                     .again_us = 400000,
                                                                     .workers = 3 });
    struct dw_pipeline_item item = { 0 };
    int count = 0;
    for (; dw_pipeline_next(pipeline, &item, NULL) > 0; count++) {
        assert_int_equal(item.frame->index, count);
        assert_int_equal(item.count, 2);
        assert_non_null(item.looks);
        dw_frame_unref(item.frame);
    }
    assert_int_equal(count, 40);
    assert_int_equal(dw_pipeline_figures(pipeline).frames, 40);
    assert_in_range(dw_pipeline_figures(pipeline).still, 26, 29); /* a block may flicker */
    dw_pipeline_destroy(pipeline);
    close_grey(&grey);
}

/* Rows of a picture from its top that are evenly as dark as masks are. */
static int masked_rows(const struct dw_image *image)
{
    int rows = 0;
    for (; rows < image->height_px; rows++)
        for (int x = 0; x < image->width_px; x++)
            if (image->y[rows * image->y_stride + x] != 114)
                return rows;
    return rows;
}

static void no_picture_comes_without_its_masks(void **state)
{
    (void)state;
    char video[SAMPLE_PATH_SIZE];
    struct dw_source *opened = NULL;
    struct dw_zone mask = { .corners = { { 0, 0 }, { 1, 0 }, { 1, 0.25 }, { 0, 0.25 } },
                            .corner_count = 4 };
    const struct dw_layout layout = { .masks = &mask, .mask_count = 1 };
    DW_AUTO(cover) *cover = dw_cover_create();
    dw_cover_set(cover, &layout);
    sample_video(&(struct sample_video){ "masked.avi", "mpeg4", NULL, 64, 64, 10, NULL });
    assert_int_equal(dw_source_create(&opened, sample_path(video, "masked.avi"), NULL, NULL), 0);
    DW_AUTO(source) *source = opened;
    DW_AUTO(pipeline) *pipeline =
        start(&(struct dw_pipeline_conf){ .source = source, .cover = cover });
    struct dw_pipeline_item item = { 0 };
    int count = 0;
    for (; dw_pipeline_next(pipeline, &item, NULL) > 0; count++) {
        assert_int_equal(masked_rows(&item.frame->image), 16);
        dw_frame_unref(item.frame);
    }
    assert_int_equal(count, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_frame_of_a_file_comes_once_and_in_order),
        cmocka_unit_test(who_loses_interest_may_leave_at_any_time),
        cmocka_unit_test(a_gap_is_told_though_the_frame_after_it_was_dropped),
        cmocka_unit_test(a_paced_file_takes_its_time),
        cmocka_unit_test(the_stop_flag_ends_a_paced_file_at_once),
        cmocka_unit_test(each_person_found_comes_with_a_look),
        cmocka_unit_test(what_was_found_holds_until_something_moves),
        cmocka_unit_test(no_picture_comes_without_its_masks),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
