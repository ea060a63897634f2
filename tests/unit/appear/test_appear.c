/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks of people on a picture, by histograms and by ReID models: small ones made for the occasion,
 * and the one in the models folder of $DWELL_SHARED (default ../shared), if it is there.
 */
#include "appear/appear.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "appear/histogram.h"
#include "appear/reid.h"
#include "base/macros.h"
#include "unit/onnx/tiny_onnx.h"

#define REAL_MODEL "/models/person-reidentification-retail-0288.onnx"

enum { WIDTH = 320, HEIGHT = 240, SIZE = 4, PEOPLE = 3 };

static uint8_t luma[HEIGHT][WIDTH], blue[HEIGHT / 2][WIDTH / 2], red[HEIGHT / 2][WIDTH / 2];

static const struct dw_image image = {
    .y = &luma[0][0],
    .u = &blue[0][0],
    .v = &red[0][0],
    .y_stride = WIDTH,
    .u_stride = WIDTH / 2,
    .v_stride = WIDTH / 2,
    .width_px = WIDTH,
    .height_px = HEIGHT,
};

/* Two in red on the left and in the middle, one in blue on the right. */
static const struct dw_detection people[PEOPLE] = {
    { { 11.5f, 20, 41, 120 }, 0.9f },
    { { 120, 40, 40, 120 }, 0.9f },
    { { 270, 30, 60, 120 }, 0.9f }, /* reaches over the edge */
};

static void paint(void)
{
    memset(luma, 100, sizeof(luma));
    memset(blue, 120, sizeof(blue));
    memset(red, 160, sizeof(red));
    for (int row = 0; row < HEIGHT / 2; row++) {
        memset(blue[row] + WIDTH * 3 / 8, 160, WIDTH / 8);
        memset(red[row] + WIDTH * 3 / 8, 120, WIDTH / 8);
    }
}

struct folder {
    char path[64], model[96], sidecar[96];
};

static int make_folder(void **state)
{
    static struct folder folder;
    snprintf(folder.path, sizeof(folder.path), "/tmp/dwell-test-XXXXXX");
    if (mkdtemp(folder.path) == NULL)
        return -1;
    snprintf(folder.model, sizeof(folder.model), "%s/reid.onnx", folder.path);
    snprintf(folder.sidecar, sizeof(folder.sidecar), "%s/reid.json", folder.path);
    *state = &folder;
    paint();
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;
    unlink(folder->model);
    unlink(folder->sidecar);
    return rmdir(folder->path);
}

static struct dw_appear *create(const char *model_path)
{
    struct dw_appear *appear = NULL;
    struct dw_err err = { 0 };
    if (dw_appear_create(&appear, &(struct dw_appear_conf){ .model_path = model_path }, &err) != 0)
        fail_msg("%s", err.text);
    return appear;
}

static void run(const struct dw_appear *appear, struct dw_look looks[PEOPLE])
{
    struct dw_err err = { 0 };
    DW_AUTO(appear_workspace) *workspace = dw_appear_workspace_create(appear);
    if (dw_appear_run(workspace, &image, people, PEOPLE, looks, &err) != 0)
        fail_msg("%s", err.text);
}

static double unlike(const struct dw_look *a, const struct dw_look *b)
{
    struct dw_appearance x = { 0 }, y = { 0 };
    dw_appearance_add(&x, a);
    dw_appearance_add(&y, b);
    return dw_appearance_distance(&x, &y);
}

static void people_in_the_same_clothes_look_alike(void **state)
{
    (void)state;
    struct dw_look looks[PEOPLE];
    DW_AUTO(appear) *appear = create(NULL);
    run(appear, looks);
    assert_true(looks[0].weight == 1 && looks[1].weight == 1 && looks[2].weight == 1);
    assert_true(unlike(&looks[0], &looks[1]) < 0.02);
    assert_true(unlike(&looks[0], &looks[2]) > 0.3);
}

static void who_is_hidden_or_off_the_picture_has_no_look(void **state)
{
    (void)state;
    const struct dw_detection hidden[PEOPLE] = {
        { { 100, 20, 40, 120 }, 0.9f },
        { { 110, 30, 40, 120 }, 0.9f },                  /* before the first */
        { { WIDTH + 10, HEIGHT + 300, 40, 120 }, 0.9f }, /* nowhere */
    };
    struct dw_look looks[PEOPLE];
    DW_AUTO(appear) *appear = create(NULL);
    DW_AUTO(appear_workspace) *workspace = dw_appear_workspace_create(appear);
    assert_int_equal(dw_appear_run(workspace, &image, hidden, PEOPLE, looks, NULL), 0);
    assert_true(looks[0].weight == 0 && looks[1].weight == 1 && looks[2].weight == 0);
}

static void write_model(const struct folder *folder, size_t size, const float *answer)
{
    const struct tiny_tensor input = {
        .name = "picture", .element = TINY_FLOAT, .rank = 4, .shape = { 1, 3, 16, 8 }
    };
    const struct tiny_tensor output = { .name = "vector",
                                        .element = TINY_FLOAT,
                                        .rank = 2,
                                        .shape = { 1, (int64_t)size },
                                        .data = answer };
    const struct tiny_model model = {
        .inputs = &input, .input_count = 1, .outputs = &output, .output_count = 1
    };
    tiny_model_write(&model, folder->model, 0);
}

static void a_model_gives_its_vector_at_length_one(void **state)
{
    const float answer[SIZE] = { 3, 0, -4, 0 };
    struct dw_look looks[PEOPLE];
    write_model(*state, SIZE, answer);
    DW_AUTO(appear) *appear = create(((struct folder *)*state)->model);
    run(appear, looks);
    for (int i = 0; i < PEOPLE; i++) {
        assert_int_equal(looks[i].size, SIZE);
        assert_true(fabsf((float)looks[i].values[0] * looks[i].step - 0.6f) < 0.01f);
        assert_true(fabsf((float)looks[i].values[2] * looks[i].step + 0.8f) < 0.01f);
    }
}

static void colours_stand_before_what_a_model_says(void **state)
{
    const float answer[SIZE] = { 3, 0, -4, 0 };
    struct dw_look looks[PEOPLE];
    struct dw_appear *created = NULL;
    struct dw_appear_conf conf = { .model_path = ((struct folder *)*state)->model,
                                   .clothes = true };
    write_model(*state, SIZE, answer);
    assert_int_equal(dw_appear_create(&created, &conf, NULL), 0);
    DW_AUTO(appear) *appear = created;
    run(appear, looks);
    double colours = 0;
    for (size_t i = 0; i < DW_CLOTHES_SIZE; i++)
        colours += (double)looks[0].values[i];
    const int8_t *said = looks[0].values + DW_CLOTHES_SIZE;
    assert_int_equal(looks[0].size, DW_CLOTHES_SIZE + SIZE);
    assert_true(said[0] > 0 && said[1] == 0 && said[2] < 0);
    if (fabs(colours / (said[0] - said[2]) - 1) > 0.1)
        fail_msg("%f against %d", colours, said[0] - said[2]);
}

static void assert_refused(const char *path, int code, const char *part)
{
    struct dw_appear *appear = NULL;
    struct dw_err err = { 0 };
    struct dw_appear_conf conf = { .model_path = path };
    assert_int_equal(dw_appear_create(&appear, &conf, &err), code);
    if (strstr(err.text, path) == NULL || strstr(err.text, part) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, part);
}

static void what_is_no_reid_model_is_refused_with_a_sentence(void **state)
{
    const struct folder *folder = *state;
    assert_refused("/no/such/reid.onnx", -ENOENT, "name one with --reid");
    write_model(folder, 1, NULL);
    assert_refused(folder->model, -EINVAL, "wants one output of 2 to 512 floats");
    write_model(folder, DW_REID_MAX + 1, NULL);
    assert_refused(folder->model, -EINVAL, "wants one output of 2 to 512 floats");
}

static void a_real_model_tells_red_from_blue(void **state)
{
    const struct folder *folder = *state;
    const char *shared = getenv("DWELL_SHARED");
    char path[512];
    snprintf(path, sizeof(path), "%s" REAL_MODEL,
             shared != NULL ? shared : PROJECT_ROOT "/../shared");
    if (access(path, R_OK) != 0) {
        printf("# there is no %s\n", path);
        skip();
    }
    unlink(folder->model);
    assert_int_equal(symlink(path, folder->model), 0);
    FILE *sidecar = fopen(folder->sidecar, "we");
    assert_non_null(sidecar);
    fputs("{\"channels\": \"bgr\", \"mean\": [0, 0, 0], \"std\": [1, 1, 1]}", sidecar);
    fclose(sidecar);
    struct dw_look looks[PEOPLE];
    DW_AUTO(appear) *appear = create(folder->model);
    run(appear, looks);
    assert_int_equal(looks[0].size, 256);
    assert_true(unlike(&looks[0], &looks[1]) < 0.05);
    assert_true(unlike(&looks[0], &looks[2]) > unlike(&looks[0], &looks[1]) + 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_in_the_same_clothes_look_alike),
        cmocka_unit_test(who_is_hidden_or_off_the_picture_has_no_look),
        cmocka_unit_test(a_model_gives_its_vector_at_length_one),
        cmocka_unit_test(colours_stand_before_what_a_model_says),
        cmocka_unit_test(what_is_no_reid_model_is_refused_with_a_sentence),
        cmocka_unit_test(a_real_model_tells_red_from_blue),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
