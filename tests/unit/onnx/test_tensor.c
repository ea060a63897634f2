/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "onnx/tensor.h"

static void lists_are_told_from_feature_maps(void **state)
{
    (void)state;
    static const struct {
        size_t rank;
        int64_t shape[5];
        bool table;
        size_t rows, width;
    } cases[] = {
        { 3, { 1, 3549, 85 }, true, 3549, 85 },  { 4, { 1, 1917, 1, 4 }, true, 1917, 4 },
        { 4, { 1, 1, 1917, 4 }, true, 1917, 4 }, { 2, { 100, 4 }, true, 100, 4 },
        { 2, { 1, 100 }, true, 100, 1 },         { 1, { 100 }, true, 100, 1 },
        { 3, { 1, 0, 4 }, true, 0, 4 },          { 4, { 1, 85, 52, 52 }, false, 0, 0 },
        { 3, { 2, 3549, 85 }, false, 0, 0 },     { 0, { 0 }, false, 0, 0 },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_tensor tensor = { .element = DW_ELEMENT_FLOAT, .rank = cases[i].rank };
        struct dw_table table = { 0 };
        for (size_t j = 0; j < cases[i].rank; j++)
            tensor.shape[j] = cases[i].shape[j];
        assert_int_equal(dw_tensor_table(&tensor, &table), cases[i].table);
        assert_int_equal(table.rows, cases[i].rows);
        assert_int_equal(table.width, cases[i].width);
        tensor.element = DW_ELEMENT_INT64;
        assert_false(dw_tensor_table(&tensor, &table));
    }
}

static void size_is_in_bytes_and_zero_when_unknown(void **state)
{
    (void)state;
    struct dw_tensor tensor = { .element = DW_ELEMENT_FLOAT, .rank = 2, .shape = { 3, 5 } };
    assert_int_equal(dw_tensor_size(&tensor), 60);
    tensor.element = DW_ELEMENT_INT64;
    assert_int_equal(dw_tensor_size(&tensor), 120);
    tensor.element = DW_ELEMENT_UINT8;
    assert_int_equal(dw_tensor_size(&tensor), 15);
    tensor.element = DW_ELEMENT_OTHER;
    assert_int_equal(dw_tensor_size(&tensor), 0);
    tensor = (struct dw_tensor){ .element = DW_ELEMENT_FLOAT, .rank = 2, .shape = { 3, -1 } };
    assert_int_equal(dw_tensor_size(&tensor), 0);
    tensor = (struct dw_tensor){ .element = DW_ELEMENT_FLOAT,
                                 .rank = 2,
                                 .shape = { INT64_MAX, INT64_MAX } };
    assert_int_equal(dw_tensor_size(&tensor), 0);
}

static void a_description_names_shapes_and_says_when_it_is_cut(void **state)
{
    (void)state;
    const struct dw_tensor items[] = {
        { .name = "boxes", .rank = 3, .shape = { 1, 100, 4 } },
        { .name = "scores", .rank = 2, .shape = { 1, 100 } },
        { .name = "text" },
    };
    const struct dw_tensors tensors = { items, DW_LENGTH(items) };
    char text[64], little[16];
    assert_string_equal(dw_tensors_describe(text, sizeof(text), tensors),
                        "boxes [1,100,4], scores [1,100], text []");
    assert_string_equal(dw_tensors_describe(little, sizeof(little), tensors), "boxes [1,100...");
    assert_int_equal(dw_tensors_find(tensors, "scores"), 1);
    assert_int_equal(dw_tensors_find(tensors, "score"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_told_from_feature_maps),
        cmocka_unit_test(size_is_in_bytes_and_zero_when_unknown),
        cmocka_unit_test(a_description_names_shapes_and_says_when_it_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
