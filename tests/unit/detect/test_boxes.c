/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include <errno.h>
#include <string.h>

enum { ROWS = 5 };

static float boxes[ROWS * 4], scores[ROWS * 91];

static void clear(void)
{
    memset(boxes, 0, sizeof(boxes));
    memset(scores, 0, sizeof(scores));
}

static void set_box(size_t row, double a, double b, double c, double d)
{
    const double values[4] = { a, b, c, d };
    for (size_t i = 0; i < 4; i++)
        boxes[row * 4 + i] = (float)values[i];
}

/* Decodes and wants one person with these corners and this score. */
static void assert_one(const struct dw_detector_impl *impl, const struct dw_decode_plan *plan,
                       struct dw_tensors outputs, const double corners[4], double score)
{
    struct dw_candidates found = { 0 };
    struct dw_err err = { { 0 } };
    if (impl->decode(plan, outputs, 0.4, &found, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(found.count, 1);
    assert_box(&found.items[0], corners, score);
    free(found.items);
}

static void tensorflow_ssd_puts_y_first_and_background_before_people(void **state)
{
    (void)state;
    clear();
    set_box(3, 0.25, 0.5, 0.75, 1);
    scores[3 * 91 + 1] = 0.75F;
    scores[2 * 91] = 1; /* background */
    const struct dw_tensor items[] = {
        { "scores", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 91 }, scores },
        { "boxes", DW_ELEMENT_FLOAT, 4, { 1, ROWS, 1, 4 }, boxes },
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    plan.interleaved = true;
    assert_true(dw_detector_ssd.inspect(outputs, &plan));
    assert_one(&dw_detector_ssd, &plan, outputs, (const double[]){ 32, 16, 64, 48 }, 0.75);
}

static void the_sidecar_turns_ssd_boxes_and_scores(void **state)
{
    (void)state;
    clear();
    set_box(0, 10, 20, 30, 40);
    scores[0] = logf(3); /* of two classes: softmax gives 3/4 */
    const struct dw_tensor items[] = {
        { "a", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 4 }, boxes },
        { "b", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 2 }, scores },
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    memcpy(plan.options.layout, "ssd", sizeof("ssd"));
    plan.options.person_class = 0;
    plan.options.units = DW_UNITS_PIXELS;
    plan.options.activation = DW_ACTIVATION_SOFTMAX;
    assert_true(dw_detector_ssd.inspect(outputs, &plan));
    struct dw_candidates found = { 0 };
    assert_int_equal(dw_detector_ssd.decode(&plan, outputs, 0.6, &found, NULL), 0);
    assert_int_equal(found.count, 1);
    assert_box(&found.items[0], (const double[]){ 10, 20, 30, 40 }, 0.75);
    free(found.items);
}

static void few_rows_without_a_word_are_not_ssd(void **state)
{
    (void)state;
    const struct dw_tensor items[] = {
        { "boxes", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 4 }, boxes },
        { "scores", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 80 }, scores },
    };
    struct dw_decode_plan plan = plan_make();
    assert_false(dw_detector_ssd.inspect((struct dw_tensors){ items, 2 }, &plan));
}

static void detr_queries_have_centres_and_logits(void **state)
{
    (void)state;
    clear();
    set_box(4, 0.5, 0.5, 0.25, 0.5);
    for (size_t i = 0; i < (size_t)ROWS * 80; i++)
        scores[i] = -10;
    scores[4 * 80] = logf(4); /* sigmoid 0.8 */
    const struct dw_tensor items[] = {
        { "logits", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 80 }, scores },
        { "pred_boxes", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 4 }, boxes },
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    assert_true(dw_detector_detr.inspect(outputs, &plan));
    assert_true(plan.options.nms >= 1);
    assert_one(&dw_detector_detr, &plan, outputs, (const double[]){ 24, 16, 40, 48 }, 0.8);
}

static void four_classes_are_not_taken_for_boxes(void **state)
{
    (void)state;
    const struct dw_tensor items[] = {
        { "logits", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 4 }, scores },
        { "pred_boxes", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 4 }, boxes },
    };
    struct dw_decode_plan plan = plan_make();
    assert_true(dw_detector_detr.inspect((struct dw_tensors){ items, 2 }, &plan));
    assert_int_equal(plan.boxes, 1);
    assert_int_equal(plan.scores, 0);
}

static void coco_with_gaps_has_people_in_column_one(void **state)
{
    (void)state;
    clear();
    const struct dw_tensor items[] = {
        { "dets", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 4 }, boxes },
        { "labels", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 91 }, scores },
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    memcpy(plan.options.outputs[DW_OUTPUT_SCORES], "labels",
           sizeof("labels")); /* RF-DETR calls logits so */
    set_box(1, 0.5, 0.5, 0.5, 0.5);
    for (size_t i = 0; i < (size_t)ROWS * 91; i++)
        scores[i] = -10;
    scores[91 + 1] = 0;
    assert_true(dw_detector_detr.inspect(outputs, &plan));
    assert_int_equal(plan.options.person_class, 1);
    assert_true(plan.options.std[0] < 60);
    assert_one(&dw_detector_detr, &plan, outputs, (const double[]){ 16, 16, 48, 48 }, 0.5);
}

static void labels_pick_the_people(void **state)
{
    (void)state;
    static int64_t labels[ROWS] = { 7, 7, 0, 7, 7 };
    static int32_t small_labels[ROWS] = { 7, 7, 0, 7, 7 };
    static float real_labels[ROWS] = { 7, -1, 0, 1e30F, 7 };
    clear();
    for (size_t i = 0; i < ROWS; i++) {
        set_box(i, (double)i, 10, (double)i + 20, 60);
        scores[i] = 0.9F;
    }
    struct dw_tensor items[] = {
        { "labels", DW_ELEMENT_INT64, 2, { 1, ROWS }, labels },
        { "boxes", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 4 }, boxes },
        { "scores", DW_ELEMENT_FLOAT, 2, { 1, ROWS }, scores },
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    const double corners[4] = { 2, 10, 22, 60 };
    assert_true(dw_detector_detr.inspect(outputs, &plan));
    assert_one(&dw_detector_detr, &plan, outputs, corners, 0.9);
    items[0].element = DW_ELEMENT_INT32;
    items[0].data = small_labels;
    assert_one(&dw_detector_detr, &plan, outputs, corners, 0.9);
    items[0].element = DW_ELEMENT_FLOAT;
    items[0].data = real_labels;
    assert_one(&dw_detector_detr, &plan, outputs, corners, 0.9);
}

static void lists_of_any_length_are_read(void **state)
{
    (void)state;
    static int64_t labels[2] = { 1, 1 };
    clear();
    struct dw_tensor items[] = {
        { "boxes", DW_ELEMENT_FLOAT, 2, { 0, 4 }, boxes },
        { "labels", DW_ELEMENT_INT64, 1, { 0 }, labels },
        { "scores", DW_ELEMENT_FLOAT, 1, { 0 }, scores },
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    plan.options.person_class = 1;
    assert_true(dw_detector_detr.inspect(outputs, &plan));
    struct dw_candidates found = { 0 };
    assert_int_equal(dw_detector_detr.decode(&plan, outputs, 0.4, &found, NULL), 0);
    assert_int_equal(found.count, 0);
    for (size_t i = 0; i < DW_LENGTH(items); i++)
        items[i].shape[0] = 1;
    set_box(0, 1, 2, 3, 4);
    scores[0] = 0.5F;
    assert_one(&dw_detector_detr, &plan, outputs, (const double[]){ 1, 2, 3, 4 }, 0.5);
}

static void outputs_that_changed_their_shape_are_refused(void **state)
{
    (void)state;
    struct dw_tensor items[] = {
        { "boxes", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 4 }, boxes },
        { "scores", DW_ELEMENT_FLOAT, 3, { 1, ROWS, 80 }, scores },
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    struct dw_candidates found = { 0 };
    struct dw_err err;
    assert_true(dw_detector_detr.inspect(outputs, &plan));
    items[1].shape[1] = ROWS - 1;
    assert_int_equal(dw_detector_detr.decode(&plan, outputs, 0.4, &found, &err), -EINVAL);
    assert_string_equal(err.text, "its outputs have no class 0 or changed their shape");
    items[1].shape[1] = ROWS;
    plan.options.person_class = 80;
    assert_int_equal(dw_detector_detr.decode(&plan, outputs, 0.4, &found, &err), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensorflow_ssd_puts_y_first_and_background_before_people),
        cmocka_unit_test(the_sidecar_turns_ssd_boxes_and_scores),
        cmocka_unit_test(few_rows_without_a_word_are_not_ssd),
        cmocka_unit_test(detr_queries_have_centres_and_logits),
        cmocka_unit_test(four_classes_are_not_taken_for_boxes),
        cmocka_unit_test(coco_with_gaps_has_people_in_column_one),
        cmocka_unit_test(labels_pick_the_people),
        cmocka_unit_test(lists_of_any_length_are_read),
        cmocka_unit_test(outputs_that_changed_their_shape_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
