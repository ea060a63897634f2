/* SPDX-License-Identifier: Apache-2.0 */
#include "appear/uniform.h"

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

#include "base/macros.h"
#include "unit/onnx/tiny_onnx.h"

static uint8_t grey[64][32];

static const struct dw_image person = {
    .y = &grey[0][0],
    .u = &grey[0][0],
    .v = &grey[0][0],
    .y_stride = 32,
    .u_stride = 16,
    .v_stride = 16,
    .width_px = 32,
    .height_px = 64,
};

struct folder {
    char path[64], model[96], sidecar[96];
};

static int make_folder(void **state)
{
    static struct folder folder;
    snprintf(folder.path, sizeof(folder.path), "/tmp/dwell-test-XXXXXX");
    if (mkdtemp(folder.path) == NULL)
        return -1;
    snprintf(folder.model, sizeof(folder.model), "%s/staff.onnx", folder.path);
    snprintf(folder.sidecar, sizeof(folder.sidecar), "%s/staff.json", folder.path);
    *state = &folder;
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;
    unlink(folder->model);
    unlink(folder->sidecar);
    return rmdir(folder->path);
}

static void write_model(const struct folder *folder, size_t classes, const float *answer,
                        const char *sidecar)
{
    const struct tiny_tensor input = { "input", TINY_FLOAT, 4, { 1, 3, 32, 16 }, NULL, false };
    const struct tiny_tensor output = { "classes", TINY_FLOAT, 2, { 1, (int64_t)classes },
                                        answer,    false };
    tiny_model_write(&(struct tiny_model){ &input, 1, &output, 1, NULL }, folder->model, 0);
    unlink(folder->sidecar);
    FILE *file = sidecar != NULL ? fopen(folder->sidecar, "we") : NULL;
    if (file != NULL) {
        fputs(sidecar, file);
        fclose(file);
    }
}

/* 0, or what was said instead. */
static int ask(const struct folder *folder, double *log_odds, struct dw_err *err)
{
    struct dw_uniform *created = NULL;
    int r = dw_uniform_create(&created, folder->model, NULL, err);
    if (r != 0)
        return r;
    DW_AUTO(uniform) *uniform = created;
    DW_AUTO(uniform_workspace) *workspace = dw_uniform_workspace_create(uniform);
    return dw_uniform_run(workspace, &person, log_odds, err);
}

static double odds_of(const struct folder *folder)
{
    struct dw_err err = { 0 };
    double log_odds = 0;
    if (ask(folder, &log_odds, &err) != 0)
        fail_msg("%s", err.text);
    return exp(log_odds);
}

static void the_class_of_staff_is_the_sidecars(void **state)
{
    const float answer[] = { 0.75F, 0.2F, 0.05F };
    write_model(*state, 3, answer, "{\"staff_class\": 1}");
    assert_true(fabs(odds_of(*state) - 0.25) < 1e-6);
    write_model(*state, 3, answer, "{\"staff_class\": 0}");
    assert_true(fabs(odds_of(*state) - 3) < 1e-5);
}

static void one_number_is_that_of_staff(void **state)
{
    const float answer[] = { 0.8F };
    write_model(*state, 1, answer, NULL);
    assert_true(fabs(odds_of(*state) - 4) < 1e-5);
}

static void scores_become_probabilities_as_the_sidecar_says(void **state)
{
    const float answer[] = { 2, 3 };
    write_model(*state, 2, answer, "{\"staff_class\": 1, \"activation\": \"softmax\"}");
    assert_true(fabs(odds_of(*state) - exp(1)) < 1e-4);
    write_model(*state, 2, answer, "{\"staff_class\": 1, \"activation\": \"sigmoid\"}");
    assert_true(fabs(odds_of(*state) - exp(3)) < 1e-3);
}

static void no_picture_is_trusted_without_end(void **state)
{
    const float certain[] = { 1 };
    write_model(*state, 1, certain, NULL);
    assert_true(fabs(odds_of(*state) - exp(DW_UNIFORM_MOST)) < 1e-6);
}

static void assert_refused(const struct folder *folder, int code, const char *part)
{
    struct dw_err err = { 0 };
    double log_odds = 0;
    assert_int_equal(ask(folder, &log_odds, &err), code);
    if (strstr(err.text, part) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, part);
}

static void what_cannot_be_used_is_refused_with_the_remedy(void **state)
{
    const struct folder *folder = *state;
    const float scores[] = { 3, -1 }, nothing[] = { NAN };
    unlink(folder->model);
    assert_refused(folder, -ENOENT, "name one with --staff");
    write_model(folder, 2, NULL, NULL);
    assert_refused(folder, -EINVAL, "does not say which is staff: write \"staff_class\"");
    write_model(folder, 2, NULL, "{\"staff_class\": 2}");
    assert_refused(folder, -EINVAL, "cannot be 2");
    write_model(folder, 600, NULL, "{\"staff_class\": 0}");
    assert_refused(folder, -EINVAL, "is no staff classifier: wants one output of 1 to 512 floats");
    write_model(folder, 2, scores, "{\"staff_class\": 0}");
    assert_refused(folder, -EINVAL, "says 3 where 0 to 1 is wanted: write \"activation\"");
    write_model(folder, 1, nothing, NULL);
    assert_refused(folder, -EINVAL, "where 0 to 1 is wanted");
    write_model(folder, 1, NULL, "{\"staff_clas\": 0}");
    assert_refused(folder, -EINVAL, "did you mean \"staff_class\"");
    FILE *file = fopen(folder->model, "we");
    assert_non_null(file);
    fputs("no model at all", file);
    fclose(file);
    assert_refused(folder, -EINVAL, folder->model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_class_of_staff_is_the_sidecars),
        cmocka_unit_test(one_number_is_that_of_staff),
        cmocka_unit_test(scores_become_probabilities_as_the_sidecar_says),
        cmocka_unit_test(no_picture_is_trusted_without_end),
        cmocka_unit_test(what_cannot_be_used_is_refused_with_the_remedy),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
