/* SPDX-License-Identifier: Apache-2.0 */
/* The detector with ONNX Runtime under it, on models made for the occasion. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/macros.h"
#include "detect/detector.h"
#include "onnx/runtime.h"
#include "unit/onnx/tiny_onnx.h"

enum { SIDE = 64, CELLS = 84, YOLOX_WIDTH = 85 };

struct folder {
    char path[64], model[96], sidecar[96];
};

static char home[] = "/tmp/dwell-test-home-XXXXXX";

static const struct tiny_tensor picture = {
    .name = "images", .element = TINY_FLOAT, .rank = 4, .shape = { 1, 3, SIDE, SIDE }
};

static uint8_t grey[SIDE * SIDE * 2];
static const struct dw_image image = {
    .y = grey,
    .u = grey,
    .v = grey,
    .y_stride = 2 * SIDE,
    .u_stride = SIDE,
    .v_stride = SIDE,
    .width_px = 2 * SIDE, /* twice as wide as the model sees: boxes come back twice as big */
    .height_px = SIDE,
};

static int make_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    if (folder == NULL)
        return -1;
    snprintf(folder->path, sizeof(folder->path), "/tmp/dwell-test-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        return -1;
    snprintf(folder->model, sizeof(folder->model), "%s/tiny.onnx", folder->path);
    snprintf(folder->sidecar, sizeof(folder->sidecar), "%s/tiny.json", folder->path);
    *state = folder;
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;
    unlink(folder->model);
    unlink(folder->sidecar);
    int status = rmdir(folder->path);
    free(folder);
    return status;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int create(struct dw_detector **detector, const char *path, struct dw_err *err)
{
    const struct dw_detector_conf conf = { .model_path = path, .score = -1 };
    return dw_detector_create(detector, &conf, err);
}

/* Wants the model to be refused with a sentence that has `part` in it. */
static void assert_refused(const struct folder *folder, int code, const char *part)
{
    struct dw_detector *detector = NULL;
    struct dw_err err = { { 0 } };
    assert_int_equal(create(&detector, folder->model, &err), code);
    assert_null(detector);
    if (strstr(err.text, folder->model) == NULL || strstr(err.text, part) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, part);
}

static void write_model(const struct folder *folder, const struct tiny_tensor *input,
                        const struct tiny_tensor *outputs, size_t count)
{
    const struct tiny_model model = {
        .inputs = input, .input_count = 1, .outputs = outputs, .output_count = count
    };
    tiny_model_write(&model, folder->model, 0);
}

/* A YOLOX with one person, 16 pixels wide and 16 high, around (24,8) of its input. */
static struct tiny_tensor yolox_output(void)
{
    static float values[CELLS * YOLOX_WIDTH];
    float *row = values + (size_t)(64 + 1) * YOLOX_WIDTH; /* stride 16, second cell */
    row[0] = row[1] = 0.5F;
    row[4] = row[5] = 0.9F;
    return (struct tiny_tensor){ .name = "output",
                                 .element = TINY_FLOAT,
                                 .rank = 3,
                                 .shape = { 1, CELLS, YOLOX_WIDTH },
                                 .data = values };
}

static void assert_detections(const struct dw_detector *detector, size_t count, struct dw_box first)
{
    DW_AUTO(detect_workspace) *workspace = dw_detect_workspace_create(detector);
    struct dw_detect_result result;
    struct dw_err err = { { 0 } };
    if (dw_detector_run(detector, workspace, &image, &result, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(result.count, count);
    if (count == 0)
        return;
    struct dw_box box = result.found[0].box;
    if (dw_box_iou(box, first) < 0.999)
        fail_msg("box %g %g %g %g", (double)box.x, (double)box.y, (double)box.w, (double)box.h);
}

static void a_yolox_finds_its_person_in_pixels_of_the_picture(void **state)
{
    const struct folder *folder = *state;
    const struct tiny_tensor output = yolox_output();
    DW_AUTO(detector) *detector = NULL;
    struct dw_err err = { { 0 } };
    write_model(folder, &picture, &output, 1);
    if (create(&detector, folder->model, &err) != 0)
        fail_msg("%s", err.text);
    const struct dw_detector_info *info = dw_detector_info(detector);
    assert_string_equal(info->layout, "yolox");
    assert_int_equal(info->width_px, SIDE);
    assert_true(info->load_ms > 0);
    assert_non_null(info->runtime_version);
    assert_detections(detector, 1, (struct dw_box){ 32, 0, 32, 32 });
}

static void shapes_left_open_are_settled_by_a_run(void **state)
{
    const struct folder *folder = *state;
    struct tiny_tensor input = picture, output = yolox_output();
    DW_AUTO(detector) *detector = NULL;
    struct dw_err err = { { 0 } };
    input.open = output.open = true;
    write_model(folder, &input, &output, 1);
    write_text(folder->sidecar, "{\"width\": 64, \"height\": 64, \"score\": 0.9}");
    if (create(&detector, folder->model, &err) != 0)
        fail_msg("%s", err.text);
    assert_string_equal(dw_detector_info(detector)->layout, "yolox");
    assert_true(dw_detector_info(detector)->score > 0.89);
    assert_detections(detector, 0, (struct dw_box){ 0 });
}

static void a_size_nobody_says_is_416(void **state)
{
    const struct folder *folder = *state;
    struct tiny_tensor input = picture, output = yolox_output();
    input.open = true;
    write_model(folder, &input, &output, 1);
    assert_refused(folder, -EINVAL, "cannot tell how to read its outputs (output [1,84,85])");
    static float values[3549 * 6];
    output.data = values;
    output.shape[1] = 3549;
    output.shape[2] = 6;
    write_model(folder, &input, &output, 1);
    DW_AUTO(detector) *detector = NULL;
    assert_int_equal(create(&detector, folder->model, NULL), 0);
    assert_int_equal(dw_detector_info(detector)->width_px, 416);
    assert_int_equal(dw_detector_info(detector)->height_px, 416);
}

static void a_model_that_wants_the_size_and_gives_labels_is_read(void **state)
{
    const struct folder *folder = *state;
    static const float boxes[] = { 8, 8, 24, 56, 0, 0, 64, 64 }, scores[] = { 0.8F, 0.9F };
    static const int64_t labels[] = { 0, 5 };
    const struct tiny_tensor inputs[] = {
        picture,
        { .name = "orig_target_sizes", .element = TINY_INT64, .rank = 2, .shape = { -1, 2 } },
    };
    const struct tiny_tensor outputs[] = {
        { .name = "labels", .element = TINY_INT64, .rank = 2, .shape = { 1, 2 }, .data = labels },
        { .name = "boxes", .element = TINY_FLOAT, .rank = 3, .shape = { 1, 2, 4 }, .data = boxes },
        { .name = "scores", .element = TINY_FLOAT, .rank = 2, .shape = { 1, 2 }, .data = scores },
    };
    const struct tiny_model model = {
        .inputs = inputs, .input_count = 2, .outputs = outputs, .output_count = 3
    };
    DW_AUTO(detector) *detector = NULL;
    struct dw_err err = { { 0 } };
    tiny_model_write(&model, folder->model, 0);
    if (create(&detector, folder->model, &err) != 0)
        fail_msg("%s", err.text);
    assert_string_equal(dw_detector_info(detector)->layout, "detr");
    assert_detections(detector, 1, (struct dw_box){ 16, 8, 32, 48 });
}

static void tensorflow_pictures_of_bytes_are_fed(void **state)
{
    const struct folder *folder = *state;
    static const float boxes[] = { 0, 0.5F, 1, 1 }, scores[] = { 0.1F, 0.8F };
    const struct tiny_tensor input = {
        .name = "image_tensor", .element = TINY_UINT8, .rank = 4, .shape = { 1, SIDE, SIDE, 3 }
    };
    const struct tiny_tensor outputs[] = {
        { .name = "boxes", .element = TINY_FLOAT, .rank = 3, .shape = { 1, 1, 4 }, .data = boxes },
        { .name = "scores",
          .element = TINY_FLOAT,
          .rank = 3,
          .shape = { 1, 1, 2 },
          .data = scores },
    };
    DW_AUTO(detector) *detector = NULL;
    struct dw_err err = { { 0 } };
    write_model(folder, &input, outputs, 2);
    if (create(&detector, folder->model, &err) != 0)
        fail_msg("%s", err.text);
    assert_string_equal(dw_detector_info(detector)->layout, "ssd");
    assert_detections(detector, 1, (struct dw_box){ 64, 0, 64, 64 });
}

static void a_note_in_the_model_settles_the_layout_and_a_sidecar_beats_it(void **state)
{
    const struct folder *folder = *state;
    const struct tiny_tensor output = yolox_output();
    const struct tiny_model model = { .inputs = &picture,
                                      .input_count = 1,
                                      .outputs = &output,
                                      .output_count = 1,
                                      .layout = "nanodet" };
    tiny_model_write(&model, folder->model, 0);
    assert_refused(folder, -EINVAL,
                   "its outputs (output [1,84,85]) do not fit the layout 'nanodet' it is said");
    write_text(folder->sidecar, "{\"layout\": \"yolox\"}");
    DW_AUTO(detector) *detector = NULL;
    assert_int_equal(create(&detector, folder->model, NULL), 0);
}

static void a_threshold_given_beats_the_model_s_own(void **state)
{
    const struct folder *folder = *state;
    const struct tiny_tensor output = yolox_output();
    const struct dw_detector_conf conf = { .model_path = folder->model, .score = 0.85 };
    DW_AUTO(detector) *detector = NULL;
    write_model(folder, &picture, &output, 1);
    assert_int_equal(dw_detector_create(&detector, &conf, NULL), 0);
    assert_detections(detector, 0, (struct dw_box){ 0 });
}

static void files_that_are_no_model_are_told_apart(void **state)
{
    const struct folder *folder = *state;
    const struct tiny_tensor output = yolox_output();
    const struct tiny_model model = {
        .inputs = &picture, .input_count = 1, .outputs = &output, .output_count = 1
    };
    struct dw_err err;
    struct dw_detector *detector = NULL;
    assert_refused(folder, -ENOENT, "no such file; `make run` makes the default model");
    write_text(folder->model, "");
    assert_refused(folder, -EINVAL, "is damaged or no ONNX model");
    write_text(folder->model, "a shopping list");
    assert_refused(folder, -EINVAL, "is damaged or no ONNX model");
    tiny_model_write(&model, folder->model, 3000);
    assert_refused(folder, -EINVAL, "is damaged or no ONNX model");
    assert_int_equal(create(&detector, folder->path, &err), -EINVAL);
    assert_non_null(strstr(err.text, "is not a file"));
}

static void inputs_we_cannot_fill_are_named(void **state)
{
    const struct folder *folder = *state;
    static const struct {
        struct tiny_tensor input;
        const char *sentence;
    } cases[] = {
        { { .name = "x", .element = TINY_FLOAT, .rank = 2, .shape = { 1, 5 } },
          "wants inputs that are not one picture: x [1,5]" },
        { { .name = "x", .element = TINY_INT64, .rank = 2, .shape = { 1, 2 } },
          "does not take a picture ([1,3,height,width]) but x [1,2]" },
        { { .name = "x", .element = TINY_FLOAT16, .rank = 4, .shape = { 1, 3, 8, 8 } },
          "wants inputs that are not one picture: x [1,3,8,8]" },
        { { .name = "x", .element = TINY_FLOAT, .rank = 4, .shape = { 1, 1, 8, 8 } },
          "takes pictures of shape [1,1,8,8]; one at a time of three colours" },
        { { .name = "x", .element = TINY_FLOAT, .rank = 4, .shape = { 4, 3, 8, 8 } },
          "takes pictures of shape [4,3,8,8]; one at a time of three colours" },
        { { .name = "x", .element = TINY_FLOAT, .rank = 4, .shape = { 1, 3, 8, 90000 } },
          "takes pictures of width 90000, more than 8192" },
    };
    const struct tiny_tensor output = yolox_output();
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        write_model(folder, &cases[i].input, &output, 1);
        assert_refused(folder, -EINVAL, cases[i].sentence);
    }
}

static void an_unknown_layout_says_what_to_write_where(void **state)
{
    const struct folder *folder = *state;
    const struct tiny_tensor outputs[] = {
        { .name = "embedding", .element = TINY_FLOAT, .rank = 2, .shape = { 1, 256 } },
        { .name = "count", .element = TINY_INT64, .rank = 1, .shape = { 1 } },
    };
    write_model(folder, &picture, outputs, 2);
    assert_refused(folder, -EINVAL,
                   "cannot tell how to read its outputs (embedding [1,256], count [1]); write '");
    assert_refused(folder, -EINVAL,
                   "/tiny.json' with \"layout\": \"nanodet\", \"yolox\", \"ssd\" or \"detr\", see "
                   "docs/models.md");
}

static void a_sidecar_that_contradicts_the_model_is_refused(void **state)
{
    const struct folder *folder = *state;
    static const char *const cases[][2] = {
        { "{\"width\": 128}", "takes pictures of width 64, but its sidecar says 128" },
        { "{\"layout\": \"detr\"}", "do not fit the layout 'detr'" },
        { "{\"person_class\": 80}", "its output has no class 80" },
    };
    const struct tiny_tensor output = yolox_output();
    write_model(folder, &picture, &output, 1);
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        write_text(folder->sidecar, cases[i][0]);
        assert_refused(folder, -EINVAL, cases[i][1]);
    }
    struct dw_detector *detector = NULL;
    struct dw_err err;
    write_text(folder->sidecar, "{\"outputs\": {\"scores\": \"foo\"}}");
    assert_int_equal(create(&detector, folder->model, &err), -EINVAL);
    assert_non_null(strstr(err.text, "/tiny.json: the model has no output 'foo', only output"));
}

static void a_picture_without_pixels_is_refused(void **state)
{
    const struct folder *folder = *state;
    const struct tiny_tensor output = yolox_output();
    DW_AUTO(detector) *detector = NULL;
    write_model(folder, &picture, &output, 1);
    assert_int_equal(create(&detector, folder->model, NULL), 0);
    DW_AUTO(detect_workspace) *workspace = dw_detect_workspace_create(detector);
    struct dw_detect_result result;
    struct dw_err err;
    const struct dw_image none = { 0 };
    assert_int_equal(dw_detector_run(detector, workspace, &none, &result, &err), -EINVAL);
    assert_int_equal(result.count, 0);
}

static void *run_often(void *argument)
{
    const struct dw_detector *detector = argument;
    DW_AUTO(detect_workspace) *workspace = dw_detect_workspace_create(detector);
    size_t found = 0;
    for (int i = 0; i < 200; i++) {
        struct dw_detect_result result;
        if (dw_detector_run(detector, workspace, &image, &result, NULL) == 0)
            found += result.count;
    }
    return (void *)(uintptr_t)found;
}

static void threads_share_a_detector(void **state)
{
    const struct folder *folder = *state;
    const struct tiny_tensor output = yolox_output();
    DW_AUTO(detector) *detector = NULL;
    write_model(folder, &picture, &output, 1);
    assert_int_equal(create(&detector, folder->model, NULL), 0);
    pthread_t threads[3];
    for (size_t i = 0; i < DW_LENGTH(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_often, detector), 0);
    for (size_t i = 0; i < DW_LENGTH(threads); i++) {
        void *found = NULL;
        pthread_join(threads[i], &found);
        assert_int_equal((uintptr_t)found, 200);
    }
}

/* Other cases ran before: what the library writes when it first starts would be there by now. */
static void nothing_is_reported_to_anybody(void **state)
{
    const struct folder *folder = *state;
    const struct tiny_tensor output = yolox_output();
    char path[4096];
    DW_AUTO(detector) *detector = NULL;
    write_model(folder, &picture, &output, 1);
    assert_int_equal(create(&detector, folder->model, NULL), 0);
    assert_string_equal(getenv("ORT_DISABLE_TELEMETRY"), "1");
    snprintf(path, sizeof(path), "%s/.cache", home);
    assert_int_not_equal(access(path, F_OK), 0);
    snprintf(path, sizeof(path), "%s/Microsoft", home);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void the_default_model_is_looked_for_where_set_up_puts_it(void **state)
{
    const struct folder *folder = *state;
    char path[256];
    struct dw_err err;
    setenv("DWELL_MODEL", "mine.onnx", 1);
    assert_int_equal(dw_model_find(path, sizeof(path), NULL, &err), 0);
    assert_string_equal(path, "mine.onnx");
    unsetenv("DWELL_MODEL");
    char *cache = getenv("DWELL_CACHE") != NULL ? strdup(getenv("DWELL_CACHE")) : NULL;
    setenv("DWELL_CACHE", folder->path, 1);
    if (dw_model_find(path, sizeof(path), NULL, &err) != 0) /* unless it is installed for all */
        assert_non_null(strstr(err.text, "`make run` imports the default one (nanodet-g-"));
    char models[256], file[300];
    snprintf(models, sizeof(models), "%s/models", folder->path);
    assert_int_equal(mkdir(models, 0700), 0);
    static const struct {
        const char *file;
        struct dw_model_need need; /* for which it is the one, once it is there */
    } cases[] = {
        { "nanodet-g-512x384-fp32.onnx", { 1, 640, 360 } },
        { "nanodet-g-512x384-int8.onnx", { 1.5, 640, 360 } },
        { "nanodet-g-448x256-int8.onnx", { 4.5, 640, 360 } },
        { "nanodet-g-384x224-int8.onnx", { 8, 640, 360 } },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        snprintf(file, sizeof(file), "%s/%s", models, cases[i].file);
        FILE *made = fopen(file, "w");
        assert_non_null(made);
        fclose(made);
        /* a fast one only when it is asked for, and is there */
        assert_int_equal(dw_model_find(path, sizeof(path), NULL, &err), 0);
        assert_non_null(strstr(path, cases[0].file));
        const struct dw_model_need crowd = { 8, 640, 360 }, high = { 8, 640, 480 };
        assert_int_equal(dw_model_find(path, sizeof(path), &crowd, &err), 0);
        assert_non_null(strstr(path, cases[i].file));
        assert_int_equal(dw_model_find(path, sizeof(path), &high, &err), 0);
        assert_non_null(strstr(path, cases[DW_MIN(i, 1u)].file));
    }
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        assert_int_equal(dw_model_find(path, sizeof(path), &cases[i].need, &err), 0);
        assert_non_null(strstr(path, cases[i].file));
    }
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        snprintf(file, sizeof(file), "%s/%s", models, cases[i].file);
        unlink(file);
    }
    rmdir(models);
    if (cache != NULL)
        setenv("DWELL_CACHE", cache, 1);
    else
        unsetenv("DWELL_CACHE");
    free(cache);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_yolox_finds_its_person_in_pixels_of_the_picture),
        CASE(shapes_left_open_are_settled_by_a_run),
        CASE(a_size_nobody_says_is_416),
        CASE(a_model_that_wants_the_size_and_gives_labels_is_read),
        CASE(tensorflow_pictures_of_bytes_are_fed),
        CASE(a_note_in_the_model_settles_the_layout_and_a_sidecar_beats_it),
        CASE(a_threshold_given_beats_the_model_s_own),
        CASE(files_that_are_no_model_are_told_apart),
        CASE(inputs_we_cannot_fill_are_named),
        CASE(an_unknown_layout_says_what_to_write_where),
        CASE(a_sidecar_that_contradicts_the_model_is_refused),
        CASE(a_picture_without_pixels_is_refused),
        CASE(threads_share_a_detector),
        CASE(nothing_is_reported_to_anybody),
        CASE(the_default_model_is_looked_for_where_set_up_puts_it),
    };
    char path[4096];
    struct dw_err err;
    if (dw_runtime_find(path, sizeof(path), &err) != 0) {
        printf("1..0 # SKIP %s\n", err.text);
        return 0;
    }
    /* The library found, the home is moved to a place where nothing is. */
    setenv("DWELL_ONNXRUNTIME", path, 1);
    if (mkdtemp(home) == NULL)
        return 1;
    setenv("HOME", home, 1);
    setenv("XDG_CACHE_HOME", home, 1);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return rmdir(home) == 0 ? failed : 1;
}
