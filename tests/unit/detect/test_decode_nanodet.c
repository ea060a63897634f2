/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include <errno.h>

enum { CELLS_8 = 64, CELLS_16 = 16, CELLS_32 = 4, CELLS = 84, CLASSES = 80, BINS = 8 };

/* Where one grid's numbers are in a hand-made output. */
struct slot {
    float *scores, *boxes; /* of the grid's first cell */
    size_t scores_width, boxes_width;
};

/* All weight on one bin: the distance is that bin. */
static void set_cell(const struct slot *slot, size_t cell, float score, const size_t bins[4])
{
    slot->scores[cell * slot->scores_width] = score;
    for (size_t side = 0; side < 4; side++)
        slot->boxes[cell * slot->boxes_width + side * BINS + bins[side]] = 50;
}

/* The grids one after the other in tensors for all. */
static void lay_slots(struct slot slots[3], float *scores, size_t scores_width, float *boxes,
                      size_t boxes_width)
{
    const size_t first[3] = { 0, CELLS_8, CELLS_8 + CELLS_16 };
    for (size_t i = 0; i < 3; i++)
        slots[i] = (struct slot){ scores + first[i] * scores_width, boxes + first[i] * boxes_width,
                                  scores_width, boxes_width };
}

/* Cell (3,2) of stride 8, cell (1,0) of stride 32. */
static void set_two_people(const struct slot slots[3])
{
    set_cell(&slots[0], 2 * 8 + 3, 0.9F, (const size_t[]){ 1, 2, 3, 4 });
    set_cell(&slots[2], 1, 0.5F, (const size_t[]){ 1, 0, 1, 1 });
}

static void assert_two_people(const struct dw_decode_plan *plan, struct dw_tensors outputs)
{
    struct dw_candidates found = { 0 };
    struct dw_err err;
    double near = plan->cell_center * 8, far = plan->cell_center * 32;
    assert_int_equal(dw_detector_nanodet.decode(plan, outputs, 0.4, &found, &err), 0);
    assert_int_equal(found.count, 2);
    assert_box(&found.items[0],
               (const double[]){ 24 + near - 8, 16 + near - 16, 24 + near + 24, 16 + near + 32 },
               0.9);
    assert_box(&found.items[1], (const double[]){ 32 + far - 32, far, 32 + far + 32, far + 32 },
               0.5);
    free(found.items);
}

static void grids_in_tensors_of_their_own_are_read(void **state)
{
    (void)state;
    static float s8[CELLS_8 * CLASSES], s16[CELLS_16 * CLASSES], s32[CELLS_32 * CLASSES];
    static float b8[CELLS_8 * 4 * BINS], b16[CELLS_16 * 4 * BINS], b32[CELLS_32 * 4 * BINS];
    const struct slot slots[3] = {
        { s8, b8, CLASSES, 4 * BINS },
        { s16, b16, CLASSES, 4 * BINS },
        { s32, b32, CLASSES, 4 * BINS },
    };
    const struct dw_tensor items[] = {
        table_make("dis_8", CELLS_8, 4 * BINS, b8),
        table_make("cls_8", CELLS_8, CLASSES, s8),
        table_make("cls_16", CELLS_16, CLASSES, s16),
        table_make("dis_16", CELLS_16, 4 * BINS, b16),
        table_make("dis_32", CELLS_32, 4 * BINS, b32),
        table_make("cls_32", CELLS_32, CLASSES, s32),
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    set_two_people(slots);
    assert_true(dw_detector_nanodet.inspect(outputs, &plan));
    assert_int_equal(plan.bins, BINS);
    assert_int_equal(plan.options.channels, DW_CHANNELS_BGR);
    assert_two_people(&plan, outputs);
}

static void scores_and_boxes_side_by_side_in_one_tensor_are_read(void **state)
{
    (void)state;
    enum { WIDTH = CLASSES + 4 * BINS };
    static float all[CELLS * WIDTH];
    struct slot slots[3];
    lay_slots(slots, all, WIDTH, all + CLASSES, WIDTH);
    const struct dw_tensor item = table_make("output", CELLS, WIDTH, all);
    const struct dw_tensors outputs = { &item, 1 };
    struct dw_decode_plan plan = plan_make();
    set_two_people(slots);
    assert_true(dw_detector_nanodet.inspect(outputs, &plan));
    assert_two_people(&plan, outputs);
}

static void one_combined_tensor_a_grid_is_read(void **state)
{
    (void)state;
    enum { WIDTH = CLASSES + 4 * BINS };
    static float o8[CELLS_8 * WIDTH], o16[CELLS_16 * WIDTH], o32[CELLS_32 * WIDTH];
    const struct slot slots[3] = {
        { o8, o8 + CLASSES, WIDTH, WIDTH },
        { o16, o16 + CLASSES, WIDTH, WIDTH },
        { o32, o32 + CLASSES, WIDTH, WIDTH },
    };
    const struct dw_tensor items[] = {
        table_make("a", CELLS_8, WIDTH, o8),
        table_make("b", CELLS_16, WIDTH, o16),
        table_make("c", CELLS_32, WIDTH, o32),
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    set_two_people(slots);
    assert_true(dw_detector_nanodet.inspect(outputs, &plan));
    assert_two_people(&plan, outputs);
}

static void a_fourth_grid_means_nanodet_plus_and_corners_of_cells(void **state)
{
    (void)state;
    enum { WIDTH = CLASSES + 4 * BINS };
    static float all[(CELLS + 1) * WIDTH];
    struct slot slots[3];
    lay_slots(slots, all, WIDTH, all + CLASSES, WIDTH);
    const struct dw_tensor item = table_make("output", CELLS + 1, WIDTH, all);
    const struct dw_tensors outputs = { &item, 1 };
    struct dw_decode_plan plan = plan_make();
    set_two_people(slots);
    assert_true(dw_detector_nanodet.inspect(outputs, &plan));
    assert_int_equal(plan.grid_count, 4);
    assert_true(plan.cell_center <= 0);
    assert_two_people(&plan, outputs);
}

static void names_in_the_sidecar_settle_what_shapes_leave_open(void **state)
{
    (void)state;
    enum { ODD = 44 }; /* classes that look like the bins of a box */
    static float scores[CELLS * ODD], boxes[CELLS * 4 * BINS];
    const struct dw_tensor items[] = {
        table_make("x", CELLS, ODD, scores),
        table_make("y", CELLS, 4 * BINS, boxes),
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct slot slots[3];
    lay_slots(slots, scores, ODD, boxes, (size_t)4 * BINS);
    set_two_people(slots);
    struct dw_decode_plan plan = plan_make();
    assert_false(dw_detector_nanodet.inspect(outputs, &plan));
    plan = plan_make();
    plan.options.outputs[DW_OUTPUT_SCORES_8][0] = 'x';
    plan.options.outputs[DW_OUTPUT_BOXES_8][0] = 'y';
    assert_true(dw_detector_nanodet.inspect(outputs, &plan));
    assert_two_people(&plan, outputs);
}

static void the_distance_is_the_expected_bin(void **state)
{
    (void)state;
    static float scores[CELLS], boxes[CELLS * 4 * BINS];
    const struct dw_tensor items[] = {
        table_make("scores", CELLS, 1, scores),
        table_make("boxes", CELLS, 4 * BINS, boxes),
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    scores[0] = 1.5F; /* more than sure is sure */
    scores[1] = nanf("");
    /* equal logits: the mean of 0..7; logits of log 1 and log 3 on bins 2 and 6: 5 */
    for (size_t i = 0; i < BINS; i++)
        boxes[BINS + i] = -100;
    boxes[BINS + 2] = 0;
    boxes[BINS + 6] = logf(3);
    assert_true(dw_detector_nanodet.inspect(outputs, &plan));
    struct dw_candidates found = { 0 };
    assert_int_equal(dw_detector_nanodet.decode(&plan, outputs, 0.01, &found, NULL), 0);
    assert_int_equal(found.count, 1);
    assert_box(&found.items[0], (const double[]){ 4 - 28, 4 - 40, 4 + 28, 4 + 28 }, 1);
    free(found.items);
}

static void a_class_the_model_does_not_have_is_named(void **state)
{
    (void)state;
    static float scores[CELLS * CLASSES], boxes[CELLS * 4 * BINS];
    const struct dw_tensor items[] = {
        table_make("scores", CELLS, CLASSES, scores),
        table_make("boxes", CELLS, 4 * BINS, boxes),
    };
    const struct dw_tensors outputs = { items, DW_LENGTH(items) };
    struct dw_decode_plan plan = plan_make();
    struct dw_candidates found = { 0 };
    struct dw_err err;
    plan.options.person_class = CLASSES;
    assert_true(dw_detector_nanodet.inspect(outputs, &plan));
    assert_int_equal(dw_detector_nanodet.decode(&plan, outputs, 0.5, &found, &err), -EINVAL);
    assert_string_equal(err.text, "its outputs have no class 80 or changed their shape");
}

static void other_layouts_are_left_alone(void **state)
{
    (void)state;
    static float values[CELLS * 85];
    const struct dw_tensor item = table_make("output", CELLS, 85, values);
    struct dw_decode_plan plan = plan_make();
    assert_false(dw_detector_nanodet.inspect((struct dw_tensors){ &item, 1 }, &plan));
    assert_false(dw_detector_nanodet.inspect((struct dw_tensors){ NULL, 0 }, &plan));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_in_tensors_of_their_own_are_read),
        cmocka_unit_test(scores_and_boxes_side_by_side_in_one_tensor_are_read),
        cmocka_unit_test(one_combined_tensor_a_grid_is_read),
        cmocka_unit_test(a_fourth_grid_means_nanodet_plus_and_corners_of_cells),
        cmocka_unit_test(names_in_the_sidecar_settle_what_shapes_leave_open),
        cmocka_unit_test(the_distance_is_the_expected_bin),
        cmocka_unit_test(a_class_the_model_does_not_have_is_named),
        cmocka_unit_test(other_layouts_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
