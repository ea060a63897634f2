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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_frame_of_a_file_comes_once_and_in_order),
        cmocka_unit_test(who_loses_interest_may_leave_at_any_time),
        cmocka_unit_test(a_paced_file_takes_its_time),
        cmocka_unit_test(the_stop_flag_ends_a_paced_file_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
