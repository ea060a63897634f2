/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "onnx/sidecar.h"

static int parse(struct dw_model_options *options, const char *text, struct dw_err *err)
{
    dw_model_options_init(options);
    return dw_sidecar_parse(options, text, strlen(text), "person.json", err);
}

static void every_key_is_read(void **state)
{
    (void)state;
    struct dw_model_options options;
    struct dw_err err = { { 0 } };
    const char *text =
        "{\"layout\": \"ssd\", \"channels\": \"rgb\", \"fit\": \"stretch\","
        " \"boxes\": \"y1x1y2x2\", \"units\": \"pixels\", \"activation\": \"softmax\","
        " \"mean\": [1, 2.5, 3], \"std\": [4, 5, 6.25], \"pad\": 114, \"person_class\": 3,"
        " \"width\": 300, \"height\": 200, \"bins\": 8, \"score\": 0.25, \"nms\": 1,"
        " \"outputs\": {\"scores\": \"s\", \"boxes\": \"b\", \"boxes_64\": \"last\"}}";
    assert_int_equal(parse(&options, text, &err), 0);
    assert_string_equal(options.layout, "ssd");
    assert_int_equal(options.channels, DW_CHANNELS_RGB);
    assert_int_equal(options.fit, DW_FIT_STRETCH);
    assert_int_equal(options.boxes, DW_BOX_FORM_Y1X1Y2X2);
    assert_int_equal(options.units, DW_UNITS_PIXELS);
    assert_int_equal(options.activation, DW_ACTIVATION_SOFTMAX);
    assert_true(fabs((double)options.mean[1] - 2.5) < 1e-9);
    assert_true(fabs((double)options.std[2] - 6.25) < 1e-9);
    assert_int_equal(options.pad, 114);
    assert_int_equal(options.person_class, 3);
    assert_int_equal(options.width_px, 300);
    assert_int_equal(options.height_px, 200);
    assert_int_equal(options.bins, 8);
    assert_true(fabs(options.score - 0.25) < 1e-9 && options.nms >= 1);
    assert_string_equal(options.outputs[DW_OUTPUT_SCORES], "s");
    assert_string_equal(options.outputs[DW_OUTPUT_BOXES], "b");
    assert_string_equal(options.outputs[DW_OUTPUT_BOXES_64], "last");
}

static void what_is_not_said_stays_unset_until_filled(void **state)
{
    (void)state;
    struct dw_model_options options, defaults = {
        .channels = DW_CHANNELS_BGR,
        .fit = DW_FIT_CORNER,
        .boxes = DW_BOX_FORM_GRID,
        .units = DW_UNITS_PIXELS,
        .activation = DW_ACTIVATION_NONE,
        .mean = { 1, 1, 1 },
        .std = { 2, 2, 2 },
        .pad = 7,
        .person_class = 4,
        .score = 0.5,
        .nms = 0.25,
    };
    struct dw_err err;
    assert_int_equal(parse(&options, "{\"pad\": 0, \"score\": 0, \"channels\": \"rgb\"}", &err), 0);
    assert_int_equal(options.person_class, -1);
    assert_true(options.nms < 0);
    dw_model_options_fill(&options, &defaults);
    assert_int_equal(options.pad, 0);
    assert_true(options.score <= 0);
    assert_int_equal(options.channels, DW_CHANNELS_RGB);
    assert_int_equal(options.fit, DW_FIT_CORNER);
    assert_int_equal(options.boxes, DW_BOX_FORM_GRID);
    assert_int_equal(options.units, DW_UNITS_PIXELS);
    assert_int_equal(options.activation, DW_ACTIVATION_NONE);
    assert_int_equal(options.person_class, 4);
    assert_true(options.std[2] > 1.9F && options.nms > 0.2);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        { "", "person.json line 1: not JSON: '[' or '{' expected near end of file" },
        { "{\"layout\": \"yolox\"", "person.json line 1: not JSON: '}' expected near end of file" },
        { "{\"pad\": 1, \"pad\": 2}", "person.json line 1: not JSON: duplicate object key near "
                                      "'\"pad\"'" },
        { "[]", "person.json: wants an object {\"layout\": ...}" },
        { "{\"layuot\": \"yolox\"}",
          "person.json: there is no key \"layuot\"; did you mean \"layout\"?" },
        { "{\"person-class\": 0}",
          "person.json: there is no key \"person-class\"; did you mean \"person_class\"?" },
        { "{\"colour of the sky\": 0}",
          "person.json: there is no key \"colour of the sky\"; docs/models.md lists them" },
        { "{\"layout\": \"yolo\"}", "person.json: \"layout\" wants one of \"nanodet\", \"yolox\", "
                                    "\"ssd\", \"detr\", got \"yolo\"" },
        { "{\"layout\": 5}", "person.json: \"layout\" wants one of \"nanodet\", \"yolox\", "
                             "\"ssd\", \"detr\", got 5" },
        { "{\"channels\": null}", "person.json: \"channels\" wants one of \"bgr\", \"rgb\", got "
                                  "null" },
        { "{\"pad\": 256}", "person.json: \"pad\" wants a whole number from 0 to 255, got 256" },
        { "{\"pad\": 1.5}", "person.json: \"pad\" wants a whole number from 0 to 255, got 1.5" },
        { "{\"pad\": \"1\"}",
          "person.json: \"pad\" wants a whole number from 0 to 255, got \"1\"" },
        { "{\"person_class\": -1}", "person.json: \"person_class\" wants a whole number from 0 to "
                                    "1e+06, got -1" },
        { "{\"score\": true}", "person.json: \"score\" wants a number from 0 to 1, got true" },
        { "{\"nms\": 1.01}", "person.json: \"nms\" wants a number from 0 to 1, got 1.01" },
        { "{\"std\": [1, 0, 1]}", "person.json: \"std\" wants a number from 1e-06 to 1e+06, got "
                                  "0" },
        { "{\"std\": [1, {}, 1]}", "person.json: \"std\" wants a number from 1e-06 to 1e+06, got "
                                   "an object" },
        { "{\"mean\": [1, 2], \"std\": [1, 1, 1]}", "person.json: \"mean\" wants a list of three "
                                                    "numbers, one a colour, got a list of 2" },
        { "{\"mean\": 1, \"std\": [1, 1, 1]}", "person.json: \"mean\" wants a list of three "
                                               "numbers, one a colour, got 1" },
        { "{\"mean\": [1, 2, 3]}", "person.json: \"mean\" wants \"std\" beside it" },
        { "{\"outputs\": false}",
          "person.json: \"outputs\" wants {\"scores\": \"NAME\", ...}, got false" },
        { "{\"outputs\": {\"score\": \"x\"}}",
          "person.json: there is no output \"score\"; did you mean \"scores\"?" },
        { "{\"outputs\": {\"scores\": \"\"}}", "person.json: \"scores\" wants the name of one of "
                                               "the model's outputs, got \"\"" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        struct dw_model_options options;
        struct dw_err err = { { 0 } };
        assert_int_equal(parse(&options, cases[i].text, &err), -EINVAL);
        assert_string_equal(err.text, cases[i].sentence);
    }
}

static void the_sidecar_lies_beside_its_model(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "person.onnx", "person.json" },
        { "/a.b/person.v2.onnx", "/a.b/person.v2.json" },
        { "/a.b/person", "/a.b/person.json" },
    };
    for (size_t i = 0; i < DW_LENGTH(cases); i++) {
        char path[64];
        dw_sidecar_path(path, sizeof(path), cases[i][0]);
        assert_string_equal(path, cases[i][1]);
    }
}

static void no_sidecar_is_no_failure_but_a_folder_is(void **state)
{
    (void)state;
    struct dw_model_options options;
    struct dw_err err = { { 0 } };
    dw_model_options_init(&options);
    assert_int_equal(dw_sidecar_load(&options, "no-such-file.json", &err), -ENOENT);
    assert_string_equal(err.text, "");
    assert_int_equal(dw_sidecar_load(&options, "/", &err), -EINVAL);
    assert_string_equal(err.text, "/: cannot be read");
    assert_int_equal(dw_sidecar_load(&options, "/dev/zero", &err), -EINVAL);
    assert_string_equal(err.text, "/dev/zero: too long for the notes on a model");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(what_is_not_said_stays_unset_until_filled),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(the_sidecar_lies_beside_its_model),
        cmocka_unit_test(no_sidecar_is_no_failure_but_a_folder_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
