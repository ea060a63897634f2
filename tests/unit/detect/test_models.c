/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real models on a real picture: frame 200 of the sample video, 768 x 576. Looks for the models of
 * set-up in the cache folder and for others in the models folder of $DWELL_SHARED (default
 * ../shared); what is not there is left out, and said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cache.h"
#include "base/macros.h"
#include "detect/detector.h"

enum { WIDTH = 768, HEIGHT = 576, FRAME_SIZE = WIDTH * HEIGHT * 3 / 2 };

static uint8_t frame[FRAME_SIZE];

/* People no model may miss: all walk upright, alone and in full sight. */
static const struct dw_box people[] = {
    { 617, 265, 33, 104 }, { 704, 253, 41, 101 }, { 220, 189, 30, 79 },
    { 487, 146, 31, 77 },  { 80, 152, 30, 66 },
};

struct model {
    const char *folder; /* NULL: the cache */
    const char *file, *layout;
};

static const struct model models[] = {
    { NULL, "nanodet-g-512x384-fp32.onnx", "nanodet" },
    { NULL, "nanodet-g-512x384-int8.onnx", "nanodet" },
    { NULL, "nanodet-g-416x416-fp32.onnx", "nanodet" },
    { "shared", "nanodet_m_320.onnx", "nanodet" },
    { "shared", "yolox_nano_416.onnx", "yolox" },
};

static bool model_path(const struct model *model, char *path, size_t size)
{
    char below[128];
    snprintf(below, sizeof(below), "/models/%s", model->file);
    if (model->folder == NULL)
        return dw_cache_path(path, size, below, NULL) == 0 && access(path, R_OK) == 0;
    const char *shared = getenv("DWELL_SHARED");
    snprintf(path, size, "%s%s", shared != NULL ? shared : PROJECT_ROOT "/../shared", below);
    return access(path, R_OK) == 0;
}

static bool read_frame(void)
{
    char video[512], command[1024];
    if (dw_cache_path(video, sizeof(video), "/media/vtest.avi", NULL) != 0 ||
        access(video, R_OK) != 0)
        return false;
    snprintf(command, sizeof(command),
             "ffmpeg -v error -i '%s' -vf 'select=eq(n\\,200)' -frames:v 1 -f rawvideo "
             "-pix_fmt yuv420p - 2>/dev/null",
             video);
    FILE *pipe = popen(command, "re");
    if (pipe == NULL)
        return false;
    size_t length = fread(frame, 1, FRAME_SIZE, pipe);
    return pclose(pipe) == 0 && length == FRAME_SIZE;
}

static double best_overlap(struct dw_box person, const struct dw_detect_result *result)
{
    double best = 0;
    for (size_t i = 0; i < result->count; i++) {
        double overlap = dw_box_iou(person, result->found[i].box);
        best = overlap > best ? overlap : best;
    }
    return best;
}

static void people_are_found(void **state)
{
    const struct model *model = *state;
    const struct dw_image image = {
        .y = frame,
        .u = frame + WIDTH * HEIGHT,
        .v = frame + WIDTH * HEIGHT * 5 / 4,
        .y_stride = WIDTH,
        .u_stride = WIDTH / 2,
        .v_stride = WIDTH / 2,
        .width_px = WIDTH,
        .height_px = HEIGHT,
    };
    char path[512];
    struct dw_err err = { { 0 } };
    DW_AUTO(detector) *detector = NULL;
    assert_true(model_path(model, path, sizeof(path)));
    const struct dw_detector_conf conf = { .model_path = path, .score = -1 };
    if (dw_detector_create(&detector, &conf, &err) != 0)
        fail_msg("%s", err.text);
    assert_string_equal(dw_detector_info(detector)->layout, model->layout);
    DW_AUTO(detect_workspace) *workspace = dw_detect_workspace_create(detector);
    struct dw_detect_result result;
    if (dw_detector_run(detector, workspace, &image, &result, &err) != 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < DW_LENGTH(people); i++)
        if (best_overlap(people[i], &result) < 0.6)
            fail_msg("person %zu is not found", i);
    assert_in_range(result.count, DW_LENGTH(people), 12);
    printf("# %s: %zu people; scale %.2f, infer %.2f, decode %.2f ms\n", model->file, result.count,
           (double)result.timing.scale_us / 1e3, (double)result.timing.infer_us / 1e3,
           (double)result.timing.decode_us / 1e3);
}

int main(void)
{
    struct CMUnitTest tests[DW_LENGTH(models)];
    size_t count = 0;
    char path[512];
    bool have_frame = read_frame();
    for (size_t i = 0; have_frame && i < DW_LENGTH(models); i++) {
        if (!model_path(&models[i], path, sizeof(path))) {
            printf("# %s is not here\n", models[i].file);
            continue;
        }
        struct model *model = malloc(sizeof(*model));
        if (model == NULL)
            return 1;
        *model = models[i];
        tests[count++] = (struct CMUnitTest){ .name = models[i].file,
                                              .test_func = people_are_found,
                                              .initial_state = model };
    }
    if (count == 0) {
        printf("1..0 # SKIP needs the sample video, the ffmpeg program and a model\n");
        return 0;
    }
    int failed = _cmocka_run_group_tests("models", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        free(tests[i].initial_state);
    return failed;
}
