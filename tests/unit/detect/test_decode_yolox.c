/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include <errno.h>

enum { CELLS = 84, WIDTH = 85, FIRST_16 = 64, FIRST_32 = 80 };

static float *row_of(float *values, size_t row, const float box[4], float object, float person)
{
    float *at = values + row * WIDTH;
    for (size_t i = 0; i < 4; i++)
        at[i] = box[i];
    at[4] = object;
    at[5] = person;
    return at;
}

static void offsets_from_cells_become_pixels(void **state)
{
    (void)state;
    static float values[CELLS * WIDTH];
    const struct dw_tensor item = table_make("output", CELLS, WIDTH, values);
    const struct dw_tensors outputs = { &item, 1 };
    struct dw_decode_plan plan = plan_make();
    row_of(values, 8 + 2, (const float[]){ 0.5F, 0.25F, 0, logf(2) }, 0.9F, 0.5F);
    row_of(values, FIRST_16 + 4 * 3 + 1, (const float[]){ 0, 0, 0, 0 }, 1, 0.6F);
    row_of(values, FIRST_32 + 3, (const float[]){ -0.5F, -0.5F, 0, 0 }, 1, 0.7F);
    row_of(values, 5, (const float[]){ 0, 0, 0, 0 }, 0.6F, 0.6F); /* 0.36: too little */
    row_of(values, 6, (const float[]){ 0, 0, 1000, 0 }, 1, 1);    /* wider than any number */
    row_of(values, 7, (const float[]){ 0, 0, 0, 0 }, 1, nanf(""));

    assert_true(dw_detector_yolox.inspect(outputs, &plan));
    assert_int_equal(plan.options.fit, DW_FIT_CORNER);
    assert_int_equal(plan.options.pad, 114);
    struct dw_candidates found = { 0 };
    struct dw_err err;
    assert_int_equal(dw_detector_yolox.decode(&plan, outputs, 0.4, &found, &err), 0);
    assert_int_equal(found.count, 3);
    assert_box(&found.items[0], (const double[]){ 20 - 4, 10 - 8, 20 + 4, 10 + 8 }, 0.45);
    assert_box(&found.items[1], (const double[]){ 16 - 8, 48 - 8, 16 + 8, 48 + 8 }, 0.6);
    assert_box(&found.items[2], (const double[]){ 16 - 16, 16 - 16, 16 + 16, 16 + 16 }, 0.7);
    free(found.items);
}

static void boxes_the_model_has_finished_are_taken_as_they_are(void **state)
{
    (void)state;
    static float values[CELLS * WIDTH];
    const struct dw_tensor item = table_make("output", CELLS, WIDTH, values);
    const struct dw_tensors outputs = { &item, 1 };
    struct dw_decode_plan plan = plan_make();
    plan.options.boxes = DW_BOX_FORM_CXCYWH;
    row_of(values, 70, (const float[]){ 30, 40, 10, 20 }, 1, 0.8F);
    assert_true(dw_detector_yolox.inspect(outputs, &plan));
    struct dw_candidates found = { 0 };
    assert_int_equal(dw_detector_yolox.decode(&plan, outputs, 0.4, &found, NULL), 0);
    assert_int_equal(found.count, 1);
    assert_box(&found.items[0], (const double[]){ 25, 30, 35, 50 }, 0.8);
    free(found.items);
}

static void another_count_of_cells_is_another_layout(void **state)
{
    (void)state;
    static float values[(CELLS + 1) * WIDTH];
    struct dw_decode_plan plan = plan_make();
    struct dw_tensor item = table_make("output", CELLS + 1, WIDTH, values);
    assert_false(dw_detector_yolox.inspect((struct dw_tensors){ &item, 1 }, &plan));
    item = table_make("output", CELLS, 5, values); /* no class at all */
    assert_false(dw_detector_yolox.inspect((struct dw_tensors){ &item, 1 }, &plan));
}

static void a_class_the_model_does_not_have_is_named(void **state)
{
    (void)state;
    static float values[CELLS * WIDTH];
    const struct dw_tensor item = table_make("output", CELLS, WIDTH, values);
    const struct dw_tensors outputs = { &item, 1 };
    struct dw_decode_plan plan = plan_make();
    struct dw_candidates found = { 0 };
    struct dw_err err;
    plan.options.person_class = 80;
    assert_true(dw_detector_yolox.inspect(outputs, &plan));
    assert_int_equal(dw_detector_yolox.decode(&plan, outputs, 0.4, &found, &err), -EINVAL);
    assert_string_equal(err.text, "its output has no class 80 or changed its shape");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_from_cells_become_pixels),
        cmocka_unit_test(boxes_the_model_has_finished_are_taken_as_they_are),
        cmocka_unit_test(another_count_of_cells_is_another_layout),
        cmocka_unit_test(a_class_the_model_does_not_have_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
