/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "command_fixture.h"
#include "detect/detector.h"
#include "onnx/runtime.h"

static int doctor(const char *arguments)
{
    return run_command(dw_cmd_doctor, arguments);
}

static void what_is_missing_comes_with_how_to_get_it(void **state)
{
    (void)state;
    setenv("DWELL_ONNXRUNTIME", "/no/such/library.so", 1);
    assert_int_equal(doctor(""), 1);
    assert_says("missing  ONNX Runtime  DWELL_ONNXRUNTIME: cannot read '/no/such/library.so'");
    assert_says("until it is there nothing can be measured");
    assert_null(strchr(output, '\033'));
    assert_int_equal(doctor("--json"), 1);
    assert_says("\"can_measure\":false");
    assert_says("{\"name\":\"ONNX Runtime\",\"status\":\"missing\"");
    unsetenv("DWELL_ONNXRUNTIME");
}

static void a_machine_that_can_measure_says_how_fast(void **state)
{
    (void)state;
    char path[4096];
    if (dw_runtime_find(path, sizeof(path), NULL) != 0 ||
        dw_model_find(path, sizeof(path), NULL, NULL) != 0)
        return; /* not this machine */
    assert_int_equal(doctor("--json"), 0);
    assert_says("\"can_measure\":true,\"load_ms\":");
    assert_says("{\"name\":\"model\",\"status\":\"ok\"");
    assert_says("pictures a second on each core");
}

static void a_model_that_cannot_be_read_is_named(void **state)
{
    (void)state;
    char path[4096];
    if (dw_runtime_find(path, sizeof(path), NULL) != 0)
        return;
    assert_int_equal(doctor("--model /no/such/model.onnx"), 1);
    assert_says("missing  model         model '/no/such/model.onnx': no such file");
}

static void wrong_usage_is_two_and_help_is_zero(void **state)
{
    (void)state;
    assert_int_equal(doctor("--help"), 0);
    assert_says("usage: dwell doctor");
    assert_int_equal(doctor("please"), 2);
    assert_int_equal(doctor("--jsn"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_comes_with_how_to_get_it),
        cmocka_unit_test(a_machine_that_can_measure_says_how_fast),
        cmocka_unit_test(a_model_that_cannot_be_read_is_named),
        cmocka_unit_test(wrong_usage_is_two_and_help_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
